import { execFileSync, spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BatchOutcome } from '../../src/recorder/convert-batch.js';
import { write } from '../support/recorder/write-film.js';
import { queuedConversion, type QueuedConversion } from '../../src/recorder/queue/conversion-queue.js';
import { workOnQueue, type WorkerOptions } from '../../src/recorder/queue/work-on-queue.js';
import { systemTexts } from '../../src/kit/errors/system.js';
import { httpTexts } from '../../src/kit/errors/http.js';
import { texts } from '../../src/recorder/texts.js';
import { texts as chromiumTexts } from '../../src/chromium/texts.js';
import { until } from '../support/live/until.js';
import { testOptions } from '../support/presentations.js';
import {
  openBullBench,
  openRunnerBench,
  type EngineBench,
  type RunnerBench,
} from '../support/recorder/engine-bench.js';

/* How a taken job ends, on both engines: BullMQ on a real Redis, esup-runner on a stand-in manager. */

const { cores, ...options } = testOptions;
type Convert = WorkerOptions['convert'];
const untilStopped: Convert = (_, signal) =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });

async function startWorker(bench: EngineBench, convert: Convert, { name = 'a/1', stopAfterMs = 100 } = {}) {
  const stop = new AbortController();
  const outcomes: BatchOutcome[] = [];
  const tally = workOnQueue({
    refuse: () => undefined,
    takeJobs: await bench.openTakeJobs(name),
    convert,
    exists: (file) => Promise.resolve(existsSync(file)),
    stopAfterMs,
    events: { onStart: () => undefined, onProgress: () => undefined, onOutcome: (one) => outcomes.push(one) },
    signal: stop.signal,
  });
  tally.catch(() => undefined);
  return { outcomes, tally, stop: () => stop.abort(systemTexts.interrupted({ signal: 'SIGTERM' })) };
}

const jobIn =
  (directory: string) =>
  (name: string): QueuedConversion =>
    queuedConversion({
      source: { recordId: `${name}-0123456789`, server: null },
      label: name,
      outputPath: path.join(directory, `${name}.mp4`),
      options,
      force: cores === 0,
      claim: null,
    });

