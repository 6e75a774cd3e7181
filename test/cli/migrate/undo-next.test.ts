import { expect, it } from 'vitest';
import { renderResult } from '../../../src/cli/migrate/render/plan.js';
import { renderUndoNext } from '../../../src/cli/migrate/render/undo.js';
import { words } from '../../../src/cli/migrate/words.js';
import '../../../src/migrate/texts.js';
import { batchTexts } from '../../../src/kit/batch/texts.js';

const next = (
  byState: { failed?: number; 'not-run'?: number },
  stopped = false,
  { total = 9, byReason = new Map<string, number>(), command = 'migrate recordings' } = {},
): string[] =>
  renderUndoNext(
    {
      tally: {
        total,
        byState: { done: 2, skipped: 1, failed: 0, 'not-run': 0, ...byState },
        byReason,
      },
      stoppedBy: stopped ? batchTexts.runUnknown({ run: 'R', directory: '/d' }) : null,
    },
    { goOn: 'GO ON', left: 'SHOW' },
    { id: 'R', command },
  ).split('\n');

it('says that nothing is left only when all was taken back', () => {
  expect(next({})).toEqual(['Nothing of that run is left in Pod.']);
  expect(next({ failed: 1 })).toEqual(['What is left: SHOW']);
  expect(next({ 'not-run': 6 })).toEqual(['Not taken back yet: 6. Go on: GO ON']);
  expect(next({ failed: 2, 'not-run': 4 }, true)).toEqual([
    'Not taken back yet: 4. Go on: GO ON',
    'What is left: SHOW',
  ]);
  // Stopped before the first one was counted.
  expect(next({}, true)).toEqual(['Not taken back yet: 0. Go on: GO ON']);
});

it('tells a cleanup, an empty undo and what was not there any more from the rest', () => {
  expect(next({}, false, { command: 'migrate cleanup' })).toEqual(['What that run removed is in Pod again.']);
  expect(next({}, false, { total: 0 })).toEqual([
    'Run R: nothing to take back (it wrote nothing, or was taken back).',
  ]);
  const byReason = new Map([
    ['done undone', 2],
    ['skipped undo-gone', 7],
    ['skipped import-failed', 1],
  ]);
  expect(next({}, false, { byReason }).slice(0, 3)).toEqual([
    '  7  already gone: somebody or a cleanup removed it',
    '  1  left: its import failed (…)',
    '     -> Import it again in Pod, or delete it in "Import an external video".',
  ]);
});

it('counts what was left as left, not as failed', () => {
  const tally = { total: 3, byState: { done: 1, skipped: 1, failed: 1, 'not-run': 0 }, byReason: new Map() };
  expect(renderResult('U', { tally, stoppedBy: null }, 'NEXT', { counted: words.undoResult })).toBe(
    'Run U: 1 taken back, 1 no longer there, 1 left, 0 not run\nNEXT',
  );
});
