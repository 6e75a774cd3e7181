import type { Outcome, PlannedAction } from '../kit/batch/action.js';
import { applyInChunks, type BatchResult } from '../kit/batch/apply.js';
import type { ItemShown, Journal, JournalItem, RunRecord } from '../kit/batch/journal.js';
import type { ItemEvent } from '../kit/batch/tally.js';
import type { ImportWritten } from './apply-imports.js';
import type { AwaitedClaim, ClaimFiles, WrittenClaim } from './claim-files.js';
import { importStateOf } from './import-state.js';
import type { PodDatabase, PodExternalRecording, RowRemoval } from './pod-port.js';
import { texts } from './texts.js';
import { batchTexts } from '../kit/batch/texts.js';

/** One step back: what one item of a run wrote. */
export interface UndoAction extends PlannedAction, Pick<ItemShown, 'title' | 'owner' | 'startAt'> {
  readonly kind: 'undo-import' | 'undo-user' | 'undo-claim' | 'undo-cleanup';
  readonly undoes: string;
  readonly written: unknown;
}

interface UndoOptions {
  readonly journal: Journal;
  readonly pod: PodDatabase;
  readonly files: ClaimFiles;
  readonly signal: AbortSignal;
  readonly isFatal: (error: unknown) => boolean;
  /** The run to take back, and the id of the undo itself: it is journalled as a run of its own. */
  readonly run: RunRecord;
  readonly undoRun: string;
  readonly onItem?: (event: ItemEvent<UndoAction>) => void | Promise<void>;
}

/** Runs that wrote something `undo` can take back. */
const UNDOABLE = new Set(['migrate recordings', 'migrate cleanup']);

/** The run named, or OperatorError run-unknown / run-not-undoable. */
export function findUndoableRun(journal: Journal, id: string, directory: string): RunRecord {
  const run = id === 'last' ? lastUndoable(journal) : journal.findRun(id);
  if (run === null || run === undefined) throw batchTexts.runUnknown({ run: id, directory });
  if (!UNDOABLE.has(run.command)) throw texts.runNotUndoable({ run: run.id, command: run.command });
  return run;
}

/** The newest run that wrote something and was not taken back: a run that found nothing to do is not meant. */
const lastUndoable = (journal: Journal): RunRecord | undefined =>
  journal
    .listRuns()
    .filter(
      ({ command, state, counts }) =>
        UNDOABLE.has(command) && state !== 'undone' && (state !== 'finished' || (counts['done'] ?? 0) > 0),
    )
    .at(-1);

/** What `undo` would take back, in the order in which it would: rows and files first, then the users they needed. */
export function* planUndo(journal: Journal, run: RunRecord): Generator<UndoAction> {
  // A cleanup that was killed may have removed rows whose outcome never reached the journal: restoring is harmless.
  for (const item of journal.items(run.id, ['done', 'intended'])) {
    if (item.kind === 'cleanup') yield undoAction(item, 'undo-cleanup', item.written ?? item.intent);
    if (item.state === 'intended') continue;
    if (item.kind === 'import') yield undoAction(item, 'undo-import', item.written);
    else if (item.kind === 'claim') yield undoAction(item, 'undo-claim', item.written);
  }
  // Of a run that was taken back whole the accounts went, too.
  if (run.state === 'undone') return;
  for (const item of journal.items(run.id, ['done', 'undone'])) {
    if (item.kind === 'import' && (item.written as ImportWritten | null)?.createdUser !== undefined) {
      yield undoAction(item, 'undo-user', (item.written as ImportWritten).createdUser);
    }
  }
}

const undoAction = (item: JournalItem, kind: UndoAction['kind'], written: unknown): UndoAction => ({
  id: `${kind}/${item.actionId}`,
  kind,
  recordId: item.recordId,
  reason: 'undone',
  undoes: item.actionId,
  written,
  ...shownOf(item, written),
});

