import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { openConversionQueue } from '../../src/recorder/adapters/queue/conversion-queue.js';
import { openQueueRedis } from '../../src/recorder/adapters/queue/open-queue-redis.js';
import { readStartTime } from '../../src/kit/adapters/process/identity.js';
import { Secret } from '../../src/kit/config/secret.js';
import type { ConversionQueue } from '../../src/recorder/queue/conversion-queue.js';
import { startSampleServer, type SampleServer } from '../../src/bbb-server/sample/sample-server.js';
import type { QueueSurvey } from '../../src/recorder/queue/survey-queue.js';
import { runCli } from '../e2e/run-cli.js';
import { until } from '../support/live/until.js';
import { readFrames } from '../support/pictures.js';
import { fixtures } from '../support/presentations.js';
import { encoderSettings } from '../support/recorder/encoder-settings.js';
import { webcamFramesOff } from '../support/recorder/webcam-clock.js';
import {
  cliJson,
  jsonLines,
  listedRecordings,
  publishRecording,
  startCli,
  startQueueRedis,
  type QueueRedis,
  type StartedCli,
} from '../support/queue-bench.js';

const RECORDINGS = 6;
const SECRET = 'secret-of-the-sample-server';
const ids = Array.from(
  { length: RECORDINGS },
  (_, i) => `${createHash('sha1').update(String(i)).digest('hex')}-${1_700_000_000_000 - i}`,
);
let directory = '';
let bbb: SampleServer;
const redises: QueueRedis[] = [];
const workers: StartedCli[] = [];

beforeAll(async () => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-queue-'));
  const published = path.join(directory, 'published');
  for (const id of ids) publishRecording(published, id, 6000);
  // Single-use links: only a link asked for just before the download works.
  bbb = await startSampleServer({
    secret: SECRET,
    recordings: await listedRecordings(ids, directory),
    directory: published,
    protection: 'scalelite',
    playerPage: readFileSync(path.resolve(fixtures, '../player-stand-in/index.html'), 'utf8'),
  });
});
afterEach(async () => {
  for (const { process: child } of workers.splice(0)) child.kill('SIGKILL');
  for (const redis of redises.splice(0)) await redis.kill();
});
afterAll(async () => {
  await bbb.close();
  rmSync(directory, { recursive: true, force: true });
});

/** A site of its own: three workers on one queue, with waiting times a thirtieth of the defaults. */
async function openSite(name: string, persistent: boolean) {
  const site = path.join(directory, name);
  const output = path.join(site, 'out');
  mkdirSync(output, { recursive: true });
  const redis = await startQueueRedis(path.join(site, 'redis'), persistent);
  redises.push(redis);
  writeFileSync(path.join(site, 'queue.url'), redis.url);
  writeFileSync(
    path.join(site, 'bbb2pod.toml'),
    `state_dir = "${site}/state"\n[bbb]\nurl = "${bbb.url}"\nsecret = "${SECRET}"\n[recorder]\nqueue_file = "${site}/queue.url"\n` +
      `queue_key = "key"\noutput = "${output}"\nqueue_heartbeat = 1\nqueue_retry_after = 0.5\nstop_after = 0.2\n`,
  );
  const status = async (): Promise<QueueSurvey> =>
    (await cliJson(['recorder', 'status'], site)).json as QueueSurvey;
  /** The same from within: a look by the command line takes a second of a busy machine. */
  const look = async <T>(work: (queue: ConversionQueue) => Promise<T>): Promise<T> => {
    const connection = await openQueueRedis(new Secret(redis.url), new AbortController().signal);
    const queue = await openConversionQueue(connection, { attempts: 3, retryAfterMs: 500, key: 'key' });
    try {
      return await work(queue);
    } finally {
      await queue.close();
    }
  };
  const startWorker = (): StartedCli => {
    const worker = startCli(['recorder', 'worker', '--json'], site);
    workers.push(worker);
    return worker;
  };
  const made = (): string[] => readdirSync(output).filter((file) => file.endsWith('.m4a'));
  return { site, output, redis, status, look, startWorker, made };
}

const QUEUE = ['recorder', 'convert', '--queue'];
const enqueue = [...QUEUE, '--audio-only', '--no-extras', '--output', 'out/'];

