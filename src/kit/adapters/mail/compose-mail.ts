import { randomUUID } from 'node:crypto';

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

/** The message as SMTP's DATA takes it: headers, base64 body, lines ended by CRLF (RFC 5322, 2045, 2047). */
export function composeMail({ from, to, subject, text }: Mail, at: Date): string {
  const sender = addressesOf(from)[0] ?? '';
  const body = Buffer.from(text.replace(/\r?\n/g, '\r\n'), 'utf8').toString('base64');
  return [
    `From: bbb2pod <${sender}>`,
    `To: ${addressesOf(to).join(', ')}`,
    `Subject: ${encodeHeader(subject)}`,
    `Date: ${at.toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${randomUUID()}@${sender.split('@')[1] ?? 'localhost'}>`,
    'Auto-Submitted: auto-generated',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    ...(body.match(/.{1,76}/g) ?? []),
    '',
  ].join('\r\n');
}

/** Pieces of at most 75 characters, cut between characters and never inside one. */
function encodeHeader(text: string): string {
  const oneLine = text.replace(/[\r\n]+/g, ' ');
  if (/^[\u0020-\u007e]{0,60}$/.test(oneLine)) return oneLine;
  const pieces: string[] = [];
  let piece = '';
  for (const character of oneLine) {
    if (Buffer.byteLength(piece + character) > 42) {
      pieces.push(piece);
      piece = '';
    }
    piece += character;
  }
  return [...pieces, piece]
    .map((part) => `=?utf-8?B?${Buffer.from(part).toString('base64')}?=`)
    .join('\r\n ');
}
