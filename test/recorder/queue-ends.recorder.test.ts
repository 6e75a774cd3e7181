import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { write } from '../support/recorder/write-film.js';
import { openConversionQueue } from '../../src/recorder/adapters/queue/conversion-queue.js';
import { openLastingRedis, openQueueRedis } from '../../src/recorder/adapters/queue/open-queue-redis.js';
import { openTakeJobs } from '../../src/recorder/adapters/queue/take-jobs.js';
import { Secret } from '../../src/kit/config/secret.js';
import type { BatchOutcome } from '../../src/recorder/convert-batch.js';
import { queuedConversion, type QueuedConversion } from '../../src/recorder/queue/conversion-queue.js';
import { workOnQueue, type WorkerOptions } from '../../src/recorder/queue/work-on-queue.js';
import { root } from '../e2e/run-cli.js';
import { builtScript } from '../support/built-script.js';
import { until } from '../support/live/until.js';
import { testOptions } from '../support/presentations.js';
import { startQueueRedis, type QueueRedis } from '../support/queue-bench.js';
import { systemTexts } from '../../src/kit/errors/system.js';
import { texts } from '../../src/recorder/texts.js';

/* How a taken job ends, on a real Redis; the conversion is a stand-in that writes a file. */
let directory = '';
let redis: QueueRedis;
let queue: Awaited<ReturnType<typeof openConversionQueue>>;
const never = (): AbortSignal => new AbortController().signal;
// A second of heartbeat: a busy machine that pauses us for less must not lose us a job.
const FAST = { key: 'key', heartbeatMs: 1000, takeovers: 1, retryAfterMs: 100, stopTimeoutMs: 2000 };

beforeAll(async () => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-ends-'));
  redis = await startQueueRedis(path.join(directory, 'redis'), false);
  const connection = await openQueueRedis(new Secret(redis.url), never());
  queue = await openConversionQueue(connection, { attempts: 3, retryAfterMs: 100, key: 'key' });
});
beforeEach(async () => {
  await redis.cli('flushdb');
});
afterAll(async () => {
  await queue.close();
  await redis.kill();
  rmSync(directory, { recursive: true, force: true });
});

// Cores are each worker's own.
const jobOptions: QueuedConversion['options'] = Object.fromEntries(
  Object.entries(testOptions).filter(([name]) => name !== 'cores'),
) as unknown as QueuedConversion['options'];
const job = (name: string): QueuedConversion =>
  queuedConversion({
    source: { recordId: `${name}-0123456789`, server: null },
    label: name,
    outputPath: path.join(directory, `${name}.mp4`),
    options: jobOptions,
    force: false,
    claim: null,
  });

type Convert = WorkerOptions['convert'];
const stateOf = async ({ id }: QueuedConversion) => (await queue.find([id])).get(id);

async function startWorker(
  convert: Convert,
  { name = 'a/1', stopAfterMs = 100, jobs = 1, heartbeatMs = FAST.heartbeatMs } = {},
) {
  const stop = new AbortController();
  const outcomes: BatchOutcome[] = [];
  const connection = await openLastingRedis(new Secret(redis.url), never());
  const takeJobs = await openTakeJobs(connection, {
    ...FAST,
    heartbeatMs,
    name,
    jobs,
    onTrouble: () => undefined,
  });
  const tally = workOnQueue({
    refuse: () => undefined,
    takeJobs,
    convert,
    exists: (file) => Promise.resolve(existsSync(file)),
    stopAfterMs,
    events: { onStart: () => undefined, onProgress: () => undefined, onOutcome: (one) => outcomes.push(one) },
    signal: stop.signal,
  });
  tally.catch(() => undefined);
  return { outcomes, tally, stop: () => stop.abort(systemTexts.interrupted({ signal: 'SIGTERM' })) };
}

it('sets a recording that is gone aside at once', async () => {
  let tries = 0;
  const worker = await startWorker(() => {
    tries++;
    return Promise.reject(texts.playbackGone({ recordId: 'x' }));
  });
  const one = job('gone');
  await queue.enqueue([one]);
  await until('it is set aside', async () => (await stateOf(one))?.state === 'failed');
  worker.stop();
  await worker.tally;
  expect(tries).toBe(1);
  expect(await queue.count()).toMatchObject({ failed: 1, queued: 0, retrying: 0 });
});

