import { isFatal } from '../../migrate/apply-migration.js';
import { settleIntents } from '../../migrate/settle-intents.js';
import { findUndoableRun, planUndo, undoRun } from '../../migrate/undo-run.js';
import { confirm } from '../kit/confirm.js';
import { nextCommand, unasked } from '../kit/next-command.js';
import type { Context } from '../kit/context.js';
import { ExitStatus } from '../kit/exit-status.js';
import { renderResult } from './render/plan.js';
import { renderUndoItem, renderUndoNext } from './render/undo.js';
import { newRunId } from '../../kit/batch/run-id.js';
import type { Speaker } from '../kit/speaker.js';
import { claimFilesOf } from './claims.js';
import { lockPod, podOf } from '../sites/pod.js';
import { journalOf } from '../sites/state.js';
import { texts as migrateTexts } from '../../migrate/texts.js';
import { words } from './words.js';

interface UndoRequest {
  readonly run: string;
  /** Only show what would be taken back. */
  readonly plan: boolean;
  readonly yes: boolean;
}

/** `migrate undo`: exit status 3 when something had to be left. */
export async function undo(context: Context, request: UndoRequest, speaker: Speaker): Promise<ExitStatus> {
  const journal = await journalOf(context);
  const run = findUndoableRun(journal, request.run, context.stateDirectory);
  if (request.plan) return showUndo(context, journal, run, speaker);
  const pod = await podOf(context);
  const { target } = await pod.describe();
  if (target !== run.target)
    throw migrateTexts.runOfAnotherPod({ run: run.id, target: run.target, actual: target });
  await confirm(words.askUndo({ run: run.id }), request.yes);
  await lockPod(context, pod);
  const files = await claimFilesOf(context);
  await settleIntents(journal, target, pod, files);
  const undoId = newRunId();
  const result = await undoRun({
    journal,
    pod,
    files,
    signal: context.signal,
    isFatal,
    run,
    undoRun: undoId,
    onItem: ({ action, outcome }) => {
      if (speaker.json)
        speaker.printJson({ type: 'item', id: action.id, recordId: action.recordId, ...outcome }, 0);
      else if (outcome.state === 'failed') speaker.print(renderUndoItem(action, outcome));
    },
  });
  const { byState } = result.tally;
  const next = renderUndoNext(
    result,
    {
      goOn: nextCommand(context, 'migrate', 'undo', run.id, ...unasked()),
      left: nextCommand(context, 'migrate', 'status', undoId, '--state', 'failed'),
    },
    run,
  );
  if (speaker.json)
    speaker.printJson({ type: 'summary', run: undoId, undoes: run.id, states: byState, next }, 0);
  else speaker.print(renderResult(undoId, result, next, { counted: words.undoResult }));
  if (result.stoppedBy !== null) throw result.stoppedBy;
  return byState.failed > 0 ? ExitStatus.partial : ExitStatus.done;
}

function showUndo(
  context: Context,
  journal: Awaited<ReturnType<typeof journalOf>>,
  run: ReturnType<typeof findUndoableRun>,
  speaker: Speaker,
): ExitStatus {
  const counts: Record<string, number> = {};
  for (const action of planUndo(journal, run)) {
    counts[action.kind] = (counts[action.kind] ?? 0) + 1;
    if (speaker.json)
      speaker.printJson({ type: 'item', id: action.id, kind: action.kind, recordId: action.recordId }, 0);
  }
  if (speaker.json) speaker.printJson({ type: 'summary', undoes: run.id, counts }, 0);
  else if (Object.keys(counts).length === 0) speaker.print(words.nothingToUndo({ run: run.id }));
  else {
    const of = (kind: keyof typeof counts): number => counts[kind] ?? 0;
    const lines = [
      words.runWrote({ run: run.id, command: run.command }),
      words.undoCounts({
        imports: of('undo-import'),
        users: of('undo-user'),
        claims: of('undo-claim'),
        rows: of('undo-cleanup'),
      }),
      words.changedIsLeft(),
      words.takeBack({ command: nextCommand(context, 'migrate', 'undo', run.id, ...unasked()) }),
    ];
    speaker.print(lines.join('\n'));
  }
  return ExitStatus.done;
}
