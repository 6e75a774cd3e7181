import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Pace, renderLeft, renderPace } from '../../../src/kit/output/pace.js';
import { linesInLog } from '../../../src/kit/output/progress-lines.js';

const start = Date.UTC(2026, 10, 29, 2, 0);
const minutes = (count: number): number => start + count * 60_000;

describe('Pace', () => {
  it('says what is at work, its share, and when all will be done', () => {
    const pace = new Pace(340, start);
    expect(pace.facts(start)).toMatchObject({ perMinute: null, endsAt: null });
    expect(renderLeft(pace.facts(start), start)).toBe('--');
    for (let i = 0; i < 12; i++) pace.ended(i < 3);
    pace.at('CM 3', 0.41);
    const facts = pace.facts(minutes(4));
    expect(renderPace(facts, 'Europe/Paris')).toBe(
      '12/340 done, 3 failed, now "CM 3" 41 %, ends about 04:49',
    );
    expect(facts.perMinute).toBe(3);
    expect(renderLeft(facts, minutes(4))).toBe('1 h 46');
  });

  it('says no end when all is done', () => {
    const pace = new Pace(1, start);
    pace.ended(false);
    expect(renderPace(pace.facts(minutes(1)), 'UTC')).toBe('1/1 done');
  });
});

describe('linesInLog', () => {
  beforeEach(() => void vi.useFakeTimers({ now: start }));
  afterEach(() => void vi.useRealTimers());

  it('writes a line per step and finished item, and one a minute during a long one', () => {
    const log: string[] = [];
    const told: string[] = [];
    const seen: number[] = [];
    const progress = linesInLog({
      log: (text) => log.push(text),
      tell: (text) => told.push(text),
      timezone: 'UTC',
      onPace: ({ done }) => seen.push(done),
    });
    progress.step('making files to claim', 3);
    progress.at('CM 1', 0.5);
    vi.advanceTimersByTime(130_000);
    expect(told).toEqual(['0/3 done, now "CM 1" 50 %', '0/3 done, now "CM 1" 50 %']);
    progress.ended({ failed: false, line: 'done: CM 1' });
    progress.ended({ failed: true, line: 'failed: CM 2' });
    expect(told.slice(2)).toEqual(['1/3 done: CM 1', '2/3 failed: CM 2']);
    progress.stop();
    vi.advanceTimersByTime(300_000);
    expect(told).toHaveLength(4);
    expect(log).toEqual(['making files to claim (3)']);
    expect(seen).toEqual([0, 1]);
  });
});
