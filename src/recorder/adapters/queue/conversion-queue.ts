import type { Job } from 'bullmq';
import type { Redis } from 'ioredis';
import type { ConversionQueue, QueueEntry, QueueState } from '../../queue/conversion-queue.js';
import { signJob } from '../../queue/sign-job.js';
import { asUnreachable, QUEUE_NAME, QUEUE_PREFIX } from './open-queue-redis.js';
import { brokenEntry, entryOf } from './queue-entry.js';

export interface QueueSettings {
  /** Attempts before a job that keeps failing is set aside. */
  readonly attempts: number;
  /** `[recorder] queue_key`: signs the jobs. */
  readonly key: string;
  /** Before the second attempt; doubled for each further one. */
  readonly retryAfterMs: number;
}

const STATES = {
  queued: ['wait', 'prioritized'],
  running: ['active'],
  retrying: ['delayed'],
  done: ['completed'],
  failed: ['failed'],
} as const satisfies Record<QueueState, readonly string[]>;
/** Redis keeps what ended for a week: the file itself is what lasts. */
const KEEP_DONE = { age: 7 * 86_400, count: 20_000 };

/** The queue over one connection, which stays the caller's to close. */
export async function openConversionQueue(
  redis: Redis,
  settings: QueueSettings,
): Promise<ConversionQueue & { close: () => Promise<void> }> {
  const { Queue } = await import('bullmq');
  const queue = new Queue(QUEUE_NAME, { connection: redis, prefix: QUEUE_PREFIX });
  queue.on('error', () => undefined);
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw asUnreachable(error);
    }
  };
  /** Null of one that was removed meanwhile. */
  const read = async (id: string, state: QueueState): Promise<QueueEntry | null> => {
    const job = (await queue.getJob(id).catch(asBroken)) as Job | 'broken' | undefined;
    if (job === undefined) return null;
    return job === 'broken' ? brokenEntry(id, state) : entryOf(job, state);
  };
  const find = async (id: string): Promise<QueueEntry | null> => {
    const told = await queue.getJobState(id);
    const state = (Object.keys(STATES) as QueueState[]).find((one) =>
      (told === 'waiting' ? ['wait'] : [told]).some((name) =>
        (STATES[one] as readonly string[]).includes(name),
      ),
    );
    return state === undefined ? null : read(id, state);
  };
  return {
    enqueue: (jobs) =>
      guarded(async () => {
        await queue.addBulk(
          jobs.map((job) => ({
            name: 'convert',
            data: { ...job, signature: signJob(job, settings.key) },
            opts: {
              jobId: job.id,
              attempts: settings.attempts,
              backoff: { type: 'exponential', delay: settings.retryAfterMs, jitter: 0.2 },
              removeOnComplete: KEEP_DONE,
              removeOnFail: false,
              stackTraceLimit: 0,
            },
          })),
        );
      }),
    find: (ids) =>
      guarded(async () => {
        const entries = await Promise.all(ids.map(find));
        return new Map(entries.flatMap((entry) => (entry === null ? [] : [[entry.id, entry] as const])));
      }),
    remove: (ids) =>
      guarded(async () => {
        await Promise.all(ids.map((id) => queue.remove(id)));
      }),
    count: () =>
      guarded(async () => {
        const counts = await queue.getJobCounts(...Object.values(STATES).flat());
        const sum = (state: QueueState): number =>
          STATES[state].reduce((total, name) => total + (counts[name] ?? 0), 0);
        return {
          queued: sum('queued'),
          running: sum('running'),
          retrying: sum('retrying'),
          done: sum('done'),
          failed: sum('failed'),
        };
      }),
    list: (state, limit) =>
      guarded(async () => {
        const ids = await queue.getRanges([...STATES[state]], 0, limit - 1, true);
        const entries = await Promise.all(ids.map((id) => read(id, state)));
        return entries.filter((entry) => entry !== null);
      }),
    listWorkers: () =>
      guarded(async () => {
        const workers = await queue.getWorkers();
        return workers.flatMap(({ rawname }) => rawname?.split(':w:').slice(1, 2) ?? []).sort();
      }),
    close: async () => {
      await queue.close().catch(() => undefined);
      redis.disconnect();
    },
  };
}

/** A job whose fields are no JSON, which only another program writes, hides no other one. */
function asBroken(error: unknown): 'broken' {
  if (error instanceof SyntaxError) return 'broken';
  throw error;
}
