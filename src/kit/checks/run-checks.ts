import pLimit from 'p-limit';
import { messageOf, OperatorError } from '../errors/operator-error.js';
import { checkResult, type CheckResult } from './check-result.js';

/** One thing to look at. It reads only; what it finds are results, good ones included. */
export interface Check {
  /** Unique within one run; other checks name it in `needs`. */
  readonly name: string;
  /** What is looked at, for a check that could not give its own results. */
  readonly subject: string;
  /** Checks that come first: when one of them ends critical or unknown, this one is not run. */
  readonly needs?: readonly string[];
  /** Its own time limit, in milliseconds. */
  readonly timeoutMs?: number;
  run(signal: AbortSignal): Promise<CheckResult | readonly CheckResult[]>;
}

export interface RunChecksOptions {
  readonly signal: AbortSignal;
  /** Time limit of one check; default 15 s. */
  readonly timeoutMs?: number;
  /** Checks under way at once; default 8. */
  readonly concurrency?: number;
  /** Told as each check ends, in the order of their ends. */
  readonly onResults?: (results: readonly CheckResult[]) => void;
}

/**
 * Runs checks side by side, each within its time limit, and gives their results in the order of the checks.
 * A check never fails the run: an OperatorError is a critical result with its code, a time limit or a fault
 * is `unknown`. A check that ignores its signal is left behind, not waited for.
 */
export async function runChecks(
  checks: readonly Check[],
  { signal, timeoutMs = 15_000, concurrency = 8, onResults }: RunChecksOptions,
): Promise<CheckResult[]> {
  const limit = pLimit(concurrency);
  const ends = new Map<string, Promise<readonly CheckResult[]>>();
  const start = (check: Check): Promise<readonly CheckResult[]> => {
    const known = ends.get(check.name);
    if (known !== undefined) return known;
    const end = (async () => {
      const blocker = await firstBlocker(check, ends);
      const results =
        blocker === null
          ? await limit(() => runOne(check, signal, check.timeoutMs ?? timeoutMs))
          : [notRun(check, blocker)];
      onResults?.(results);
      return results;
    })();
    ends.set(check.name, end);
    return end;
  };
  assertOrder(checks);
  return (await Promise.all(checks.map(start))).flat();
}

/** A check may only need checks that stand before it: so no two can wait for each other. */
function assertOrder(checks: readonly Check[]): void {
  const before = new Set<string>();
  for (const { name, needs = [] } of checks) {
    for (const need of needs) {
      if (!before.has(need))
        throw new TypeError(`check ${name} needs ${need}, which does not stand before it`);
    }
    before.add(name);
  }
}

async function firstBlocker(
  check: Check,
  ends: ReadonlyMap<string, Promise<readonly CheckResult[]>>,
): Promise<CheckResult | null> {
  for (const need of check.needs ?? []) {
    const results = (await ends.get(need)) ?? [];
    const blocker = results.find(({ status }) => status === 'critical' || status === 'unknown');
    if (blocker !== undefined) return blocker;
  }
  return null;
}

const notRun = (check: Check, blocker: CheckResult): CheckResult =>
  checkResult(
    'check-not-run',
    check.subject,
    { cause: blocker.subject },
    { status: 'unknown', id: `check-not-run@${check.name}`, causedBy: [blocker.id] },
  );

async function runOne(check: Check, signal: AbortSignal, timeoutMs: number): Promise<readonly CheckResult[]> {
  const own = new AbortController();
  const timer = setTimeout(() => own.abort(), timeoutMs);
  const both = AbortSignal.any([signal, own.signal]);
  try {
    const found = await Promise.race([rejectOnAbort(both), check.run(both)]);
    return Array.isArray(found) ? (found as readonly CheckResult[]) : [found as CheckResult];
  } catch (error) {
    return [
      resultOfFailure(check, error, { interrupted: signal.aborted, late: own.signal.aborted, timeoutMs }),
    ];
  } finally {
    clearTimeout(timer);
    own.abort();
  }
}

function resultOfFailure(
  check: Check,
  error: unknown,
  { interrupted, late, timeoutMs }: { interrupted: boolean; late: boolean; timeoutMs: number },
): CheckResult {
  const { subject } = check;
  const options = (code: string) => ({ status: 'unknown' as const, id: `${code}@${check.name}` });
  if (interrupted) return checkResult('check-interrupted', subject, {}, options('check-interrupted'));
  if (late) {
    return checkResult('check-timed-out', subject, { seconds: timeoutMs / 1000 }, options('check-timed-out'));
  }
  if (error instanceof OperatorError) {
    return checkResult(error.code, subject, error.parameters, {
      status: 'critical',
      id: `${error.code}@${check.name}`,
    });
  }
  const detail = messageOf(error);
  return checkResult('check-fault', subject, { detail }, options('check-fault'));
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = (): void => reject(new Error('aborted'));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
