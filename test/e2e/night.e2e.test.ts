import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPod, type TestPod } from '../support/pod.js';
import { startSmtpServer, type SmtpServer } from '../support/smtp-server.js';
import { emptyDirectory, runCli } from './run-cli.js';

let mail: SmtpServer;
let pod: TestPod;
beforeAll(async () => {
  mail = await startSmtpServer('plain', 'open');
  pod = await createPod({ engine: 'sqlite', version: '3.8.4' });
});
afterAll(async () => {
  await mail.stop();
  await pod.drop();
});

const lastBody = (): string => {
  const [, body = ''] = (mail.taken.at(-1)?.data ?? '').split('\r\n\r\n');
  return Buffer.from(body, 'base64').toString('utf8');
};

/** Each ends before there is a plan. */
const faults: readonly (readonly [string, string, string])[] = [
  ['BBB down', 'http-unreachable', ''],
  ['database down', 'database-', 'database = "postgresql://pod:x@127.0.0.1:9/pod"'],
  ['a log that cannot be written', 'file-unwritable', '[log]\ndirectory = "/proc/nowhere"'],
];

it.each(faults)(
  '%s: a mail and a line of migrate status, though no plan came to be',
  async (_, code, fault) => {
    const directory = emptyDirectory();
    const isDatabase = fault.startsWith('database');
    const configuration = [
      `state_dir = "${directory}/state"`,
      '[bbb]\nurl = "http://127.0.0.1:9"\nsecret = "x"\nretries = 0',
      `[pod]\n${isDatabase ? fault : `database = "${pod.test.url}"`}`,
      `[mail]\nto = "admin@univ.fr"\nsmtp = "smtp://127.0.0.1:${mail.port}"`,
      isDatabase ? '' : fault,
    ];
    writeFileSync(path.join(directory, 'bbb2pod.toml'), configuration.join('\n'));
    const before = mail.taken.length;
    const run = await runCli(['migrate', 'recordings', '--use-import-video'], { cwd: directory });
    expect(run.status).not.toBe(0);
    expect(mail.taken).toHaveLength(before + 1);
    expect(lastBody()).toContain('Command:  bbb2pod migrate recordings --use-import-video');
    expect(lastBody()).toMatch(new RegExp(`^Why: {6}${code}`, 'm'));
    expect(lastBody()).toMatch(/^ {10}-> \S/m);
    if (fault.startsWith('[log]')) return;
    const status = await runCli(['migrate', 'status'], { cwd: directory });
    expect(status.status).toBe(0);
    expect(status.stdout).toMatch(/status [12] +migrate recordings --use-import-video/);
    expect(status.stdout).toContain(code);
    expect(status.stdout.split('\n').every((line) => line.length <= 80)).toBe(true);
  },
);
