import { expect, it } from 'vitest';
import { textListener } from '../../../src/cli/moodle/render/annotate.js';
import { databaseTexts } from '../../../src/kit/errors/database.js';
import type { AnnotateAction } from '../../../src/moodle/plan-annotation.js';
import '../../../src/moodle/texts.js';

function listen(all = false) {
  const lines: string[] = [];
  const put = (text: string): number => lines.push(...text.split('\n'));
  const speaker = { print: put, say: put } as unknown as Parameters<typeof textListener>[1];
  return { lines, listener: textListener({ dry: false, all, configFlag: undefined }, speaker) };
}
const action = (id: number): AnnotateAction => ({
  id: `annotate/test/${id}`,
  kind: 'annotate',
  recordId: 'r',
  title: `Salle ${id}`,
  reason: 'annotate-written',
  reasonParameters: { activity: id },
  activity: { id, name: `Salle ${id}`, courseId: 2, courseName: 'Droit', introFormat: 1 },
  recordings: 1,
  from: '',
  to: 'x',
});
const facts = { run: '20261129-101500-abcd', moodle: 'default', recordings: 60, activities: 60, courses: 1 };

it('names what failed after the first twenty, with what to do, and takes back that run alone', () => {
  const { lines, listener } = listen();
  listener.begin({ ...facts, unmatched: [] });
  for (let id = 1; id < 40; id++) listener.item(action(id), { state: 'done', reason: 'annotate-written' });
  listener.item(action(40), {
    state: 'failed',
    reason: 'database-conflict',
    reasonParameters: { database: 'moodle', detail: 'lock' },
  });
  listener.end({
    tally: {
      total: 41,
      byState: { done: 39, failed: 1, skipped: 1, 'not-run': 0 },
      byReason: new Map([
        ['done annotate-written', 39],
        ['failed database-conflict', 1],
        ['skipped annotate-unclear', 1],
      ]),
    },
    stoppedBy: null,
  });
  const text = lines.join('\n');
  expect(text).toContain('not written: Salle 40 — Droit: ');
  expect(text).not.toMatch(/\{\w+\}/);
  expect(text).not.toContain('annotate-written');
  expect(text).toMatch(/39 {2}done {2}notice for activity …/);
  expect(text).toMatch(/skipped {2}activity … holds a torn copy of the notice\n {10}-> Edit that activity's/);
  expect(lines.at(-1)).toMatch(/bbb2pod moodle annotate --undo --run 20261129-101500-abcd/);
  expect(lines.filter((line) => line.length > 80)).toEqual(
    [lines.at(-1)].filter((line = '') => line.length > 80),
  );
});

it('says what to do when it had to stop', () => {
  const { lines, listener } = listen();
  listener.begin({ ...facts, unmatched: [] });
  const stoppedBy = databaseTexts.databaseFull({ database: 'moodle', detail: 'no space' });
  listener.end({
    tally: { total: 0, byState: { done: 0, failed: 0, skipped: 0, 'not-run': 0 }, byReason: new Map() },
    stoppedBy,
  });
  expect(lines.join('\n')).toMatch(/Stopped: .*\n(.*\n)* {2}-> \S/);
});

it('names the recordings that no Moodle holds', () => {
  const { lines, listener } = listen();
  listener.finish(Array.from({ length: 25 }, (_, i) => `record-${i}`));
  expect(lines.filter((line) => line.startsWith('  record-'))).toHaveLength(20);
  const whole = listen(true);
  whole.listener.finish(Array.from({ length: 25 }, (_, i) => `record-${i}`));
  expect(whole.lines).toContain('  record-24');
});

it('advises the night, or a pace, where many courses rebuild their caches', () => {
  for (const [courses, is] of [
    [200, false],
    [201, true],
  ] as const) {
    const { lines, listener } = listen();
    listener.begin({ ...facts, courses, unmatched: [] });
    expect(lines.join('\n').includes('prefer the night')).toBe(is);
  }
});
