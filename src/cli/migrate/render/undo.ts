import type { Outcome } from '../../../kit/batch/action.js';
import type { BatchResult } from '../../../kit/batch/apply.js';
import type { RunRecord } from '../../../kit/batch/journal.js';
import type { Tally } from '../../../kit/batch/tally.js';
import type { Code } from '../../../kit/errors/code.js';
import { describeCode, describeSeveral } from '../../../kit/errors/describe-code.js';
import { plainText } from '../../../kit/output/text.js';
import { hanging } from '../../../kit/output/wrap.js';
import type { UndoAction } from '../../../migrate/undo-run.js';
import { words } from '../words.js';

/** One thing that undo had to leave. */
export const renderUndoItem = (action: UndoAction, outcome: Outcome): string =>
  words.undoItem({
    title: action.title === '' ? action.recordId : plainText(action.title),
    text: describeCode(outcome.reason, outcome.reasonParameters).text,
  });

/** What a batch passed over, counted by reason, with what to do where something is to be done. */
export function renderSkipped({ byReason }: Pick<Tally, 'byReason'>): string[] {
  return [...byReason].flatMap(([key, count]) => {
    const [state, code = ''] = key.split(' ');
    if (state !== 'skipped') return [];
    const { text, remedy } = describeSeveral(code as Code);
    const lines = hanging(`  ${count}  `, text);
    return [remedy === '' ? lines : `${lines}\n${hanging('     -> ', remedy)}`];
  });
}

/**
 * What stands below an undo: "nothing is left" only when nothing is; what was not there, was not tried or had to be
 * left is counted.
 * @param commands that go on with what was not tried, and that show what had to be left
 */
export function renderUndoNext(
  { tally, stoppedBy }: BatchResult,
  commands: { readonly goOn: string; readonly left: string },
  { id, command }: Pick<RunRecord, 'id' | 'command'>,
): string {
  const { byState, total } = tally;
  const lines: string[] = [];
  if (stoppedBy !== null || byState['not-run'] > 0)
    lines.push(words.undoGoOn({ count: byState['not-run'], command: commands.goOn }));
  if (byState.failed > 0) lines.push(words.whatIsLeft({ command: commands.left }));
  if (lines.length === 0) {
    if (total === 0) lines.push(words.nothingToUndo({ run: id }));
    else lines.push(command === 'migrate cleanup' ? words.putBackAll() : words.undoneAll());
  }
  return [...renderSkipped(tally), ...lines].join('\n');
}
