import type { QueuedConversion, QueueEntry, QueueFailure } from '../queue/conversion-queue.js';

/** What this machine knows of a conversion that it gave to esup-runner; stands in its journal beside the job. */
export interface TaskRecord {
  /** `waiting`: to be given to the manager; `running`: given; the film may be made but is not here yet. */
  readonly state: 'waiting' | 'running' | 'done' | 'set-aside';
  /** The manager's id of the task that counts. */
  readonly task: string | null;
  /** Number of that task among those of this conversion, from 1: in its parameter `attempt`. */
  readonly submission: number;
  /** Conversions that failed. */
  readonly attempts: number;
  /** Tasks whose runner was lost. */
  readonly takeovers: number;
  /** Tasks that never reached their runner. */
  readonly misses: number;
  /** Unix milliseconds. */
  readonly notBefore: number;
  readonly startedAt: number | null;
  readonly failure: QueueFailure | null;
}

export const newRecord = (submission = 1): TaskRecord => ({
  state: 'waiting',
  task: null,
  submission,
  attempts: 0,
  takeovers: 0,
  misses: 0,
  notBefore: 0,
  startedAt: null,
  failure: null,
});

export interface LedgerEntry {
  readonly job: QueuedConversion;
  readonly record: TaskRecord;
}

/** The journal as a queue of tasks needs it: the manager itself keeps no queue. */
export interface TaskLedger {
  find(ids: readonly string[]): Map<string, LedgerEntry>;
  /** Durable once it returns. */
  save(job: QueuedConversion, record: TaskRecord): void;
  /** Newest state of every conversion of this manager that this machine gave or is to give. */
  all(): Iterable<LedgerEntry>;
}

/** As every engine tells of a job. */
export function entryOfRecord({ job, record }: LedgerEntry, runner: string | null = null): QueueEntry {
  const { state, attempts, failure, startedAt } = record;
  return {
    id: job.id,
    label: job.label,
    missing: '',
    state:
      state === 'set-aside'
        ? 'failed'
        : state === 'waiting'
          ? failure === null
            ? 'queued'
            : 'retrying'
          : state,
    attempts,
    progress: null,
    worker: runner,
    startedAt: state === 'running' ? startedAt : null,
    failure,
  };
}
