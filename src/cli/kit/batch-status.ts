import type { BatchResult } from '../../kit/batch/apply.js';
import { ExitStatus } from './exit-status.js';

/**
 * What batches end with. Interrupted: the signal's status. Stopped without effect: 1. Something failed or is left
 * (also at a time limit): 3.
 */
export function batchStatus(results: readonly BatchResult[]): ExitStatus {
  const stopped = results.find(({ stoppedBy }) => stoppedBy !== null)?.stoppedBy ?? null;
  if (stopped?.code === 'interrupted') return stopped.exitStatus;
  const idle = results.every(({ tally }) => tally.byState.done === 0);
  if (stopped !== null && stopped.code !== 'time-limit-reached' && idle) return ExitStatus.failed;
  const left = results.some(({ tally }) => tally.byState.failed + tally.byState['not-run'] > 0);
  return left ? ExitStatus.partial : ExitStatus.done;
}
