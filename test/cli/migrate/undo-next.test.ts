import { expect, it } from 'vitest';
import { renderUndoNext } from '../../../src/cli/migrate/render/undo.js';
import { batchTexts } from '../../../src/kit/batch/texts.js';

const next = (byState: { failed?: number; 'not-run'?: number }, stopped = false): string[] =>
  renderUndoNext(
    {
      tally: {
        total: 9,
        byState: { done: 2, skipped: 1, failed: 0, 'not-run': 0, ...byState },
        byReason: new Map(),
      },
      stoppedBy: stopped ? batchTexts.runUnknown({ run: 'R', directory: '/d' }) : null,
    },
    { goOn: 'GO ON', left: 'SHOW' },
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
