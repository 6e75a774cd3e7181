import { localized } from '../../kit/output/localized.js';
import { counted } from '../../kit/output/units.js';
import { isFatal } from '../../migrate/apply-migration.js';
import { settleIntents } from '../../migrate/settle-intents.js';
import { findUndoableRun, planUndo, undoRun } from '../../migrate/undo-run.js';
import type { BatchResult } from '../../kit/batch/apply.js';
import { confirm } from '../kit/confirm.js';
import { nextCommand, unasked } from '../kit/next-command.js';
import type { Context } from '../kit/context.js';
import { ExitStatus } from '../kit/exit-status.js';
import { renderResult } from './render/plan.js';
import { renderUndoItem } from './render/undo.js';
import { newRunId } from '../../kit/batch/run-id.js';
import type { Speaker } from '../kit/speaker.js';
import { claimFilesOf } from './claims.js';
import { lockPod, podOf } from '../sites/pod.js';
import { journalOf } from '../sites/state.js';
import { texts as migrateTexts } from '../../migrate/texts.js';

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
  await confirm(localized(`Take back run ${run.id}?`, `Annuler l'exécution ${run.id} ?`), request.yes);
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
  const next = whatNext(context, { run: run.id, undo: undoId }, result);
  if (speaker.json)
    speaker.printJson({ type: 'summary', run: undoId, undoes: run.id, states: byState, next }, 0);
  else speaker.print(renderResult(undoId, result, next));
  if (result.stoppedBy !== null) throw result.stoppedBy;
  return byState.failed > 0 ? ExitStatus.partial : ExitStatus.done;
}

/** "Nothing is left" only when nothing is: what was not tried or had to be left is counted, with the command to go on. */
function whatNext(
  context: Context,
  { run, undo: undoId }: { readonly run: string; readonly undo: string },
  { tally: { byState }, stoppedBy }: BatchResult,
): string {
  const lines: string[] = [];
  if (stoppedBy !== null || byState['not-run'] > 0)
    lines.push(
      `${localized(`Not taken back yet: ${byState['not-run']}. Go on:`, `Pas encore annulés : ${byState['not-run']}. Continuer :`)} ${nextCommand(context, 'migrate', 'undo', run, ...unasked())}`,
    );
  if (byState.failed > 0)
    lines.push(
      `${localized('What is left:', 'Ce qui reste :')} ${nextCommand(context, 'migrate', 'status', undoId, '--state', 'failed')}`,
    );
  return lines.length > 0
    ? lines.join('\n')
    : localized('Nothing of that run is left in Pod.', 'Il ne reste rien de cette exécution dans Pod.');
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
  else {
    const of = (kind: keyof typeof counts, noun: string): string => counted(counts[kind] ?? 0, noun);
    const lines = [
      localized(`Run ${run.id} (${run.command}) wrote:`, `L'exécution ${run.id} (${run.command}) a écrit :`),
      localized(
        `${of('undo-import', 'external recording')}, ${of('undo-user', 'account')}, ${of('undo-claim', 'file')}; it removed ${of('undo-cleanup', 'row')}`,
        `enregistrements externes : ${counts['undo-import'] ?? 0}, comptes : ${counts['undo-user'] ?? 0}, fichiers : ${counts['undo-claim'] ?? 0} ; lignes retirées : ${counts['undo-cleanup'] ?? 0}`,
      ),
      localized(
        'What people changed since is left and listed.',
        'Ce que des personnes ont changé depuis est laissé et listé.',
      ),
      `${localized('Take it back:', 'Annuler :')} ${nextCommand(context, 'migrate', 'undo', run.id, ...unasked())}`,
    ];
    speaker.print(lines.join('\n'));
  }
  return ExitStatus.done;
}
