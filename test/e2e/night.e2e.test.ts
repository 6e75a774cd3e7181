import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPod, type TestPod } from '../support/pod.js';
import { readMail, startSmtpServer, type SmtpServer } from '../support/smtp-server.js';
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
  const last = mail.taken.at(-1);
  return last === undefined ? '' : readMail(last).text;
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

/** A configuration that is refused for what has nothing to do with mails. */
const slips: readonly (readonly [string, string, string])[] = [
  ['an unknown key', 'config-invalid', '[recorder]\nsiez = "640x360"'],
  ['a list for a text', 'config-invalid', '[pod]\ndatabase = ["postgresql://pod:hunter2pass@db/pod"]'],
  ['a secret out of reach', 'secret-unreadable', '[pod]\ntoken_file = "/proc/nowhere/token"'],
];

it.each(slips)('%s in the configuration: a mail and a line, and no secret in them', async (_, code, slip) => {
  const directory = emptyDirectory();
  const tail = `\n[mail]\nto = "admin@univ.fr"\nsmtp = "smtp://127.0.0.1:${mail.port}"\n`;
  const head = `state_dir = "${directory}/elsewhere"\n[bbb]\nurl = "http://127.0.0.1:9"\nsecret = "s3cret-of-bbb"\n`;
  writeFileSync(path.join(directory, 'bbb2pod.toml'), `${head}${slip}${tail}`);
  const before = mail.taken.length;
  const run = await runCli(['migrate', 'recordings', '--use-import-video'], { cwd: directory });
  expect(run.status).toBe(2);
  expect(mail.taken).toHaveLength(before + 1);
  expect(lastBody()).toMatch(new RegExp(`^Why: {6}${code}`, 'm'));
  expect(`${lastBody()}${run.stderr}`).not.toMatch(/hunter2pass|s3cret-of-bbb/);
  // Mended: the line stands where the administrator looks.
  writeFileSync(path.join(directory, 'bbb2pod.toml'), head);
  const status = await runCli(['migrate', 'status'], { cwd: directory });
  expect(status.stdout).toContain(code);
});

it('says once that a file which is no TOML leaves nobody to mail', async () => {
  const directory = emptyDirectory();
  writeFileSync(path.join(directory, 'bbb2pod.toml'), '[mail\nto = "admin@univ.fr"\n');
  const run = await runCli(['migrate', 'recordings', '--use-import-video'], { cwd: directory });
  expect(run.status).toBe(2);
  expect(run.stderr.match(/No mail was sent/g)).toHaveLength(1);
});

it('tells of a line of cron that was typed wrongly', async () => {
  const directory = emptyDirectory();
  const tail = `[mail]\nto = "admin@univ.fr"\nsmtp = "smtp://127.0.0.1:${mail.port}"\n`;
  writeFileSync(path.join(directory, 'bbb2pod.toml'), `state_dir = "${directory}/state"\n${tail}`);
  const before = mail.taken.length;
  const typed = ['migrate', 'recordings', '--use-import-video'];
  await runCli([...typed, '--dry', '--maks', '3'], { cwd: directory });
  expect(mail.taken).toHaveLength(before);
  const run = await runCli([...typed, '--maks', '3'], { cwd: directory });
  expect(run.status).toBe(2);
  expect(lastBody()).toMatch(/^Why: {6}usage-invalid/m);
  const status = await runCli(['migrate', 'status'], { cwd: directory });
  expect(status.stdout).toContain('usage-invalid');
});
