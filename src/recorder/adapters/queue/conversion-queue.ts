import type { Job, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type {
  ConversionQueue,
  QueuedConversion,
  QueueEntry,
  QueueState,
} from '../../queue/conversion-queue.js';
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

/** The queue over one connection. @throws OperatorError queue-unreachable, as its methods do */
export async function openConversionQueue(redis: Redis, settings: QueueSettings): Promise<RedisQueue> {
  const { Queue } = await import('bullmq');
  const queue = new Queue(QUEUE_NAME, { connection: redis, prefix: QUEUE_PREFIX });
  queue.on('error', () => undefined);
  return new RedisQueue(queue, redis, settings);
}

class RedisQueue implements ConversionQueue {
  readonly #queue: Queue;
  readonly #redis: Redis;
  readonly #settings: QueueSettings;

  constructor(queue: Queue, redis: Redis, settings: QueueSettings) {
    this.#queue = queue;
    this.#redis = redis;
    this.#settings = settings;
  }

  async enqueue(jobs: readonly QueuedConversion[]): Promise<void> {
    const { attempts, key, retryAfterMs } = this.#settings;
    const added = jobs.map((job) => ({
      name: 'convert',
      data: { ...job, signature: signJob(job, key) },
      opts: {
        jobId: job.id,
        attempts,
        backoff: { type: 'exponential', delay: retryAfterMs, jitter: 0.2 },
        removeOnComplete: KEEP_DONE,
        removeOnFail: false,
        stackTraceLimit: 0,
      },
    }));
    await guarded(() => this.#queue.addBulk(added));
  }

  async find(ids: readonly string[]): Promise<Map<string, QueueEntry>> {
    const entries = await guarded(() => Promise.all(ids.map((id) => this.#findOne(id))));
    return new Map(entries.flatMap((entry) => (entry === null ? [] : [[entry.id, entry] as const])));
  }

  async remove(ids: readonly string[]): Promise<void> {
    await guarded(() => Promise.all(ids.map((id) => this.#queue.remove(id))));
  }

  async count(): Promise<Record<QueueState, number>> {
    const counts = await guarded(() => this.#queue.getJobCounts(...Object.values(STATES).flat()));
    const sum = (state: QueueState): number =>
      STATES[state].reduce((total, name) => total + (counts[name] ?? 0), 0);
    return {
      queued: sum('queued'),
      running: sum('running'),
      retrying: sum('retrying'),
      done: sum('done'),
      failed: sum('failed'),
    };
  }

  async list(state: QueueState, limit: number): Promise<QueueEntry[]> {
    const entries = await guarded(async () => {
      const ids = await this.#queue.getRanges([...STATES[state]], 0, limit - 1, state !== 'done');
      return Promise.all(ids.map((id) => this.#read(id, state)));
    });
    return entries.filter((entry) => entry !== null);
  }

  async listWorkers(): Promise<string[]> {
    const workers = await guarded(() => this.#queue.getWorkers());
    return workers.flatMap(({ rawname }) => rawname?.split(':w:').slice(1, 2) ?? []).sort();
  }

  /** The connection, too. */
  async close(): Promise<void> {
    await this.#queue.close().catch(() => undefined);
    this.#redis.disconnect();
  }

  async #findOne(id: string): Promise<QueueEntry | null> {
    const told = await this.#queue.getJobState(id);
    const state = (Object.keys(STATES) as QueueState[]).find((one) =>
      (told === 'waiting' ? ['wait'] : [told]).some((name) =>
        (STATES[one] as readonly string[]).includes(name),
      ),
    );
    return state === undefined ? null : this.#read(id, state);
  }

  /** Null of one that was removed meanwhile. */
  async #read(id: string, state: QueueState): Promise<QueueEntry | null> {
    const job = (await this.#queue.getJob(id).catch(asBroken)) as Job | 'broken' | undefined;
    if (job === undefined) return null;
    return job === 'broken' ? brokenEntry(id, state) : entryOf(job, state);
  }
}

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asUnreachable(error);
  }
}

/** A job whose fields are no JSON, which only another program writes, hides no other one. */
function asBroken(error: unknown): 'broken' {
  if (error instanceof SyntaxError) return 'broken';
  throw error;
}
