import type { QueueFailure } from '../queue/conversion-queue.js';
import { isHopeless } from '../queue/work-on-queue.js';
import { queueTexts } from '../queue-texts.js';
import { CANCELLED, readError } from './protocol.js';
import type { TaskRecord } from './task-record.js';
import { runnerTexts } from './texts.js';

export interface RetryRules {
  /** `[recorder] queue_attempts` */
  readonly attempts: number;
  /** `[recorder] queue_takeovers` */
  readonly takeovers: number;
  /** `[recorder] queue_retry_after`, doubled each time. */
  readonly retryAfterMs: number;
}

/** Tasks in a row that never reached their runner before the conversion is set aside. */
const MOST_MISSES = 10;
/** A worker without room offers itself no more from then on: what waits need not wait for it. */
const NO_ROOM_MS = 5000;
/** What a worker refused would be refused by the next one too; what kills its workers kills them everywhere. */
const NEVER_AGAIN = new Set(['task-refused', 'task-host-refused', 'conversion-kills-workers']);

/** Its disk is full: another worker takes it, or the same one once it has room. */
const NO_ROOM = 'disk-full';

/** What becomes of a conversion whose task failed, by the error that the manager keeps of it. Pure. */
export function afterFailure(
  record: TaskRecord,
  status: string,
  error: string,
  rules: RetryRules,
  now: number,
): TaskRecord {
  if (error.trim() === CANCELLED) return setAside(record, failureOf(runnerTexts.taskStopped()));
  const told = readError(error);
  if (told === null && status !== 'timeout') return afterMiss(record, error, rules, now);
  const failure = told ?? failureOf(runnerTexts.taskTimedOut({ detail: error || status }));
  if (failure.code === 'conversion-handed-back' || failure.code === 'task-superseded')
    return again(record, record.failure, now);
  if (failure.code === NO_ROOM) return again(record, failure, now + Math.min(rules.retryAfterMs, NO_ROOM_MS));
  if (isHopeless(failure.code) || NEVER_AGAIN.has(failure.code)) return setAside(record, failure);
  return afterAttempt(record, failure, rules, now);
}

/** One more conversion that failed. */
export function afterAttempt(
  record: TaskRecord,
  failure: QueueFailure,
  rules: RetryRules,
  now: number,
): TaskRecord {
  const attempts = record.attempts + 1;
  if (attempts >= rules.attempts) return setAside({ ...record, attempts }, failure);
  return again({ ...record, attempts }, failure, now + rules.retryAfterMs * 2 ** (attempts - 1));
}

/** The manager could not hand it over: its runner was just taken, stopped or unreachable. No conversion failed. */
function afterMiss(record: TaskRecord, error: string, rules: RetryRules, now: number): TaskRecord {
  const misses = record.misses + 1;
  const failure = failureOf(runnerTexts.taskFailed({ detail: error || '-' }));
  if (misses >= MOST_MISSES) return setAside({ ...record, misses }, failure);
  return again({ ...record, misses }, failure, now + Math.min(rules.retryAfterMs, 1000 * 2 ** misses));
}

/** Its runner was lost with it, or lost its result. */
export function afterLoss(record: TaskRecord, runner: string, rules: RetryRules, now: number): TaskRecord {
  const takeovers = record.takeovers + 1;
  if (takeovers > rules.takeovers)
    return setAside(
      { ...record, takeovers },
      failureOf(queueTexts.conversionKillsWorkers({ detail: runner })),
    );
  return again({ ...record, takeovers }, failureOf(runnerTexts.runnerLost({ runner })), now);
}

const setAside = (record: TaskRecord, failure: QueueFailure): TaskRecord => ({
  ...record,
  state: 'set-aside',
  failure,
});

const again = (record: TaskRecord, failure: QueueFailure | null, notBefore: number): TaskRecord => ({
  ...record,
  state: 'waiting',
  task: null,
  submission: record.submission + 1,
  notBefore,
  startedAt: null,
  failure,
});

export const failureOf = ({ code, message, remedy }: QueueFailure): QueueFailure => ({
  code,
  message,
  remedy,
});
