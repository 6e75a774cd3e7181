import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { freePort } from './live/free-port.js';

export type SmtpMode = 'plain' | 'starttls' | 'smtps';

export interface TakenMail {
  readonly from: string;
  readonly to: string[];
  readonly tls: boolean;
  /** As it came, headers and all. */
  readonly data: string;
}

export interface SmtpServer {
  readonly port: number;
  readonly taken: TakenMail[];
  stop(): Promise<void>;
}

/** A real SMTP server (aiosmtpd, smtp-server.py) on loopback; with `auth` it knows bbb2pod and its password. */
export async function startSmtpServer(
  mode: SmtpMode,
  auth: 'auth' | 'open',
  password = 'p@ss:w',
): Promise<SmtpServer> {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-mail-'));
  const certificate =
    '-x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=localhost';
  if (mode !== 'plain')
    execFileSync('openssl', ['req', ...certificate.split(' ')], { cwd: directory, stdio: 'ignore' });
  const port = await freePort();
  const files = ['cert.pem', 'key.pem'].map((name) => path.join(directory, name));
  const child = spawn(
    '/usr/bin/python3',
    [path.join(import.meta.dirname, 'smtp-server.py'), String(port), mode, ...files, auth, password],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const taken: TakenMail[] = [];
  let rest = '';
  await new Promise<void>((resolve, reject) => {
    child.once('exit', () => reject(new Error('the mail server did not start')));
    child.stdout.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString()).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (line === 'ready') resolve();
        else taken.push(JSON.parse(line) as TakenMail);
      }
    });
  });
  return {
    port,
    taken,
    stop: async () => {
      if (child.exitCode === null) {
        child.kill();
        await once(child, 'exit');
      }
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Subject and text of a mail of ours: encoded words (RFC 2047), a body in base64 or, of plain ASCII, as it is. */
export function readMail({ data }: TakenMail): { subject: string; text: string } {
  const gap = data.indexOf('\r\n\r\n');
  const [head, body] = [data.slice(0, gap), data.slice(gap + 4)];
  const subject = /^Subject: ((?:.|\r\n[ \t])*)/m.exec(head)?.[1] ?? '';
  return {
    subject: subject
      .replace(/\r\n[ \t]/g, '')
      .replace(/=\?utf-8\?B\?([^?]*)\?=/gi, (_, word: string) => Buffer.from(word, 'base64').toString()),
    text: /^Content-Transfer-Encoding: base64\s*$/im.test(head)
      ? Buffer.from(body, 'base64').toString()
      : body,
  };
}
