import { createHash } from 'node:crypto';
import type { ConvertOptions } from '../convert-options.js';

/**
 * What a job tells a worker to convert: a recordID, or files on a disk that both see. A URL only ever comes from a task
 * of esup-runner whose host the worker itself allows; it has no query: tokens die.
 */
export type QueuedSource =
  | { readonly recordId: string; readonly server: string | null }
  | { readonly folder: string }
  | { readonly archive: string }
  | { readonly url: string };

/** One conversion as it stands in Redis and in the enqueuer's journal. No URL, cookie or secret is in it. */
export interface QueuedConversion {
  readonly id: string;
  readonly source: QueuedSource;
  /** What people call it. */
  readonly label: string;
  /** Absolute, on a directory that all workers see. */
  readonly outputPath: string;
  /** Cores are each worker's own. */
  readonly options: Omit<ConvertOptions, 'cores'>;
  /** Made again though the file is there. */
  readonly force: boolean;
  /** The file goes into Pod's claim directory: made elsewhere, placed whole, never over another. */
  readonly claim: ClaimPlacement | null;
}

/** Owner and mode of a claim file; null leaves those of the directory. */
export interface ClaimPlacement {
  readonly owner: { readonly uid: number; readonly gid: number } | null;
  readonly mode: number | null;
}

export type QueueState = 'queued' | 'running' | 'retrying' | 'done' | 'failed';

/** Why a job was set aside, as a coded failure. */
export interface QueueFailure {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

export interface QueueEntry {
  readonly id: string;
  readonly label: string;
  readonly state: QueueState;
  /** Attempts that failed so far. */
  readonly attempts: number;
  readonly progress: { readonly step: string; readonly fraction: number | null } | null;
  readonly worker: string | null;
  /** When its worker took it; Unix milliseconds. */
  readonly startedAt: number | null;
  /** Of one that is done: what its film lacks, for the server lacks it; empty where nothing is known to be missing. */
  readonly missing: string;
  /** Of the last failed attempt. */
  readonly failure: QueueFailure | null;
}

/**
 * An engine of conversions as those see it who fill it and look at it. Two adapters: adapters/queue over Redis (BullMQ),
 * adapters/esup-runner over the manager of esup-runner. Workers see the other side: `TakeJobs` in work-on-queue.ts.
 */
export interface ConversionQueue {
  /** Adds what is not there: a job that the queue knows is left as it is. @throws OperatorError queue-unreachable */
  enqueue(jobs: readonly QueuedConversion[]): Promise<void>;
  /** Those of these that the queue still knows. */
  find(ids: readonly string[]): Promise<Map<string, QueueEntry>>;
  /** Forgets jobs that ended. */
  remove(ids: readonly string[]): Promise<void>;
  count(): Promise<Readonly<Record<QueueState, number>>>;
  /** The first `limit` of a state; of those done the last. */
  list(state: QueueState, limit: number): Promise<QueueEntry[]>;
  /** Names of the workers that are connected. */
  listWorkers(): Promise<string[]>;
}

/**
 * Names a job after what it makes: the same conversion has one id, whoever enqueues it and however often.
 * Never a number and without a colon, which BullMQ keeps for itself.
 */
export function queuedConversion(job: Omit<QueuedConversion, 'id'>): QueuedConversion {
  const { source, outputPath, options } = job;
  const name = 'recordId' in source && /^[\w-]{1,80}$/.test(source.recordId) ? source.recordId : 'files';
  const hash = createHash('sha256')
    .update(
      JSON.stringify([source, outputPath, Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1))]),
    )
    .digest('hex');
  return { id: `${name}-${hash.slice(0, 16)}`, ...job };
}