it.each([
  { name: 'volatile', persistent: false },
  { name: 'persistent', persistent: true },
])('three workers survive kill -9 of one and of a $name Redis', async ({ name, persistent }) => {
  const { site, output, redis, status, look, startWorker, made } = await openSite(name, persistent);
  const first = await runCli(enqueue, { cwd: site });
  expect(first.stdout).toContain(`${RECORDINGS} enqueued`);
  // Nothing that leads anywhere by itself is in Redis or in the journal.
  const keys = (await redis.cli('--scan')).split('\n').filter((key) => key.includes(ids[0] ?? ''));
  expect(keys).toHaveLength(1);
  const stored = await redis.cli('hgetall', keys[0] ?? '');
  expect(stored).toContain(ids[0]);
  expect(stored).not.toMatch(/http|token|secret|cookie/i);
  expect((await redis.cli('--scan')).split('\n').every((key) => key.startsWith('bbb2pod:'))).toBe(true);

  const started = [startWorker(), startWorker(), startWorker()];
  let victim: string | null = null;
  await until('a worker has a job', async () => {
    victim = (await look((queue) => queue.list('running', 1)))[0]?.worker ?? null;
    return victim !== null;
  });
  process.kill(Number(String(victim).split('/')[1]), 'SIGKILL');
  await until('something is made', () => made().length > 0);
  await redis.kill();
  await new Promise((resolve) => setTimeout(resolve, 500));
  await redis.start();

  if (!persistent) {
    // What ran goes on without Redis; what waited is forgotten, and said to be.
    await until('the running ones end', () =>
      started.every(({ stdout, process: child }) => {
        const lines = jsonLines(stdout());
        const starts = lines.filter(({ type }) => type === 'start').length;
        return (
          child.exitCode !== null ||
          child.signalCode !== null ||
          starts === lines.filter(({ type }) => type === 'item').length
        );
      }),
    );
    const { missing, counts } = await status();
    expect(missing.length).toBeGreaterThan(0);
    expect(missing.length).toBe(RECORDINGS - made().length);
    expect(counts.queued).toBe(0);
    const told = await runCli(['recorder', 'status'], { cwd: site });
    expect(told.stdout).toContain('recorder convert --queue --resume');
    const resumed = await runCli(['recorder', 'convert', '--queue', '--resume', 'last'], { cwd: site });
    expect(resumed.stdout).toContain(`${missing.length} enqueued`);
  }
  await until('every file is made', () => made().length === RECORDINGS, 60_000);
  await until('nothing is left', () =>
    look(async (queue) => {
      const { queued, running, retrying } = await queue.count();
      return queued + running + retrying === 0;
    }),
  );
  expect((await status()).counts).toMatchObject({ queued: 0, running: 0, failed: 0, missing: 0 });
  const survivors = started.filter(({ process: child }) => child.signalCode === null);
  expect(survivors).toHaveLength(2);
  for (const { process: child } of survivors) child.kill('SIGTERM');
  for (const { exited } of survivors) expect(await exited).toBe(0);

  // Exactly one file of each, whole; no work, no half file.
  expect(readdirSync(output).sort()).toEqual(made().sort());
  expect(new Set(made()).size).toBe(RECORDINGS);
  for (const file of made()) {
    const seconds = execFileSync(
      'ffprobe',
      ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', file],
      {
        cwd: output,
      },
    );
    expect(Math.abs(Number(seconds) - 6)).toBeLessThanOrEqual(0.2);
  }
  const again = await runCli(enqueue, { cwd: site });
  expect(again.stdout).toContain(`0 enqueued, 0 in the queue already, ${RECORDINGS} made already`);
});

