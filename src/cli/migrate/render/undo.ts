import type { Outcome } from '../../../kit/batch/action.js';
import { describeCode } from '../../../kit/errors/describe-code.js';
import type { UndoAction } from '../../../migrate/undo-run.js';
import { words } from '../words.js';

/** One thing that undo had to leave. */
export const renderUndoItem = (action: UndoAction, outcome: Outcome): string =>
  words.undoItem({
    recordId: action.recordId,
    text: describeCode(outcome.reason, outcome.reasonParameters).text,
  });
