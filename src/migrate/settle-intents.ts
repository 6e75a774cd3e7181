import type { Outcome } from '../kit/batch/action.js';
import type { Journal, JournalItem } from '../kit/batch/journal.js';
import { chunksOf } from '../kit/batch/plan.js';
import { claimOutcome } from './apply-claims.js';
import { asOutcome, type ImportIntent } from './apply-imports.js';
import {
  isSameFile,
  type AwaitedClaim,
  type ClaimFiles,
  type FileStamp,
  type WrittenClaim,
} from './claim-files.js';
import { countItems } from './count-items.js';
import type { PodDatabase } from './pod-port.js';
import { append } from '../kit/groups.js';

/** What the journal keeps of a claim before its file is written. */
export interface ClaimIntent {
  readonly path: string;
  /** Whether a file stood there before: then it is not ours. */
  readonly existed: boolean;
  /** The incomplete one that it is to replace, as it stood there. */
  readonly instead?: FileStamp;
  /** Whether it may lack what its server lacks. */
  readonly mayLack?: true;
  /** For `moodle annotate`; absent in older journals. */
  readonly meetingId?: string;
  readonly title?: string;
  readonly startAt?: number;
  readonly hidden?: true;
}

/**
 * After a crash some intents stand open: nobody knows whether they were written. Looks at Pod and at the files,
 * and settles each as done (with what was written) or not-run. Call it under the lock, before planning or undoing.
 * @returns how many were found written.
 */
export async function settleIntents(
  journal: Journal,
  target: string,
  pod: PodDatabase,
  files: ClaimFiles,
): Promise<number> {
  let found = 0;
  for (const run of journal.listRuns({ target, command: 'migrate recordings' })) {
    if (run.header['queue'] === true && run.state !== 'undone')
      await settleAwaited(journal, run.id, pod, files);
    if (run.state === 'finished' || run.state === 'undone') continue;
    for await (const items of chunksOf(journal.items(run.id, ['intended']), 500)) {
      const outcomes = [...(await settleImports(items, pod)), ...(await settleClaims(items, pod, files))];
      journal.recordOutcomes(run.id, outcomes);
      found += outcomes.filter(({ state }) => state === 'done').length;
    }
    // One that was killed counted nothing.
    if (run.state === 'running') journal.endRun(run.id, 'interrupted', countItems(journal, run.id));
  }
  return found;
}

const neverWritten = ({ actionId }: JournalItem): Outcome => ({
  actionId,
  state: 'not-run',
  reason: 'never-written',
});

async function settleImports(items: readonly JournalItem[], pod: PodDatabase): Promise<Outcome[]> {
  const open = items.filter(({ kind }) => kind === 'import');
  const outcomes: Outcome[] = [];
  // One chunk of one run has one set of highest ids; group by it.
  const groups = new Map<string, JournalItem[]>();
  for (const item of open) {
    const key = JSON.stringify((item.intent as ImportIntent | null)?.above ?? null);
    append(groups, key, item);
  }
  for (const group of groups.values()) {
    const intents = group
      .map(({ intent }) => intent as ImportIntent | null)
      .filter((intent) => intent !== null);
    const [first] = intents;
    const recovered =
      first === undefined
        ? []
        : await pod.recoverImports(
            intents.map(({ write }) => write),
            first.above,
          );
    const written = new Map(recovered.map((result) => [result.actionId, asOutcome(result)]));
    outcomes.push(...group.map((item) => written.get(item.actionId) ?? neverWritten(item)));
  }
  return outcomes;
}

async function settleClaims(
  items: readonly JournalItem[],
  pod: PodDatabase,
  files: ClaimFiles,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const item of items.filter(({ kind }) => kind !== 'import')) {
    const intent = item.kind === 'claim' ? (item.intent as ClaimIntent | null) : null;
    outcomes.push(intent === null ? neverWritten(item) : await settleClaim(item, intent, pod, files));
  }
  return outcomes;
}

async function settleClaim(
  item: JournalItem,
  { path, existed, instead, mayLack }: ClaimIntent,
  pod: PodDatabase,
  files: ClaimFiles,
): Promise<Outcome> {
  await files.removePartial(path);
  const [held] = await pod.findClaimPaths([path]);
  const stamp = await files.stat(path);
  const isOld = instead === undefined ? existed : stamp !== null && isSameFile(stamp, instead);
  if (stamp === null || isOld) return neverWritten(item);
  const known = await files.takeWork(item.recordId);
  const film = known ?? { missing: mayLack === true ? UNKNOWN_LACK : '', lost: [] };
  return claimOutcome(item.actionId, { path, ...stamp, registered: held?.state === 'pending' }, film);
}

/** A film of which nobody can tell whether it is whole is made again, as one that is not. */
const UNKNOWN_LACK = 'nobody knows what, the run was killed';

/** Claims that workers have made since they were enqueued: from now on they are files like the others. */
async function settleAwaited(
  journal: Journal,
  run: string,
  pod: PodDatabase,
  files: ClaimFiles,
): Promise<void> {
  for await (const items of chunksOf(journal.items(run, ['done']), 500)) {
    const awaited = items.filter(({ reason }) => reason === 'claim-queued');
    const paths = awaited.map(({ written }) => (written as AwaitedClaim).path);
    const held = new Map((await pod.findClaimPaths(paths)).map(({ path, state }) => [path, state]));
    const outcomes: Outcome[] = [];
    for (const [i, { actionId }] of awaited.entries()) {
      const path = paths[i] ?? '';
      const state = held.get(path);
      const gone = { sizeBytes: 0, modifiedAt: 0, inode: 0 };
      const stamp = (await files.stat(path)) ?? (state === 'claimed' ? gone : null);
      if (stamp === null) continue;
      const written: WrittenClaim = { path, ...stamp, registered: state === 'pending' };
      outcomes.push({ actionId, state: 'done', reason: 'claim-dropped', written });
    }
    journal.recordOutcomes(run, outcomes);
  }
}