/** What people read of it. Cleanups of 0.1 noted no title: their rows have it. */
function shownOf(
  { shown, kind }: JournalItem,
  written: unknown,
): Pick<ItemShown, 'title' | 'owner' | 'startAt'> {
  const { title, owner, startAt } = shown;
  if (title !== '' || kind !== 'cleanup') return { title, owner, startAt };
  const row = written as Partial<PodExternalRecording> | null;
  return { title: row?.name ?? '', owner, startAt: row?.startAt ?? null };
}

/** Takes back what still equals what the journal says; the rest is left and listed (state `failed`, reason undo-…). */
export async function undoRun(options: UndoOptions): Promise<BatchResult> {
  const { journal, run, undoRun: id } = options;
  const begun = openIntentsOfEarlierUndo(journal, run);
  journal.startRun({ id, command: 'migrate undo', target: run.target, header: { undoes: run.id } });
  // The generator reads the journal while chunks are marked undone: users come after all rows, as they must.
  const result = await applyInChunks<UndoAction>({
    run: id,
    actions: planUndo(journal, run),
    journal,
    signal: options.signal,
    isFatal: options.isFatal,
    prepareChunk: async () => new Map(),
    applyChunk: async (actions) => {
      const outcomes = (await undoChunk(actions, options)).map((outcome) => settleGone(outcome, begun));
      journal.markUndone(run.id, undoneIds(actions, outcomes));
      return outcomes;
    },
    ...(options.onItem === undefined ? {} : { onItem: options.onItem }),
  });
  const { byState } = result.tally;
  if (result.stoppedBy === null && byState.failed === 0) journal.endRun(run.id, 'undone', run.counts);
  journal.endRun(id, result.stoppedBy === null ? 'finished' : 'interrupted', byState);
  return result;
}

/** An undo that was killed between its transaction and the journal: what it meant to remove and is gone was removed by it. */
function openIntentsOfEarlierUndo(journal: Journal, run: RunRecord): Set<string> {
  const open = new Set<string>();
  for (const earlier of journal.listRuns({ command: 'migrate undo', target: run.target })) {
    if (earlier.header['undoes'] !== run.id || earlier.state === 'finished') continue;
    for (const { actionId } of journal.items(earlier.id, ['intended'])) open.add(actionId);
  }
  return open;
}

const settleGone = (outcome: Outcome, begun: ReadonlySet<string>): Outcome =>
  outcome.reason === 'undo-gone' && begun.has(outcome.actionId)
    ? { ...outcome, state: 'done', reason: 'undone' }
    : outcome;

const undoneIds = (actions: readonly UndoAction[], outcomes: readonly Outcome[]): string[] => {
  const done = new Set(outcomes.filter(({ state }) => state === 'done').map(({ actionId }) => actionId));
  return actions.filter(({ id, kind }) => done.has(id) && kind !== 'undo-user').map(({ undoes }) => undoes);
};

async function undoChunk(actions: readonly UndoAction[], options: UndoOptions): Promise<Outcome[]> {
  return [
    ...(await undoImports(
      actions.filter(({ kind }) => kind === 'undo-import'),
      options.pod,
    )),
    ...(await undoCleanup(
      actions.filter(({ kind }) => kind === 'undo-cleanup'),
      options.pod,
    )),
    ...(await undoClaims(
      actions.filter(({ kind }) => kind === 'undo-claim'),
      options,
    )),
    ...(await undoUsers(
      actions.filter(({ kind }) => kind === 'undo-user'),
      options.pod,
    )),
  ];
}

const taken = (actionId: string): Outcome => ({ actionId, state: 'done', reason: 'undone' });
const gone = (actionId: string): Outcome => ({ actionId, state: 'skipped', reason: 'undo-gone' });
const changed = (actionId: string): Outcome => ({ actionId, state: 'failed', reason: 'undo-changed' });