describe.each([
  { engine: 'bullmq', open: openBullBench },
  { engine: 'esup-runner', open: (directory: string): Promise<EngineBench> => openRunnerBench(directory) },
])('conversions on $engine', ({ engine, open }) => {
  let directory = '';
  let bench: EngineBench;
  const job = (name: string): QueuedConversion => jobIn(directory)(name);
  const stateOf = async ({ id }: QueuedConversion) => (await bench.queue.find([id])).get(id);

  beforeAll(async () => {
    directory = mkdtempSync(path.join(os.tmpdir(), `bbb2pod-${engine}-`));
    bench = await open(directory);
  });
  afterAll(async () => {
    await bench.close();
    rmSync(directory, { recursive: true, force: true });
  });

  it('tries again with growing pauses, then sets aside with the reason', async () => {
    const at: number[] = [];
    const worker = await startWorker(bench, () => {
      at.push(Date.now());
      return Promise.reject(httpTexts.httpTimeout({ url: 'https://bbb.example', seconds: 5 }));
    });
    const one = job('flaky');
    await bench.enqueue([one]);
    await until('it is set aside', async () => (await stateOf(one))?.state === 'failed');
    expect(at).toHaveLength(3);
    const [first = 0, second = 0, third = 0] = at;
    // 100 and 200 ms, less a fifth by chance.
    expect(second - first).toBeGreaterThanOrEqual(75);
    expect(third - second).toBeGreaterThanOrEqual(150);
    expect((await stateOf(one))?.failure).toMatchObject({ code: 'http-timeout' });
    worker.stop();
    expect(await worker.tally).toMatchObject({ failed: 3, done: 0 });
  });

  it('sets a recording that is gone aside at once, and makes it when asked again', async () => {
    let tries = 0;
    const worker = await startWorker(bench, (...all) =>
      ++tries === 1 ? Promise.reject(texts.playbackGone({ recordId: 'x' })) : write(...all),
    );
    const one = job('gone');
    await bench.enqueue([one]);
    await until('it is set aside', async () => (await stateOf(one))?.state === 'failed');
    expect(tries).toBe(1);
    await bench.queue.remove([one.id]);
    await bench.enqueue([one]);
    await until('it is done', async () => (await stateOf(one))?.state === 'done');
    worker.stop();
    expect(await worker.tally).toMatchObject({ failed: 1, done: 1 });
    expect(readFileSync(one.outputPath, 'utf8')).toBe('made');
  });

  it('lets a conversion end when told to stop, and hands back the one that takes too long', async () => {
    let begun = 0;
    const quick = await startWorker(
      bench,
      async (...all) => {
        begun++;
        await new Promise((resolve) => setTimeout(resolve, 400));
        return write(...all);
      },
      { stopAfterMs: 5000 },
    );
    const [ends, long] = [job('ends'), job('long')];
    await bench.enqueue([ends]);
    await until('it runs', () => begun === 1, 20_000, 10);
    quick.stop();
    expect(await quick.tally).toMatchObject({ done: 1, handedBack: 0 });

    const slow = await startWorker(bench, (...all) => {
      begun++;
      return untilStopped(...all);
    });
    await until('the first is done', async () => (await stateOf(ends))?.state === 'done');
    await bench.enqueue([long]);
    await until('it runs', () => begun === 2, 20_000, 10);
    slow.stop();
    expect(await slow.tally).toMatchObject({ done: 0, failed: 0, handedBack: 1 });
    await until('it waits', async () => (await stateOf(long))?.state === 'queued');
    expect(await stateOf(long)).toMatchObject({ state: 'queued', attempts: 0 });
    const other = await startWorker(bench, write, { name: 'b/1' });
    await until('another one makes it', async () => (await stateOf(long))?.state === 'done');
    other.stop();
    await other.tally;
    expect(readFileSync(long.outputPath, 'utf8')).toBe('made');
  });

  it('hands back what an unfit machine cannot make, and ends with the reason', async () => {
    const unfit = await startWorker(bench, () =>
      Promise.reject(chromiumTexts.chromiumMissing({ path: '/usr/bin/chromium' })),
    );
    const one = job('elsewhere');
    await bench.enqueue([one]);
    await expect(unfit.tally).rejects.toMatchObject({ code: 'chromium-missing' });
    await until('it waits', async () => (await stateOf(one))?.state === 'queued');
    const fit = await startWorker(bench, write, { name: 'c/1' });
    await until('another one makes it', async () => (await stateOf(one))?.state === 'done');
    fit.stop();
    await fit.tally;
  });

  it('looks again later at what somebody else converts, and counts no attempt', async () => {
    let looks = 0;
    const worker = await startWorker(bench, (...all) =>
      ++looks < 3
        ? Promise.reject(texts.conversionRunning({ holder: 'process 7 of b', path: '/w' }))
        : write(...all),
    );
    const one = job('elsewhere-now');
    await bench.enqueue([one]);
    await until('it is done', async () => (await stateOf(one))?.state === 'done');
    worker.stop();
    expect(await worker.tally).toMatchObject({ done: 1, failed: 0 });
    expect([looks, (await stateOf(one))?.failure]).toEqual([3, null]);
  });

  it('counts what was done and what was set aside', async () => {
    expect(await bench.queue.count()).toMatchObject({ done: 5, failed: 1, queued: 0, running: 0 });
  });
});

