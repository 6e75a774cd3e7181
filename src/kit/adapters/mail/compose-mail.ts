import type { SendMailOptions } from 'nodemailer';

export interface Mail {
  readonly from: string;
  /** One address or several, separated by commas. */
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

const ADDRESS = /^[^\s<>@,;:"()\\]+@[^\s<>@,;:"()\\]+$/;

/** The bare addresses of a list; what is none is left out. No line break survives. */
export const addressesOf = (list: string): string[] =>
  list
    .split(',')
    .map((entry) => (/<([^<>]+)>/.exec(entry)?.[1] ?? entry).trim())
    .filter((address) => ADDRESS.test(address));

/** The message for nodemailer. Titles of recordings are in the subject: they stay in one line. */
export const composeMail = ({ from, to, subject, text }: Mail): SendMailOptions => ({
  from: { name: 'bbb2pod', address: addressesOf(from)[0] ?? '' },
  to: addressesOf(to),
  subject: subject.replace(/[\r\n]+/g, ' '),
  // A text in base64 has the line ends of mail itself (RFC 2045, 6.8).
  text: text.replace(/\r?\n/g, '\r\n'),
  textEncoding: 'base64',
  // RFC 3834: no out-of-office answer to a machine.
  headers: { 'Auto-Submitted': 'auto-generated' },
  disableFileAccess: true,
  disableUrlAccess: true,
});
