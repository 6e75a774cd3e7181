import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parseMailServer } from '../../../src/adapters/mail/mail-server.js';
import { probeMailServer, sendMail } from '../../../src/adapters/mail/send-mail.js';
import { OperatorError } from '../../../src/codes/operator-error.js';
import { Secret } from '../../../src/config/secret.js';

const script = path.resolve(import.meta.dirname, '../../support/smtp-server.py');
let directory = '';
let server: ChildProcess | null = null;
const taken: { from: string; to: string[]; tls: boolean; data: string }[] = [];

beforeAll(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-mail-'));
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      'key.pem',
      '-out',
      'cert.pem',
      '-days',
      '2',
      '-subj',
      '/CN=localhost',
    ],
    { cwd: directory, stdio: 'ignore' },
  );
});
afterEach(async () => {
  taken.length = 0;
  if (server?.exitCode === null) {
    server.kill();
    await once(server, 'exit');
  }
  server = null;
});
afterAll(() => rmSync(directory, { recursive: true }));

async function freePort(): Promise<number> {
  const listener = net.createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as net.AddressInfo;
  listener.close();
  await once(listener, 'close');
  return port;
}

async function start(mode: 'plain' | 'starttls' | 'smtps', auth: 'auth' | 'open'): Promise<number> {
  const port = await freePort();
  const child = spawn(
    '/usr/bin/python3',
    [script, String(port), mode, path.join(directory, 'cert.pem'), path.join(directory, 'key.pem'), auth],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  server = child;
  let rest = '';
  await new Promise<void>((resolve, reject) => {
    child.once('exit', () => reject(new Error('the mail server did not start')));
    child.stdout.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString()).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (line === 'ready') resolve();
        else taken.push(JSON.parse(line) as (typeof taken)[number]);
      }
    });
  });
  return port;
}

const mail = { from: 'bbb2pod@univ.fr', to: 'a@univ.fr, b@univ.fr', subject: 'Échec', text: 'Réunion\n.\n' };
const at = (url: string) => parseMailServer(new Secret(url));

describe('sendMail', () => {
  it('delivers to every recipient of a plain relay', async () => {
    const port = await start('plain', 'open');
    await sendMail(at(`smtp://127.0.0.1:${port}`), mail);
    expect(taken).toHaveLength(1);
    expect(taken[0]).toMatchObject({ from: 'bbb2pod@univ.fr', to: ['a@univ.fr', 'b@univ.fr'], tls: false });
    const body = taken[0]?.data.split('\r\n\r\n')[1] ?? '';
    expect(Buffer.from(body, 'base64').toString()).toBe('Réunion\r\n.\r\n');
  });

  it('encrypts when the server offers it, and logs in', async () => {
    const port = await start('starttls', 'auth');
    await sendMail(at(`smtp://bbb2pod:p%40ss%3Aw@127.0.0.1:${port}`), mail);
    expect(taken[0]?.tls).toBe(true);
  });

  it('speaks TLS from the first byte with smtps', async () => {
    const port = await start('smtps', 'open');
    await probeMailServer(at(`smtps://127.0.0.1:${port}`));
    await sendMail(at(`smtps://127.0.0.1:${port}`), mail);
    expect(taken).toHaveLength(1);
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
