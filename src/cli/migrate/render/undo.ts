import type { Outcome } from '../../../kit/batch/action.js';
import { describeCode } from '../../../kit/errors/describe-code.js';
import type { UndoAction } from '../../../migrate/undo-run.js';

/** One thing that undo had to leave. */
export const renderUndoItem = (action: UndoAction, outcome: Outcome): string =>
  `${action.recordId}: ${describeCode(outcome.reason, outcome.reasonParameters).text}`;