function rowOutcome(actionId: string, removal: RowRemoval | undefined): Outcome {
  if (removal?.state === 'removed') return taken(actionId);
  if (removal?.state === 'gone') return gone(actionId);
  // What a person imported is theirs; Pod's row says so only in its state.
  return removal?.present !== undefined && importStateOf(removal.present) === 'imported'
    ? { actionId, state: 'failed', reason: 'undo-imported' }
    : changed(actionId);
}

async function undoImports(actions: readonly UndoAction[], pod: PodDatabase): Promise<Outcome[]> {
  if (actions.length === 0) return [];
  const writtenOf = (action: UndoAction): ImportWritten => action.written as ImportWritten;
  const inserted = actions.filter((action) => writtenOf(action).tookOverFrom === undefined);
  const moved = actions.filter((action) => writtenOf(action).tookOverFrom !== undefined);
  const removed =
    inserted.length === 0
      ? []
      : await pod.removeExternalRecordings(inserted.map((action) => writtenOf(action).row));
  const returned =
    moved.length === 0
      ? []
      : await pod.giveBack(
          moved.map((action) => ({
            written: writtenOf(action).row,
            formerOwnerId: writtenOf(action).tookOverFrom ?? 0,
          })),
        );
  const removals = new Map([...removed, ...returned].map((removal) => [removal.id, removal]));
  return actions.map((action) => rowOutcome(action.id, removals.get(writtenOf(action).row.id)));
}

async function undoCleanup(actions: readonly UndoAction[], pod: PodDatabase): Promise<Outcome[]> {
  if (actions.length === 0) return [];
  const rowOf = ({ written }: UndoAction): PodExternalRecording => written as PodExternalRecording;
  const restored = await pod.restoreExternalRecordings(actions.map(rowOf));
  const states = new Map(restored.map(({ id, state }) => [id, state]));
  return actions.map((action): Outcome =>
    states.get(rowOf(action).id) === 'ownerless'
      ? { actionId: action.id, state: 'failed', reason: 'undo-owner-gone' }
      : taken(action.id),
  );
}

async function undoClaims(actions: readonly UndoAction[], { pod, files }: UndoOptions): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const { id, written } of actions)
    outcomes.push(await undoClaim(id, written as WrittenClaim | AwaitedClaim, pod, files));
  return outcomes;
}

async function undoClaim(
  actionId: string,
  claim: WrittenClaim | AwaitedClaim,
  pod: PodDatabase,
  files: ClaimFiles,
): Promise<Outcome> {
  const [held] = await pod.findClaimPaths([claim.path]);
  if (held?.state === 'claimed') return { actionId, state: 'failed', reason: 'undo-claimed' };
  if ('job' in claim) return { actionId, state: 'failed', reason: 'undo-still-queued' };
  const stat = await files.stat(claim.path);
  if (stat !== null && (stat.sizeBytes !== claim.sizeBytes || stat.inode !== claim.inode))
    return changed(actionId);
  // The scanner may have registered the file by itself: a pending row without its file would be a dead entry.
  if (held?.state === 'pending') await pod.removeClaimRegistration(claim.path);
  if (stat === null) return gone(actionId);
  await files.remove(claim.path);
  return taken(actionId);
}

async function undoUsers(actions: readonly UndoAction[], pod: PodDatabase): Promise<Outcome[]> {
  if (actions.length === 0) return [];
  const users = actions.map(({ written }) => written as NonNullable<ImportWritten['createdUser']>);
  const states = new Map((await pod.removeCreatedUsers(users)).map(({ userId, state }) => [userId, state]));
  return actions.map(({ id }, i): Outcome => {
    const user = users[i];
    const state = user === undefined ? undefined : states.get(user.userId);
    if (state === 'removed') return taken(id);
    if (state === 'gone') return gone(id);
    const username = user?.rows['auth_user']?.['username'];
    const reasonParameters = { username: typeof username === 'string' ? username : '' };
    return { actionId: id, state: 'failed', reason: 'undo-user-touched', reasonParameters };
  });
}
