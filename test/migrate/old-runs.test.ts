import { expect, it } from 'vitest';
import type { RunRecord } from '../../src/kit/batch/journal.js';
import { oldRuns } from '../../src/migrate/old-runs.js';

const DAY = 86_400_000;
const now = 1_800_000_000_000;
const run = (id: string, startedDaysAgo: number, endedDaysAgo: number | null): RunRecord =>
  ({
    id,
    startedAt: now - startedDaysAgo * DAY,
    endedAt: endedDaysAgo === null ? null : now - endedDaysAgo * DAY,
  }) as RunRecord;
const runs = [run('old', 400, 399), run('killed', 400, null), run('night', 1, null), run('new', 2, 1)];

it('forgets runs that were killed as well, and never one that may be under way', () => {
  const ids = (days: number) => oldRuns(runs, now - days * DAY, now).map(({ id }) => id);
  expect(ids(365)).toEqual(['old', 'killed']);
  expect(ids(0)).toEqual(['old', 'killed', 'new']);
  expect(ids(500)).toEqual([]);
});
