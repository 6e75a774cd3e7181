import type { OperatorError } from '../../kit/errors/operator-error.js';
import type { QueuedConversion, QueueFailure } from '../queue/conversion-queue.js';
import type { RetryRules } from './judge-task.js';
import type { ManagerLook, ManagerTask } from './protocol.js';
import type { TaskLedger } from './task-record.js';

/** What following needs of the outside. Its failures are coded manager-…, runner-gone, task-…, result-broken. */
export interface FollowPorts {
  /** @returns the task's id */
  execute(job: QueuedConversion, submission: number): Promise<string>;
  status(task: string): Promise<ManagerTask>;
  stop(task: string): Promise<void>;
  look(): Promise<ManagerLook>;
  tasks(): Promise<ManagerTask[]>;
  /** Whether the runner itself says that it works on that task; null when it cannot be reached from here. */
  worksOn(runnerUrl: string, task: string): Promise<boolean | null>;
  /**
   * Waits at the runner itself for the end of a task. Null when it cannot be waited for there (it is not reachable from here,
   * or no runner of ours); false when it has not ended yet.
   */
  ended(runnerUrl: string, task: string, signal: AbortSignal): Promise<boolean | null>;
  /** Brings the film of an ended task, checks it, and puts it where it belongs. */
  deliver(job: QueuedConversion, task: string): Promise<Delivered>;
  readonly ledger: TaskLedger;
  now(): number;
  /** Resolves after that time, or earlier when `until` does. */
  wait(ms: number, until: Promise<unknown>): Promise<void>;
}

export interface Delivered {
  /** What the film lacks, for its server lacks it, in one line; empty for a whole one. */
  readonly missing: string;
}

export interface FollowSettings extends RetryRules {
  /** A runner that the manager has not heard of for so long, and that cannot be reached from here either, is lost. */
  readonly lostAfterMs: number;
  /** A result whose runner does not answer for so long is made again. */
  readonly goneAfterMs: number;
  /**
   * Between two looks: a hundredth of the time that the youngest task has run, within these; the longest while their runners
   * themselves tell the ends.
   */
  readonly pollMs: number;
  readonly longestPollMs: number;
  /** Before another try when nobody is free; doubled up to the longest. */
  readonly busyMs: number;
  readonly longestBusyMs: number;
}

export type FollowEvent =
  | { readonly kind: 'given'; readonly job: QueuedConversion; readonly task: string }
  | ({ readonly kind: 'done'; readonly job: QueuedConversion; readonly task: string } & Delivered)
  | {
      readonly kind: 'again' | 'set-aside';
      readonly job: QueuedConversion;
      readonly failure: QueueFailure | null;
    }
  /** Nothing can be given or asked for now. */
  | { readonly kind: 'waits'; readonly error: OperatorError };

/** `incomplete`: of those done, without something that the server lacks. */
export type FollowTally = Record<'done' | 'incomplete' | 'setAside', number>;
