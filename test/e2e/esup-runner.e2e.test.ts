import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startSampleServer, type SampleServer } from '../../src/bbb-server/sample/sample-server.js';
import { openJournal } from '../../src/kit/adapters/state/journal.js';
import { freePort } from '../support/live/free-port.js';
import { until } from '../support/live/until.js';
import { createPod, type TestPod } from '../support/pod.js';
import {
  cliJson,
  jsonLines,
  listedRecordings,
  publishRecording,
  startCli,
  type StartedCli,
} from '../support/queue-bench.js';
import { startStandInManager, type StandInManager } from '../support/recorder/stand-in-manager.js';
import { runCli, type CliResult } from './run-cli.js';

/* Claims and conversions by a manager of esup-runner, through the built command: one worker, two short presentations. */

const SECRET = 'secret-of-the-sample-server';
const TOKEN = 'token-of-the-stand-in-manager';
const idOf = (name: string): string => `${createHash('sha1').update(name).digest('hex')}-1700000000000`;
const [claimed, converted, partly] = [idOf('claimed'), idOf('converted'), idOf('partly')];
let directory = '';
let claims = '';
let pod: TestPod;
let bbb: SampleServer;
let manager: StandInManager;
let worker: StartedCli | undefined;
let workerPort = 0;

beforeAll(async () => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-e2e-runner-'));
  claims = path.join(directory, 'ftp', 'bbb');
  mkdirSync(claims, { recursive: true });
  const published = path.join(directory, 'published');
  for (const id of [claimed, converted, partly]) publishRecording(published, id, 2000);
  const recordings = await listedRecordings([claimed, converted, partly], directory);
  // Links with a token that dies, as behind Scalelite: the worker has to ask for its own.
  bbb = await startSampleServer({
    secret: SECRET,
    recordings,
    directory: published,
    protection: 'scalelite',
  });
  manager = await startStandInManager({ tokens: [TOKEN] });
  pod = await createPod({ engine: 'sqlite', version: '4.1.0' });
  workerPort = await freePort();
  const { host, port } = new URL(bbb.url);
  const common = (place: string): string =>
    `allow_hosts = ["${host}"]\nstate_dir = "${place}/state"\n[bbb]\nurl = "http://localhost:${port}"\nsecret = "${SECRET}"\n`;
  const recorder =
    `[recorder]\nmanager = "${manager.url}"\nmanager_token = "${TOKEN}"\nmanager_poll = 0.2\nsize = "640x360"\n` +
    `queue_heartbeat = 20\nqueue_retry_after = 0.5\nrunner_heartbeat = 1\nstop_after = 1\n`;
  const migrating = `${recorder}[pod]\ndatabase = "${pod.test.url}"\nrecorder_path = "${directory}/ftp/"\nfile_mode = "0664"\n`;
  for (const [name, more] of [
    ['client', migrating],
    [
      'partly',
      `retries = 0\n[bbb.away]\nurl = "http://localhost:1"\nsecret = "s"\nretries = 0\n${migrating}`,
    ],
    ['worker', `${recorder}runner_url = "http://127.0.0.1:${workerPort}"\n`],
  ] as const) {
    const place = path.join(directory, name);
    mkdirSync(place);
    writeFileSync(path.join(place, 'bbb2pod.toml'), common(place) + more);
  }
});
afterAll(async () => {
  worker?.process.kill('SIGTERM');
  await worker?.exited;
  await manager.stop();
  await bbb.close();
  await pod.drop();
  rmSync(directory, { recursive: true });
});

const client = (): string => path.join(directory, 'client');
const cli = (...args: string[]): Promise<CliResult> => runCli(args, { cwd: client() });
const claiming = ['migrate', 'recordings', '--use-manual-claim', '--queue', '--recording', claimed];
const given = (): number => manager.requests.filter((line) => line === 'POST /task/execute').length;
const streams = (file: string): string[] =>
  (
    JSON.parse(execFileSync('ffprobe', ['-v', 'error', '-of', 'json', '-show_streams', file]).toString()) as {
      streams: { codec_type: string }[];
    }
  ).streams
    .map(({ codec_type: type }) => type)
    // Chapters.
    .filter((type) => type !== 'data')
    .sort();
/** Tasks that the journal of the client has. */
const journalled = (): unknown[] => {
  const journal = openJournal(path.join(client(), 'state'));
  try {
    return journal
      .listRuns({ command: 'recorder convert' })
      .flatMap(({ id }) => [...journal.items(id)])
      .map(({ state, recordId, written }) => ({ state, recordId, written }));
  } finally {
    journal.close();
  }
};