it('queues the recordID of a playback URL, and nothing that gives access', async () => {
  const { site, redis } = await openSite('refusals', false);
  const id = ids[0] ?? '';
  const url = `${bbb.url}/recording/${id}/presentation?token=T0KEN`;
  const queued = await runCli([...QUEUE, '--audio-only', url, '--output', 'out/'], { cwd: site });
  expect(queued.stdout).toContain('1 enqueued');
  const [key = ''] = (await redis.cli('--scan')).split('\n').filter((name) => name.includes(id));
  expect(await redis.cli('hgetall', key)).not.toMatch(/T0KEN|http/);
  const usage = async (...more: string[]): Promise<string> => {
    const { status, stderr } = await runCli([...QUEUE, ...more], { cwd: site });
    return `${status} ${/Error ([a-z-]+)/.exec(stderr)?.[1] ?? ''}`;
  };
  expect(await usage(id, '--cookie-file', 'cookies.txt')).toBe('2 queue-with-secrets');
  expect(await usage(`${bbb.url}/somewhere`)).toBe('2 queue-url-unknown');
  expect(await usage('--resume', 'never')).toBe('2 queue-run-unknown');
  expect(await usage(id, '--resume', 'last')).toBe('2 usage-invalid');
});

it('films the part that was asked for, by the engine that was asked for', async () => {
  const { site, output, startWorker } = await openSite('part', false);
  const id = ids[1] ?? '';
  const part = ['--engine', 'player', '--from', '2', '--to', '3', '--size', '640x360', '--crf', '31'];
  const queued = await runCli([...QUEUE, id, ...part, '--no-extras', '--output', 'out/'], { cwd: site });
  expect([queued.status, queued.stdout]).toEqual([0, expect.stringContaining('1 enqueued') as string]);
  const before = bbb.requests.length;
  startWorker();
  const file = path.join(output, `${id}.mp4`);
  await until('it is made', () => readdirSync(output).includes(path.basename(file)), 60_000);
  const pages = bbb.requests.slice(before).filter(({ path: asked }) => asked.startsWith('/playback/'));
  expect(pages.length).toBeGreaterThan(0);
  const frames = readFrames(
    file,
    Array.from({ length: 20 }, (_, i) => i),
    { width: 640, height: 360 },
  );
  expect(frames).toHaveLength(15);
  for (const number of [0, 7, 14])
    expect(
      webcamFramesOff(frames[number]!, { x: 0, y: 0, width: 160, height: 120 }, 30 + number),
    ).toBeLessThanOrEqual(1);
  expect(encoderSettings(file)).toMatchObject({ crf: '31.0' });
});

it('takes a job over from a machine that went silent, with the segments that it had finished', async () => {
  const { site, output, look, startWorker } = await openSite('silent', false);
  const folder = publishRecording(path.join(site, 'published'), 'long', 24_000);
  await runCli([...QUEUE, folder, '--no-extras', '--output', 'out/'], { cwd: site });
  const finished = (): string | undefined =>
    readdirSync(output, { recursive: true, encoding: 'utf8' }).find((name) => /segment-\d+\.mp4$/.test(name));
  const lost = startWorker();
  await until('a segment is finished', () => finished() !== undefined, 60_000, 10);
  lost.process.kill('SIGKILL');
  await lost.exited;
  const segment = path.join(output, finished() ?? '');
  const longAgo = new Date(1_000_000_000_000);
  utimesSync(segment, longAgo, longAgo);
  // As if it had run elsewhere: the process of that number lives here, and says nothing of the owner.
  writeFileSync(
    path.join(path.dirname(segment), 'owner.txt'),
    `${process.pid} ${readStartTime(process.pid) ?? ''} another-machine 7`,
  );
  const heir = startWorker();
  const seen = new Set<number>();
  const watch = setInterval(() => {
    const { mtimeMs } = statSync(segment, { throwIfNoEntry: false }) ?? {};
    if (mtimeMs !== undefined) seen.add(mtimeMs);
  }, 5);
  try {
    await until('it is made', () => readdirSync(output).includes('long.mp4'), 60_000);
  } finally {
    clearInterval(watch);
  }
  expect([...seen]).toEqual([longAgo.getTime()]);
  await until('it is done', () => look(async (queue) => (await queue.count()).done === 1));
  expect(readdirSync(output)).toEqual(['long.mp4']);
  heir.process.kill('SIGTERM');
  expect(await heir.exited).toBe(0);
  // A machine too busy to say in time that it works is given the job a second time, and finds it made.
  const items = jsonLines(heir.stdout()).filter(({ type, state }) => type === 'item' && state !== 'skipped');
  expect(items).toEqual([expect.objectContaining({ state: 'done', durationMs: 24_000 })]);
});
