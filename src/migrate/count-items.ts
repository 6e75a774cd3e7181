import type { Journal } from '../kit/batch/journal.js';

/** Items of a run by how they ended, as its line shows them; an intent that stands open was not run. */
export function countItems(journal: Pick<Journal, 'items'>, run: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { state } of journal.items(run)) {
    const key = state === 'intended' ? 'not-run' : state;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}
