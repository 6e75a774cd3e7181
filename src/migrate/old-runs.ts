import type { RunRecord } from '../kit/batch/journal.js';

/** A run that was killed never ended: after so long nobody goes on with it, and it cannot be under way. */
const SURELY_OVER_MS = 30 * 86_400_000;

/**
 * The runs to forget: those that ended before an instant (Unix ms), and those that a crash left without an end, by
 * their beginning; what they hold of people must go like the rest.
 */
export const oldRuns = (runs: readonly RunRecord[], limit: number, now: number): RunRecord[] =>
  runs.filter(({ startedAt, endedAt }) =>
    endedAt === null ? startedAt < Math.min(limit, now - SURELY_OVER_MS) : endedAt < limit,
  );
