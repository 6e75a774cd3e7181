import { createTransport } from 'nodemailer';
import { describe, expect, it } from 'vitest';
import { addressesOf, composeMail } from '../../../../src/kit/adapters/mail/compose-mail.js';
import { parseMailServer } from '../../../../src/kit/adapters/mail/mail-server.js';
import { Secret } from '../../../../src/kit/config/secret.js';

/** The message as it goes over the wire. */
async function mail(subject: string, text = 'été\n.\nfin'): Promise<string> {
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
  const composed = composeMail({ from: 'bbb2pod@univ.fr', to: 'a@univ.fr, B <b@univ.fr>', subject, text });
  const { message } = await transport.sendMail(composed);
  return (message as Buffer).toString();
}

describe('composeMail', () => {
  it('encodes accents in subject and body', async () => {
    const message = await mail('Échec');
    expect(message).toContain('Subject: =?UTF-8?B?w4ljaGVj?=\r\n');
    expect(message).toContain('To: a@univ.fr, b@univ.fr\r\n');
    expect(Buffer.from(message.split('\r\n\r\n')[1] ?? '', 'base64').toString()).toBe('été\r\n.\r\nfin');
  });

  it('lets no line break of a title become a header', async () => {
    expect(await mail('a\r\nBcc: x@evil.fr')).not.toMatch(/^Bcc/m);
    expect(addressesOf('a@b.fr\r\nRCPT TO: x@y.fr, c@d.fr, <e\r\n@f.fr>')).toEqual(['c@d.fr']);
  });

  it('cuts a long subject between characters', async () => {
    for (const line of (await mail('é'.repeat(200))).split('\r\n'))
      expect(line.length).toBeLessThanOrEqual(100);
  });
});

describe('parseMailServer', () => {
  it.each([
    ['smtp://localhost', { host: 'localhost', port: 25, tls: false, user: null }],
    ['smtps://u%40x:p@mail.univ.fr', { host: 'mail.univ.fr', port: 465, tls: true, user: 'u@x' }],
    ['smtp://[::1]:587', { host: '::1', port: 587, tls: false }],
  ])('reads %s', (url, expected) => expect(parseMailServer(new Secret(url))).toMatchObject(expected));

  it.each(['mail.univ.fr', 'http://mail', 'smtp://u:100%@h'])('refuses %s without quoting it', (url) => {
    expect(() => parseMailServer(new Secret(url))).toThrow(/\[mail\] smtp/);
  });
});
