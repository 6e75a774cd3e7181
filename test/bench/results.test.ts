import { describe, expect, it } from 'vitest';
import { displayWidth } from '../../src/kit/output/text.js';
import type { Result } from './bench.js';
import { renderResults, verdictOf } from './results.js';

const result = (more: Partial<Result>): Result => ({
  name: 'migrate 2000 x 3 owners, postgresql',
  unit: 'ms/recording',
  better: 'less',
  median: 0.42,
  goal: 0.5,
  baseline: 'three synced writes of 64 kB a chunk: journal, database, journal',
  baselineMedian: 0.0045,
  ratio: 93.3,
  goalRatio: null,
  seconds: 12,
  error: null,
  ...more,
});

describe('the verdict of a bench', () => {
  it.each([
    ['met', { median: 0.5 }],
    ['MISSED', { median: 0.51 }],
    ['MISSED', { median: 0.51, goalRatio: 90 }],
    ['ratio', { median: 0.51, goalRatio: 100 }],
    ['met', { goal: null, goalRatio: 100 }],
    ['MISSED', { goal: null, goalRatio: 90 }],
    ['met', { better: 'more', median: 13.1, goal: 13 }],
    ['MISSED', { better: 'more', median: 12.9, goal: 13, ratio: 0.51, goalRatio: 0.52 }],
    ['ratio', { better: 'more', median: 12.9, goal: 13, ratio: 0.53, goalRatio: 0.52 }],
    ['', { goal: null }],
    ['FAILED', { median: null, error: 'no server' }],
  ] as const)('is %s for %o', (verdict, more) => expect(verdictOf(result(more))).toBe(verdict));
});

describe('the table of benches', () => {
  const failed = result({ name: 'scale: 100000 x 3 owners', median: null, ratio: null, error: 'no\nserver' });
  const text = renderResults(
    [result({}), failed, result({ better: 'more', median: 13, goal: 12 })],
    'cpu x2',
  );

  it('keeps within 100 columns, with number, goal, baseline, ratio and verdict', () => {
    const lines = text.split('\n');
    expect(
      lines
        .slice(0, 5)
        .map(displayWidth)
        .filter((width) => width > 100),
    ).toEqual([]);
    expect(lines[1]).toMatch(
      /^migrate 2000 x 3 owners, postgresql +0\.42 +≤ 0\.50 +ms\/recording +0\.0045 a +93\.3 +met$/,
    );
    expect(lines[3]).toContain('≥ 12.0');
  });

  it('says what failed and what to type next', () => {
    expect(text).toContain('FAILED scale: 100000 x 3 owners: no\n');
    expect(text.split('\n').at(-1)).toBe(
      "2 goals met, 0 missed, 1 failed; again, one alone: npm run bench -- 'scale: 100000 x 3 owners'",
    );
  });
});
