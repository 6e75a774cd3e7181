import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runToEnd } from '../../src/kit/adapters/process/run-to-end.js';
import { readSampleRecordings } from '../../src/bbb-server/sample/sample-recordings.js';
import { startSampleServer, type SampleServer } from '../../src/bbb-server/sample/sample-server.js';
import { makeVideo } from '../support/make-video.js';
import { createPod, type TestPod } from '../support/pod.js';
import { root, runCli, type CliResult } from './run-cli.js';

/* Claims whose last step fails, by the built command: as an account that may not give files away, into a directory that
   takes none, and where a film cannot be placed. */

const NOBODY = 65_534;
/** A group of Pod's that the account may be put into. */
const GROUP = 4242;
let directory = '';
let claims = '';
let pod: TestPod;
let bbb: SampleServer;
let id = '';

beforeAll(async () => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-delivery-'));
  chmodSync(directory, 0o755);
  claims = path.join(directory, 'ftp/bbb');
  mkdirSync(claims, { recursive: true });
  pod = await createPod({ engine: 'sqlite', version: '4.1.0' });
  const recordings = await readSampleRecordings(path.join(root, 'fixtures/getrecordings'));
  const video = recordings.find(({ recording }) => recording.formats.some(({ type }) => type === 'video'));
  id = video?.recording.recordId ?? '';
  const folder = path.join(directory, 'published/video', id);
  mkdirSync(folder, { recursive: true });
  const format = video?.recording.formats.find(({ type }) => type === 'video');
  makeVideo(path.join(folder, 'video-0.m4v'), format?.lengthMinutes ?? 1);
  bbb = await startSampleServer({ secret: 's', recordings, directory: path.join(directory, 'published') });
  writeFileSync(
    path.join(directory, 'bbb2pod.toml'),
    `state_dir = "${directory}/state"\n[bbb]\nurl = "${bbb.url}"\nsecret = "s"\n[pod]\ndatabase = "${pod.test.url}"\nrecorder_path = "${directory}/ftp/"\n`,
  );
});
afterAll(async () => {
  await bbb.close();
  await pod.drop();
  rmSync(directory, { recursive: true });
});

const claim = (...more: string[]): string[] => [
  ...['migrate', 'recordings', '--use-manual-claim', '--recording', id, ...more],
];
const cli = (args: string[]): Promise<CliResult> => runCli(args, { cwd: directory });
const films = (): number => bbb.requests.splice(0).filter(({ path: file }) => file.endsWith('.m4v')).length;
const fileName = async (): Promise<string> => {
  const { stdout } = await cli(claim('--dry', '--json', '--recreate'));
  return /"file":\s*"([^"]+\.m4v)"/.exec(stdout)?.[1] ?? '';
};

it('keep the film that could not be placed; the next run delivers it without a second download', async () => {
  const name = await fileName();
  expect(name).not.toBe('');
  // What only fails at the very end.
  mkdirSync(path.join(claims, `${name}.part`));
  films();
  const first = await cli(claim('--json'));
  expect([first.status, first.stdout]).toEqual([3, expect.stringContaining('"claim-undelivered"') as string]);
  expect(films()).toBe(1);
  const status = await cli(['migrate', 'status']);
  expect(status.stdout).toContain('Work that is not delivered');
  expect(status.stdout).toContain(' finished ');
  const dry = await cli(['migrate', 'purge', '--older-than', '30d', '--dry']);
  expect(dry.stdout).toContain('0 pieces of undelivered work');
  rmSync(path.join(claims, `${name}.part`), { recursive: true });
  const second = await cli(claim());
  expect([second.status, films()]).toEqual([0, 0]);
  expect(readdirSync(claims)).toEqual([name]);
  expect(readdirSync(path.join(directory, 'state/work'))).toEqual([]);
  rmSync(path.join(claims, name));
});

it('are forgotten by purge', async () => {
  const name = await fileName();
  mkdirSync(path.join(claims, `${name}.part`));
  await cli(claim('--recreate'));
  expect(readdirSync(path.join(directory, 'state/work')).length).toBe(1);
  const { stdout } = await cli(['migrate', 'purge', '--older-than', '0s', '--yes']);
  expect(stdout).toContain('1 piece of undelivered work');
  expect(readdirSync(path.join(directory, 'state/work'))).toEqual([]);
  rmSync(path.join(claims, `${name}.part`), { recursive: true });
});

// Only root becomes somebody else.
it.runIf(process.getuid?.() === 0)(
  'by an account that may not give files away have the group, and doctor tries just that',
  async () => {
    const database = pod.test.url.replace(/^sqlite:/, '');
    const given = [directory, path.dirname(database), database, path.join(directory, 'state')];
    const before = given.map((file) => ({ file, ...pick(file) }));
    await runToEnd({
      file: 'chown',
      args: ['-R', String(NOBODY), path.join(directory, 'state'), database, path.dirname(database)],
      signal: never,
    });
    chownSync(claims, 0, GROUP);
    chmodSync(claims, 0o2775);
    const asAccount = async (group: number, args: string[]): Promise<{ status: number; text: string }> => {
      const { code, stdout, stderrTail } = await runToEnd({
        file: 'setpriv',
        args: [
          ...['--reuid', String(NOBODY), '--regid', String(NOBODY), '--groups', String(group), '--'],
          ...[process.execPath, path.join(root, 'bin/run.js'), ...args],
        ],
        cwd: directory,
        env: { PATH: process.env['PATH'] ?? '', HOME: directory, NODE_ENV: 'production' },
        signal: never,
        mustSucceed: false,
      });
      return { status: code ?? -1, text: `${stdout.toString()}${stderrTail.join('\n')}` };
    };
    films();
    const refused = await asAccount(NOBODY, claim('--recreate'));
    expect([refused.status, refused.text]).toEqual([
      1,
      expect.stringContaining('claim-directory-unfit') as string,
    ]);
    expect(films()).toBe(0);
    expect((await asAccount(GROUP, ['doctor'])).text).not.toContain('claim-directory-unfit');
    const taken = await asAccount(GROUP, claim('--recreate'));
    expect([taken.status, taken.text]).toEqual([0, expect.stringContaining('1 done') as string]);
    const [name = ''] = readdirSync(claims);
    const { gid, mode } = statSync(path.join(claims, name));
    expect([gid, mode & 0o777]).toEqual([GROUP, 0o664]);
    for (const { file, uid, gid: group } of before) chownSync(file, uid, group);
  },
);
const never = new AbortController().signal;
const pick = (file: string): { uid: number; gid: number } => statSync(file);