it('waits for a runner, says so, and places the claim that it made', async () => {
  const migration = startCli(claiming, client());
  await until('it says that nobody takes it', () => migration.stderr().includes('No runner'), 30_000);
  expect(manager.tasks.size).toBe(0);
  worker = startCli(
    ['recorder', 'worker', '--engine', 'esup-runner', '--json'],
    path.join(directory, 'worker'),
  );
  expect([await migration.exited, migration.stderr()]).toEqual([
    0,
    expect.stringContaining(claimed) as string,
  ]);
  expect(migration.stdout()).toContain('1 done');
  const [file = '', ...others] = readdirSync(claims);
  expect(others).toEqual([]);
  expect(streams(path.join(claims, file))).toEqual(['audio', 'video']);
  expect(statSync(path.join(claims, file)).mode & 0o777).toBe(0o664);
  const [task, ...more] = [...manager.tasks.values()];
  expect([task?.status, more]).toEqual(['completed', []]);
  expect(task?.source_url).toMatch(
    new RegExp(`^http://localhost:\\d+/playback/presentation/2\\.3/${claimed}$`),
  );
  expect(journalled()).toEqual([{ state: 'done', recordId: claimed, written: { task: task?.task_id } }]);
  const sent = JSON.stringify(task);
  for (const kept of [SECRET, TOKEN, directory, 'token=']) expect(sent).not.toContain(kept);
  const work = path.join(client(), 'state/work');
  expect(existsSync(work) ? readdirSync(work) : []).toEqual([]);
});

it('gives nothing and makes nothing the second time', async () => {
  const [file = ''] = readdirSync(claims);
  const before = [given(), statSync(path.join(claims, file)).mtimeMs, readdirSync(claims)];
  const { status, stdout } = await cli(...claiming);
  expect([status, stdout]).toEqual([0, expect.stringContaining('0 done') as string]);
  expect([given(), statSync(path.join(claims, file)).mtimeMs, readdirSync(claims)]).toEqual(before);
});

it('converts for a directory of its own, and tells each step with its task', async () => {
  const file = path.join(directory, 'sound.m4a');
  const { status, stdout } = await cli(
    ...['recorder', 'convert', '--queue', converted, '--audio-only', '--no-extras', '--json'],
    ...['--output', file],
  );
  expect([status, streams(file)]).toEqual([0, ['audio']]);
  const task = [...manager.tasks.keys()][1];
  const steps = jsonLines(stdout).filter(({ type }) => type === 'task');
  expect(steps).toMatchObject([
    { source: converted, state: 'given', task },
    { source: converted, state: 'done', task, output: file },
  ]);
});

it('shows the manager, its runners and what became of each conversion', async () => {
  const { status, json } = await cliJson(['recorder', 'status'], client());
  expect(status).toBe(0);
  expect(json).toMatchObject({
    counts: { queued: 0, running: 0, done: 2, failed: 0, missing: 0 },
    manager: {
      url: manager.url,
      version: '1.7.1',
      tasks: { completed: 2 },
      runners: [
        { url: `http://127.0.0.1:${workerPort}`, online: true, reachable: true, available: true, task: null },
      ],
    },
  });
  const { stdout } = await cli('recorder', 'status');
  expect(stdout).toContain(manager.url);
  expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
});

it('takes the claim back', async () => {
  const { json } = await cliJson(['migrate', 'status'], client());
  const { runs } = json as { runs: { id: string }[] };
  const { stdout } = await cli('migrate', 'undo', runs[0]?.id ?? '', '--yes');
  expect(stdout).toContain('1 taken back');
  expect(readdirSync(claims)).toEqual([]);
});

it('names what the server has lost of a film that came', async () => {
  rmSync(path.join(directory, 'published/presentation', partly, 'cursor.xml'));
  const file = path.join(directory, 'without-pointer.mp4');
  const { status, stdout, stderr } = await cli('recorder', 'convert', '--queue', partly, '--output', file);
  expect([status, stderr]).toEqual([3, expect.stringContaining('missing: cursor: 404') as string]);
  expect(stdout).toContain('1 made by esup-runner');
  expect(existsSync(`${file}.missing.json`)).toBe(true);
});

it('stays for its films where another server does not answer', async () => {
  const place = path.join(directory, 'partly');
  const { status, stdout } = await runCli([...claiming.slice(0, -1), partly], { cwd: place });
  expect([status, stdout]).toEqual([3, expect.stringContaining('PARTIAL LIST') as string]);
  expect(readdirSync(claims)).toHaveLength(1);
});
