import { mkdirSync, renameSync } from 'node:fs';
import path from 'node:path';
import { guardAddresses } from '../../../src/kit/adapters/http/address-guard.js';
import { openHttp } from '../../../src/kit/adapters/http/open-http.js';
import { Secret } from '../../../src/kit/config/secret.js';
import { fetchFilm } from '../../../src/recorder/adapters/esup-runner/fetch-film.js';
import { openManagerClient } from '../../../src/recorder/adapters/esup-runner/manager-client.js';
import { openTakeTasks } from '../../../src/recorder/adapters/esup-runner/take-tasks.js';
import { openTaskQueue } from '../../../src/recorder/adapters/esup-runner/task-queue.js';
import { openConversionQueue } from '../../../src/recorder/adapters/queue/conversion-queue.js';
import { openLastingRedis, openQueueRedis } from '../../../src/recorder/adapters/queue/open-queue-redis.js';
import { openTakeJobs } from '../../../src/recorder/adapters/queue/take-jobs.js';
import type { LedgerEntry, TaskLedger } from '../../../src/recorder/esup-runner/task-record.js';
import type { ConversionQueue, QueuedConversion } from '../../../src/recorder/queue/conversion-queue.js';
import type { TakeJobs } from '../../../src/recorder/queue/work-on-queue.js';
import { freePort } from '../live/free-port.js';
import { testOptions } from '../presentations.js';
import { startQueueRedis } from '../queue-bench.js';
import { startStandInManager, type StandInManager } from './stand-in-manager.js';

/** One engine of conversions with everything it needs, its waiting times in tenths of a second. */
export interface EngineBench {
  readonly queue: ConversionQueue;
  readonly enqueue: (jobs: readonly QueuedConversion[]) => Promise<void>;
  /** A worker's side of it; each worker has a name of its own. */
  readonly openTakeJobs: (name: string) => Promise<TakeJobs>;
  readonly close: () => Promise<void>;
}

const RETRY_AFTER_MS = 100;
const never = (): AbortSignal => new AbortController().signal;

// A second of heartbeat: a busy machine that pauses us for less must not lose us a job.
export async function openBullBench(directory: string): Promise<EngineBench> {
  const redis = await startQueueRedis(path.join(directory, 'redis'), false);
  const connection = await openQueueRedis(new Secret(redis.url), never());
  const queue = await openConversionQueue(connection, {
    attempts: 3,
    retryAfterMs: RETRY_AFTER_MS,
    key: 'key',
  });
  return {
    queue,
    enqueue: (jobs) => queue.enqueue(jobs),
    openTakeJobs: async (name) =>
      openTakeJobs(await openLastingRedis(new Secret(redis.url), never()), {
        key: 'key',
        heartbeatMs: 1000,
        takeovers: 1,
        retryAfterMs: RETRY_AFTER_MS,
        stopTimeoutMs: 2000,
        name,
        jobs: 1,
        onTrouble: () => undefined,
      }),
    close: async () => {
      await queue.close();
      await redis.kill();
    },
  };
}

/** What stands in a journal elsewhere. */
export function memoryLedger(): TaskLedger & { readonly entries: Map<string, LedgerEntry> } {
  const entries = new Map<string, LedgerEntry>();
  return {
    entries,
    find: (ids) =>
      new Map(ids.flatMap((id) => (entries.has(id) ? [[id, entries.get(id) as LedgerEntry] as const] : []))),
    save: (job, record) => void entries.set(job.id, { job, record }),
    all: () => entries.values(),
  };
}

export interface RunnerBench extends EngineBench {
  readonly manager: StandInManager;
  readonly ledger: ReturnType<typeof memoryLedger>;
  readonly troubles: string[];
  /** How the following of what was enqueued failed. */
  readonly failures: unknown[];
  /** What runners were asked without the manager. */
  readonly asked: string[];
}

const TOKEN = 'token-of-the-bench';
const FAST = { heartbeatMs: 100, registerMs: 50, longestMs: 200 };

export async function openRunnerBench(
  directory: string,
  {
    offlineMs = 60_000,
    lostAfterMs = 60_000,
    longestPollMs = 100,
    runnerDirectory = (name: string): string => path.join(directory, 'runners', name.replaceAll('/', '-')),
    leastBytes = 0,
  } = {},
): Promise<RunnerBench> {
  const manager = await startStandInManager({ tokens: [TOKEN], offlineMs });
  const ledger = memoryLedger();
  const stop = new AbortController();
  const closing = new AbortController();
  const http = openHttp({ guard: guardAddresses({ origins: [manager.url] }) });
  const client = openManagerClient(http, {
    url: manager.url,
    token: new Secret(TOKEN),
    timeoutMs: 5000,
    signal: closing.signal,
  });
  const troubles: string[] = [];
  const failures: unknown[] = [];
  const asked: string[] = [];
  const queue = openTaskQueue(client, ledger, {
    attempts: 3,
    takeovers: 1,
    retryAfterMs: RETRY_AFTER_MS,
    lostAfterMs,
    goneAfterMs: 60_000,
    pollMs: 20,
    longestPollMs,
    busyMs: 20,
    longestBusyMs: 100,
    taskType: 'bbb_presentation',
    etabName: 'bench',
    appVersion: '0',
    sourceUrlOf: () => 'https://bbb.bench.invalid/playback/presentation/2.3/x',
    deliver: async (job, task) => {
      const { film, result } = await fetchFilm(client, task, path.join(directory, 'fetched', task), {
        maxBytes: 1e6,
        probe: () => Promise.resolve({ durationMs: 1000, hasSound: true }),
      });
      mkdirSync(path.dirname(job.outputPath), { recursive: true });
      renameSync(film, job.outputPath);
      return { missing: result?.missing ?? '' };
    },
    askRunner: (url, { signal } = { timeoutMs: 0, signal: closing.signal }) => {
      asked.push(url);
      return fetch(url, { signal }).then(
        (answer) => answer.text(),
        () => null,
      );
    },
  });
  const following: Promise<unknown>[] = [];
  const ports = new Map<string, number>();
  return {
    queue,
    manager,
    ledger,
    troubles,
    failures,
    asked,
    enqueue: async (jobs) => {
      await queue.enqueue(jobs);
      following.push(
        queue.follow(jobs, stop.signal, () => undefined).catch((error: unknown) => failures.push(error)),
      );
    },
    openTakeJobs: async (name) => {
      const port = ports.get(name) ?? (await freePort());
      ports.set(name, port);
      const { cores, ...defaults } = testOptions;
      return openTakeTasks(client, {
        id: name,
        url: `http://127.0.0.1:${port}`,
        listen: { host: '127.0.0.1', port },
        directory: runnerDirectory(name),
        room: { directories: [runnerDirectory(name)], leastBytes, everyMs: 50 },
        token: new Secret(TOKEN),
        rules: {
          taskType: 'bbb_presentation',
          bbbHosts: new Set(['bbb.bench.invalid']),
          otherHosts: new Set(cores === 0 ? ['-'] : []),
          defaults,
        },
        takeovers: 1,
        keepMs: 60_000,
        retryAfterMs: RETRY_AFTER_MS,
        stopTimeoutMs: 2000,
        intervals: FAST,
        telling: { againMs: 50, longestMs: 200 },
        onTrouble: (text) => troubles.push(text),
      });
    },
    close: async () => {
      stop.abort(new Error('the bench closes'));
      await Promise.all(following);
      closing.abort(new Error('the bench closes'));
      await manager.stop();
      await http.close();
    },
  };
}