it('remembers what the film of a job lacks', async () => {
  const worker = await startWorker(async (...all) => {
    const file = await write(...all);
    return file === null ? null : { ...file, missing: 'cursor: 404' };
  });
  const [one, whole] = [job('lacking'), job('whole')];
  await queue.enqueue([one]);
  await until('it is done', async () => (await stateOf(one))?.state === 'done');
  worker.stop();
  await worker.tally;
  const next = await startWorker(write);
  await queue.enqueue([whole]);
  await until('the other one is done', async () => (await stateOf(whole))?.state === 'done');
  next.stop();
  await next.tally;
  const done = (await queue.list('done', 2)).map(({ label, missing }) => [label, missing]);
  expect(done).toEqual([
    ['whole', ''],
    ['lacking', 'cursor: 404'],
  ]);
  expect((await queue.list('done', 1)).map(({ label }) => label)).toEqual(['whole']);
});

it('makes one file of a job that comes twice', async () => {
  let made = 0;
  const one = job('twice');
  await queue.enqueue([one, one]);
  await queue.enqueue([one]);
  expect(await queue.count()).toMatchObject({ queued: 1 });
  const worker = await startWorker((...all) => {
    made++;
    return write(...all);
  });
  await until('it is done', async () => (await stateOf(one))?.state === 'done');
  // Redis forgets it, and it is enqueued again while its file stands there.
  await queue.remove([one.id]);
  await queue.enqueue([one]);
  await until('it is done again', async () => (await stateOf(one))?.state === 'done');
  worker.stop();
  expect(await worker.tally).toMatchObject({ done: 1, skipped: 1 });
  expect(made).toBe(1);
});

it('refuses a job with an option that it does not know: it would make another film', async () => {
  const worker = await startWorker(write);
  const strange = job('newer');
  await queue.enqueue([{ ...strange, options: { ...jobOptions, subtitles: 'burnt in' } as never }]);
  await until('it is set aside', async () => (await stateOf(strange))?.state === 'failed');
  worker.stop();
  await worker.tally;
  expect((await stateOf(strange))?.failure).toMatchObject({ code: 'queue-job-unknown' });
});

it('runs as many side by side as asked for, and no more', async () => {
  let running = 0;
  let most = 0;
  const worker = await startWorker(
    async (...all) => {
      most = Math.max(most, ++running);
      await until('another one runs beside it', () => most >= 2, 20_000, 10);
      await new Promise((resolve) => setTimeout(resolve, 50));
      running--;
      return write(...all);
    },
    { jobs: 2 },
  );
  await queue.enqueue(['p1', 'p2', 'p3', 'p4', 'p5'].map(job));
  await until('all are done', async () => (await queue.count()).done === 5);
  worker.stop();
  await worker.tally;
  expect(most).toBe(2);
});

it('sets aside what kills its workers, and the others go on', async () => {
  const poison = job('poison');
  await queue.enqueue([poison]);
  const child = path.join(root, 'test/support/poison-child.ts');
  for (let i = 0; i < 2; i++) {
    const victim = spawn(process.execPath, [builtScript(child), redis.url], {
      cwd: root,
      stdio: 'ignore',
    });
    expect(await new Promise((resolve) => victim.once('close', (_, signal) => resolve(signal)))).toBe(
      'SIGKILL',
    );
  }
  const healthy = job('healthy');
  await queue.enqueue([healthy]);
  const made: string[] = [];
  const worker = await startWorker(
    (...all) => {
      made.push(all[0].job.label);
      return write(...all);
    },
    { heartbeatMs: 300 },
  );
  await until('both ended', async () => {
    const { done, failed } = await queue.count();
    return done === 1 && failed === 1;
  });
  worker.stop();
  await worker.tally;
  expect(made).toEqual(['healthy']);
  expect((await stateOf(poison))?.failure).toMatchObject({ code: 'conversion-kills-workers' });
});

it('refuses a job of unknown shape without dying of it', async () => {
  const worker = await startWorker(write);
  const strange = { ...job('strange'), outputPath: '../../etc/passwd' };
  await queue.enqueue([strange]);
  await until('it is set aside', async () => (await stateOf(strange))?.state === 'failed');
  worker.stop();
  await worker.tally;
  expect((await stateOf(strange))?.failure).toMatchObject({ code: 'queue-job-unknown' });
});

it('says so when Redis is not there', async () => {
  await expect(openQueueRedis(new Secret('redis://127.0.0.1:9/9'), never())).rejects.toMatchObject({
    code: 'queue-unreachable',
  });
});
