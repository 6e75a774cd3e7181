import { pause } from '../../../kit/pause.js';
import type { Job, Worker as BullWorker } from 'bullmq';
import type { Redis } from 'ioredis';
import { OperatorError } from '../../../kit/errors/operator-error.js';
import type { JobEnd, TakeJobs, TakenJob } from '../../queue/work-on-queue.js';
import { QUEUE_NAME, QUEUE_PREFIX } from './open-queue-redis.js';
import { parseJob, renderFailure, type JobResult } from './queue-entry.js';

export interface TakeSettings {
  /** What `recorder status` calls this worker. */
  readonly name: string;
  readonly jobs: number;
  /** `[recorder] queue_key`: jobs that are not signed with it are set aside. */
  readonly key: string;
  /** A job whose worker was silent for so long goes to another one. */
  readonly heartbeatMs: number;
  /** A job that lost so many workers is set aside: it may be what kills them. */
  readonly takeovers: number;
  /** Before a job that somebody else converts already is looked at again. */
  readonly retryAfterMs: number;
  /** Longest wait for Redis when stopping: then it takes the jobs over by itself. */
  readonly stopTimeoutMs: number;
  /** What went wrong between Redis and us, for the log. */
  readonly onTrouble: (text: string) => void;
}

/** Progress is told once in this time. */
const TELL_EVERY_MS = 1000;
const ANSWER_MS = 2000;

/** Takes jobs off the queue over a lasting connection, which stays the caller's to close. */
export async function openTakeJobs(redis: Redis, settings: TakeSettings): Promise<TakeJobs> {
  const { DelayedError, Job: Jobs, UnrecoverableError, WaitingError, Worker } = await import('bullmq');

  const settle = async (end: JobEnd, job: Job, token: string): Promise<JobResult> => {
    switch (end.end) {
      case 'done':
        return { missing: end.missing ?? '' };
      case 'failed':
        throw new Error(renderFailure(end.error));
      case 'set-aside':
        throw new UnrecoverableError(renderFailure(end.error));
      case 'handed-back':
        await job.moveToWait(token);
        throw new WaitingError();
      case 'later':
        await job.moveToDelayed(Date.now() + settings.retryAfterMs, token);
        throw new DelayedError();
    }
  };

  return async (handle, signal) => {
    const lookAgain = (id: string): Promise<Job | undefined> => Jobs.fromId(worker, id);
    const worker: BullWorker = new Worker(
      QUEUE_NAME,
      async (job: Job, token = '') => settle(await handleJob(job, handle, lookAgain, settings), job, token),
      {
        connection: redis,
        prefix: QUEUE_PREFIX,
        name: settings.name,
        autorun: false,
        concurrency: settings.jobs,
        lockDuration: settings.heartbeatMs,
        stalledInterval: settings.heartbeatMs,
        maxStalledCount: settings.takeovers,
        runRetryDelay: Math.min(settings.heartbeatMs, 15_000),
        drainDelay: Math.max(1, settings.heartbeatMs / 6000),
      },
    );
    worker.on('error', ({ message }) => settings.onTrouble(message));
    worker.on('stalled', (id) => settings.onTrouble(`${id} lost its worker and waits again`));
    const stopped = new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
      if (signal.aborted) resolve();
    });
    const running = worker.run().catch((error: unknown) => settings.onTrouble(String(error)));
    await stopped;
    // Without Redis nothing can be handed back: others take our jobs over when our heartbeats have been missed.
    const timeout = new AbortController();
    await Promise.race([worker.close(), pause(settings.stopTimeoutMs, timeout.signal)]);
    timeout.abort();
    redis.disconnect();
    await Promise.race([running, pause(ANSWER_MS)]);
  };
}

type LookAgain = (id: string) => Promise<Job | undefined>;

async function handleJob(
  job: Job,
  handle: Parameters<TakeJobs>[0],
  lookAgain: LookAgain,
  { name, key }: TakeSettings,
): Promise<JobEnd> {
  let toldAt = 0;
  let telling = false;
  try {
    return await handle({
      job: parseJob(job.data, key),
      progress: ({ step, fraction }) => {
        if (telling || Date.now() - toldAt < TELL_EVERY_MS) return;
        toldAt = Date.now();
        telling = true;
        void job
          .updateProgress({ step, fraction })
          .catch(() => undefined)
          .finally(() => (telling = false));
      },
      isOurs: () => isOurs(job, name, lookAgain),
    } satisfies TakenJob);
  } catch (error) {
    if (error instanceof OperatorError) return { end: 'set-aside', error };
    throw error;
  }
}

/** A job that Redis forgot is still ours: nobody else has it. */
async function isOurs(job: Job, name: string, lookAgain: LookAgain): Promise<boolean> {
  const answer = async (): Promise<boolean> => {
    const now = await lookAgain(job.id ?? '');
    return now === undefined || (now.finishedOn === undefined && (now.processedBy ?? name) === name);
  };
  return Promise.race([answer().catch(() => true), pause(ANSWER_MS).then(() => true)]);
}