describe('conversions on a manager of esup-runner', () => {
  let directory = '';
  let bench: RunnerBench;
  const open = async (more = {}): Promise<(name: string) => QueuedConversion> => {
    directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-manager-'));
    bench = await openRunnerBench(directory, more);
    return jobIn(directory);
  };
  const close = async (): Promise<void> => {
    await bench.close();
    rmSync(directory, { recursive: true, force: true });
  };
  const stateOf = async ({ id }: QueuedConversion) => (await bench.queue.find([id])).get(id);

  it('survives a manager that is killed, started again and upgraded meanwhile', async () => {
    const job = await open();
    let release: () => void = () => undefined;
    let begun = 0;
    const worker = await startWorker(bench, async (...all) => {
      begun++;
      await new Promise<void>((resolve) => (release = resolve));
      return write(...all);
    });
    const [one, two] = [job('first'), job('second')];
    await bench.enqueue([one, two]);
    await until('one runs', () => begun === 1);
    await bench.manager.stop();
    release();
    bench.manager.version = '1.8.0';
    await until('its end could not be told', () => bench.troubles.some((text) => text.includes('end of')));
    await bench.manager.start();
    await until('the other one runs', () => begun === 2);
    release();
    await until(
      'both are done',
      async () => (await stateOf(one))?.state === 'done' && (await stateOf(two))?.state === 'done',
    );
    expect([...bench.manager.tasks.values()].map(({ status }) => status)).toEqual(['completed', 'completed']);
    expect(bench.failures).toEqual([]);
    worker.stop();
    expect(await worker.tally).toMatchObject({ done: 2, failed: 0 });
    await close();
  });

  it('gives what a lost runner had to another one', async () => {
    const job = await open({ offlineMs: 3000, lostAfterMs: 200 });
    // A runner that takes a task and is never heard of again.
    let taken = false;
    const lost = createServer((request, response) => {
      response.on('finish', () => (taken ||= request.url === '/task/run'));
      const ping = { available: true, registered: true, task_types: ['bbb_presentation'] };
      response.end(JSON.stringify(request.url === '/runner/ping' ? ping : { status: 'started' }));
    });
    await new Promise<void>((resolve) => lost.listen(0, '127.0.0.1', () => resolve()));
    const url = `http://127.0.0.1:${(lost.address() as { port: number }).port}`;
    const headers = {
      authorization: 'Bearer token-of-the-bench',
      'x-runner-version': '1.7.0',
      'content-type': 'application/json',
    };
    const body = JSON.stringify({
      id: 'lost',
      url,
      availability: 'available',
      task_types: ['bbb_presentation'],
    });
    await fetch(`${bench.manager.url}/runner/register`, { method: 'POST', headers, body });
    const one = job('lost');
    await bench.enqueue([one]);
    await until('it is taken', () => taken, 20_000, 10);
    lost.closeAllConnections();
    lost.close();
    const worker = await startWorker(bench, write);
    await until('another one made it', async () => (await stateOf(one))?.state === 'done');
    const attempts = [...bench.manager.tasks.values()].map(({ parameters }) => parameters['attempt']);
    expect(attempts).toEqual(['1', '2']);
    expect(bench.ledger.entries.get(one.id)?.record).toMatchObject({ takeovers: 1, attempts: 0 });
    worker.stop();
    await worker.tally;
    await close();
  });

  it('stops a task that somebody stops in the dashboard, and does not make it again by itself', async () => {
    const job = await open();
    let begun = 0;
    const worker = await startWorker(bench, (...all) => {
      begun++;
      return untilStopped(...all);
    });
    const one = job('stopped');
    await bench.enqueue([one]);
    await until('it runs', () => begun === 1);
    const [id = ''] = bench.manager.tasks.keys();
    const headers = { authorization: 'Bearer token-of-the-bench' };
    const asked = await fetch(`${bench.manager.url}/task/stop/${id}`, { method: 'POST', headers });
    expect(asked.status).toBe(202);
    await until('it is set aside', async () => (await stateOf(one))?.state === 'failed');
    expect((await stateOf(one))?.failure).toMatchObject({ code: 'task-stopped' });
    expect(bench.manager.tasks.get(id)?.error).toBe('Cancelled by user.');
    worker.stop();
    await worker.tally;
    await close();
  });

  it('waits out quotas, rate limits and silence, and gives each once', async () => {
    const job = await open();
    const worker = await startWorker(bench, write);
    bench.manager.faults.quota = true;
    const one = job('patient');
    await bench.enqueue([one]);
    const asked = (): number => bench.manager.requests.filter((line) => line === 'POST /task/execute').length;
    await until('it was refused', () => asked() >= 2);
    bench.manager.faults.quota = false;
    bench.manager.faults.rateLimited = true;
    await until('it was told to wait', () => bench.troubles.some((text) => text.includes('rate-limited')));
    bench.manager.faults.rateLimited = false;
    await until('it is done', async () => (await stateOf(one))?.state === 'done');
    expect(bench.manager.tasks.size).toBe(1);
    worker.stop();
    await worker.tally;
    await close();
  });

  it('hears of the end from the runner itself, and asks the manager no more meanwhile', async () => {
    const job = await open({ longestPollMs: 600_000 });
    let release: () => void = () => undefined;
    let begun = 0;
    const worker = await startWorker(bench, async (...all) => {
      begun++;
      await new Promise<void>((resolve) => (release = resolve));
      return write(...all);
    });
    await until('it is registered', () => bench.manager.runners.size === 1);
    const one = job('heard');
    await bench.enqueue([one]);
    await until('it runs', () => begun === 1);
    await until('it listens', () => bench.asked.some((url) => url.includes('/runner/ended/')), 20_000, 10);
    const looks = (): number => bench.manager.requests.filter((line) => line === 'GET /api/tasks').length;
    const before = looks();
    await new Promise((resolve) => setTimeout(resolve, 600));
    // Asked every 20 ms it would be dozens. (Whoever asks the queue asks the manager: the test does not.)
    expect(looks()).toBeLessThanOrEqual(before + 1);
    release();
    // The next look would come after ten minutes.
    await until('it is done', () => worker.outcomes.length === 1);
    worker.stop();
    expect(await worker.tally).toMatchObject({ done: 1 });
    await close();
  });

  /** A container may refuse even root to mount. */
  const mayMount = ((): boolean => {
    const place = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-mount-'));
    const mounted = spawnSync('mount', ['-t', 'tmpfs', 'none', place]).status === 0;
    if (mounted) spawnSync('umount', ['-l', place]);
    rmSync(place, { recursive: true });
    return mounted;
  })();

  describe.runIf(mayMount)('with a full disk', () => {
    let disk = '';
    const filler = (): string => path.join(disk, 'filler');
    const fill = (): void => {
      const { bavail, bsize } = statfsSync(disk);
      writeFileSync(filler(), Buffer.alloc(bavail * bsize));
    };
    const openSmall = async (leastBytes: number): Promise<(name: string) => QueuedConversion> => {
      disk = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-disk-'));
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m,mode=0755', 'tmpfs', disk]);
      const small = path.join(disk, 'runner');
      const job = await open({
        leastBytes,
        runnerDirectory: (name: string) => (name === 'small' ? small : path.join(directory, 'runners', name)),
      });
      mkdirSync(small, { recursive: true });
      return job;
    };
    const closeSmall = async (): Promise<void> => {
      await close();
      execFileSync('umount', ['-l', disk]);
      rmSync(disk, { recursive: true, force: true });
    };

    it('takes nothing alone, burns no attempt, and goes on once there is room', async () => {
      const job = await openSmall(2_000_000);
      fill();
      const worker = await startWorker(bench, write, { name: 'small' });
      await until('it says so', () => bench.troubles.some((text) => text.startsWith('runner-no-room: ')));
      const one = job('patient');
      await bench.enqueue([one]);
      const asked = (): number =>
        bench.manager.requests.filter((line) => line === 'POST /task/execute').length;
      await until('it was offered to nobody', () => asked() >= 4);
      expect([bench.manager.tasks.size, await stateOf(one)]).toMatchObject([
        0,
        { state: 'queued', attempts: 0 },
      ]);
      rmSync(filler());
      await until('it is done', async () => (await stateOf(one))?.state === 'done');
      worker.stop();
      expect(await worker.tally).toMatchObject({ done: 1, failed: 0 });
      await closeSmall();
    });

    it('leaves a task that it cannot begin to another worker, whatever the disk said before', async () => {
      const job = await openSmall(0);
      const worker = await startWorker(bench, write, { name: 'small' });
      await until('it is registered', () => bench.manager.runners.get('small')?.availability === 'available');
      // As a quota: nothing that could be looked at beforehand.
      fill();
      const one = job('elsewhere');
      await bench.enqueue([one]);
      await until('it refused', () =>
        [...bench.manager.tasks.values()].some(({ status }) => status === 'failed'),
      );
      const [refused] = [...bench.manager.tasks.values()];
      expect(refused?.error).toContain('disk-full: ');
      await until('it waits', async () => (await stateOf(one))?.state === 'retrying');
      expect(await stateOf(one)).toMatchObject({ attempts: 0, failure: { code: 'disk-full' } });
      const other = await startWorker(bench, write, { name: 'roomy' });
      await until('the other one made it', async () => (await stateOf(one))?.state === 'done');
      expect([...bench.manager.tasks.values()].map(({ runner_id: id }) => id)).toEqual(['small', 'roomy']);
      rmSync(filler());
      const two = job('again');
      other.stop();
      await other.tally;
      await bench.enqueue([two]);
      await until('it takes tasks again', async () => (await stateOf(two))?.state === 'done');
      worker.stop();
      expect(await worker.tally).toMatchObject({ done: 1, failed: 0 });
      await closeSmall();
    });
  });
});
