import type { Outcome } from '../../../kit/batch/action.js';
import type { BatchResult } from '../../../kit/batch/apply.js';
import { describeCode } from '../../../kit/errors/describe-code.js';
import type { UndoAction } from '../../../migrate/undo-run.js';
import { words } from '../words.js';

/** One thing that undo had to leave. */
export const renderUndoItem = (action: UndoAction, outcome: Outcome): string =>
  words.undoItem({
    recordId: action.recordId,
    text: describeCode(outcome.reason, outcome.reasonParameters).text,
  });

/**
 * What stands below an undo: "nothing is left" only when nothing is; what was not tried or had to be left is counted.
 * @param commands that go on with what was not tried, and that show what had to be left
 */
export function renderUndoNext(
  { tally: { byState }, stoppedBy }: BatchResult,
  commands: { readonly goOn: string; readonly left: string },
): string {
  const lines: string[] = [];
  if (stoppedBy !== null || byState['not-run'] > 0)
    lines.push(words.undoGoOn({ count: byState['not-run'], command: commands.goOn }));
  if (byState.failed > 0) lines.push(words.whatIsLeft({ command: commands.left }));
  return lines.length > 0 ? lines.join('\n') : words.undoneAll();
}
