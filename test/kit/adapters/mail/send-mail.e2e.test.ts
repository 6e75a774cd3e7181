import { once } from 'node:events';
import net from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { parseMailServer } from '../../../../src/kit/adapters/mail/mail-server.js';
import { probeMailServer, sendMail } from '../../../../src/kit/adapters/mail/send-mail.js';
import { OperatorError } from '../../../../src/kit/errors/operator-error.js';
import { Secret } from '../../../../src/kit/config/secret.js';
import { freePort } from '../../../support/live/free-port.js';
import { startSmtpServer, type SmtpMode, type SmtpServer } from '../../../support/smtp-server.js';

let server: SmtpServer | null = null;
const start = async (mode: SmtpMode, auth: 'auth' | 'open'): Promise<number> => {
  server = await startSmtpServer(mode, auth);
  return server.port;
};
afterEach(async () => {
  await server?.stop();
  server = null;
});

const mail = { from: 'bbb2pod@univ.fr', to: 'a@univ.fr, b@univ.fr', subject: 'Échec', text: 'Réunion\n.\n' };
const at = (url: string) => parseMailServer(new Secret(url));

describe('sendMail', () => {
  it('delivers to every recipient of a plain relay', async () => {
    const port = await start('plain', 'open');
    await sendMail(at(`smtp://127.0.0.1:${port}`), mail);
    await expect.poll(() => server?.taken.length).toBe(1);
    expect(server?.taken[0]).toMatchObject({
      from: 'bbb2pod@univ.fr',
      to: ['a@univ.fr', 'b@univ.fr'],
      tls: false,
    });
    const body = server?.taken[0]?.data.split('\r\n\r\n')[1] ?? '';
    expect(Buffer.from(body, 'base64').toString()).toBe('Réunion\r\n.\r\n');
  });

  it('encrypts when the server offers it, and logs in', async () => {
    const port = await start('starttls', 'auth');
    await sendMail(at(`smtp://bbb2pod:p%40ss%3Aw@127.0.0.1:${port}`), mail);
    await expect.poll(() => server?.taken[0]?.tls).toBe(true);
  });

  it('speaks TLS from the first byte with smtps', async () => {
    const port = await start('smtps', 'open');
    await probeMailServer(at(`smtps://127.0.0.1:${port}`));
    await sendMail(at(`smtps://127.0.0.1:${port}`), mail);
    await expect.poll(() => server?.taken.length).toBe(1);
  });

  it('says what the server answered, and never the password', async () => {
    const port = await start('starttls', 'auth');
    const error = await sendMail(at(`smtp://bbb2pod:wrong-one@127.0.0.1:${port}`), mail, {
      timeoutMs: 5000,
    }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(OperatorError);
    expect((error as OperatorError).code).toBe('mail-not-sent');
    expect((error as OperatorError).message).toContain('535');
    expect((error as OperatorError).message).not.toContain('wrong-one');
  });

  it('gives up on a server that refuses or says nothing', async () => {
    await expect(sendMail(at(`smtp://127.0.0.1:${await freePort()}`), mail)).rejects.toThrow(/ECONNREFUSED/);
    const silent = net.createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as net.AddressInfo;
    await expect(sendMail(at(`smtp://127.0.0.1:${port}`), mail, { timeoutMs: 200 })).rejects.toThrow(
      /no answer within 0.2 s/,
    );
    silent.close();
  });
});
