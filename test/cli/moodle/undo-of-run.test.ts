import { expect, it, vi } from 'vitest';
import { textListener } from '../../../src/cli/moodle/render/annotate.js';
import type { Speaker } from '../../../src/cli/kit/speaker.js';
import type { Journal, RunRecord } from '../../../src/kit/batch/journal.js';
import { Counter } from '../../../src/kit/batch/tally.js';
import { findAnnotation } from '../../../src/moodle/undo-annotations.js';

const run = (id: string, more: Partial<RunRecord> = {}): RunRecord =>
  ({ id, state: 'finished', counts: { done: 2 }, header: { moodle: 'default' }, ...more }) as RunRecord;
const journal = (...runs: readonly RunRecord[]): Pick<Journal, 'listRuns'> => ({ listRuns: () => [...runs] });

it('`last` is the newest annotation that wrote something and was not taken back', () => {
  const first = run('1');
  const second = run('2', { header: { moodle: 'old' } });
  const idle = run('3', { counts: { done: 0, skipped: 4 } });
  const undone = run('4', { state: 'undone' });
  const kept = journal(first, second, idle, undone);
  expect(findAnnotation(kept, 'last', undefined)).toBe(second);
  expect(findAnnotation(kept, 'last', 'default')).toBe(first);
  expect(findAnnotation(kept, '3', undefined)).toBe(idle);
  for (const typed of ['last', '9'])
    expect(() => findAnnotation(journal(undone), typed, undefined)).toThrow(
      expect.objectContaining({ code: 'annotate-run-unknown' }) as Error,
    );
});

it('the line after a run takes back what that run wrote', () => {
  const say = vi.fn();
  const speaker = { print: vi.fn(), say } as unknown as Speaker;
  const listener = textListener({ dry: false, all: false, configFlag: undefined }, speaker);
  const counts = { moodle: 'default', recordings: 2, activities: 1, courses: 1, unmatched: [] };
  listener.begin({ run: '20261129-aaaa', ...counts });
  const counter = new Counter();
  counter.add({ actionId: 'a', state: 'done', reason: 'annotate-written' });
  listener.end({ tally: counter.tally(), stoppedBy: null });
  expect(say).toHaveBeenLastCalledWith(
    expect.stringContaining('bbb2pod moodle annotate --undo --run 20261129-aaaa'),
  );
});
