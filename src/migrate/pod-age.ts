import type { Journal, JournalItem, RunRecord } from '../kit/batch/journal.js';
import { chunksOf } from '../kit/batch/plan.js';
import type { ImportWritten } from './apply-imports.js';
import type { PodDatabase, PodExternalRecording } from './pod-port.js';

type Pod = Pick<PodDatabase, 'findExternalRecordings' | 'findUsersById' | 'lastGivenIds'>;

/** What runs wrote and Pod, or a backup of it that was put back, does not know. */
export interface OlderPod {
  /** Pod looks as it was before this instant, Unix milliseconds: the first of those runs began then. */
  readonly since: number;
  /** Oldest first. */
  readonly runs: readonly string[];
  readonly recordings: number;
  readonly accounts: number;
}

/** Kept in the header of runs whose loss was accepted. */
const ACCEPTED = 'lossAccepted';

/**
 * Whether Pod is older than the journal: rows and accounts of whole runs are gone together, or Pod's own counters
 * stand below the ids that those rows had, or their ids were given to other rows. Single rows that people removed, and
 * what `migrate cleanup` or `undo` took away, are no sign of it. The newest run is looked at first: as soon as one
 * still stands, Pod is at least as young as that run.
 */
export async function findOlderPod(journal: Journal, target: string, pod: Pod): Promise<OlderPod | null> {
  const runs = journal
    .listRuns({ command: 'migrate recordings', target })
    .filter(({ state, header }) => state !== 'undone' && header['mode'] !== 'claim');
  const cleaned = lazily(() => removedByCleanup(journal, target));
  const lastGiven = lazily(() => pod.lastGivenIds());
  let gone: (Traces & { readonly run: RunRecord })[] = [];
  let found: OlderPod | null = null;
  for (const run of runs.reverse()) {
    if (run.header[ACCEPTED] === true) break;
    const traces = await lookFor(journal, run.id, pod, cleaned);
    if (traces.standing) break;
    if (traces.recordings + traces.accounts === 0) continue;
    gone = [{ ...traces, run }, ...gone];
    if (isProof(traces, await lastGiven())) found = summed(gone);
  }
  return found;
}

/** What is gone stays gone: later runs take it for removed by people and no longer ask. */
export function acceptLoss(journal: Journal, { runs }: OlderPod): void {
  for (const id of runs) {
    const run = journal.findRun(id);
    if (run !== null) journal.updateHeader(id, { ...run.header, [ACCEPTED]: true });
  }
}

/** What is gone is to be given again: for the journal those runs are taken back, as they are for Pod. */
export function forgetLost(journal: Journal, { runs }: OlderPod): void {
  for (const id of runs) {
    const done = [...journal.items(id, ['done'])].filter(({ kind }) => kind === 'import');
    journal.markUndone(
      id,
      done.map(({ actionId }) => actionId),
    );
    journal.endRun(id, 'undone', journal.findRun(id)?.counts ?? {});
  }
}

interface Traces {
  /** Something of the run is there. */
  readonly standing: boolean;
  readonly recordings: number;
  readonly accounts: number;
  readonly highestRow: number;
  readonly highestUser: number;
  /** An id of ours holds another row: the database gave it a second time. */
  readonly reused: boolean;
}

async function lookFor(
  journal: Journal,
  run: string,
  pod: Pod,
  cleaned: () => ReadonlySet<number>,
): Promise<Traces> {
  let found: Traces = {
    standing: false,
    recordings: 0,
    accounts: 0,
    highestRow: 0,
    highestUser: 0,
    reused: false,
  };
  for await (const items of chunksOf(journal.items(run, ['done']), 500)) {
    const written = items.filter(isImport).map((item) => item.written as ImportWritten);
    const rows = await pod.findExternalRecordings(written.map(({ row }) => row.id));
    const byId = new Map(rows.map((row) => [row.id, row]));
    const people = written.flatMap(({ createdUser }) => (createdUser === undefined ? [] : [createdUser]));
    const users = new Set(
      (await pod.findUsersById(people.map(({ userId }) => userId))).map(({ id, username }) =>
        accountKey(id, username),
      ),
    );
    const standing =
      written.some((one) => stands(one, byId.get(one.row.id))) ||
      people.some(({ userId, rows: own }) => users.has(accountKey(userId, own['auth_user']?.['username'])));
    if (standing) return { ...found, standing };
    const removed = cleaned();
    const lost = written.filter(({ row }) => !removed.has(row.id));
    const ours = lost.filter(({ tookOverFrom }) => tookOverFrom === undefined).map(({ row }) => row.id);
    found = {
      standing: false,
      recordings: found.recordings + lost.length,
      accounts: found.accounts + people.length,
      highestRow: Math.max(found.highestRow, ...ours),
      highestUser: Math.max(found.highestUser, ...people.map(({ userId }) => userId)),
      reused: found.reused || ours.some((id) => byId.has(id)),
    };
  }
  return found;
}

const isImport = ({ kind, written }: JournalItem): boolean => kind === 'import' && written !== null;

const accountKey = (id: number, username: unknown): string => `${id}/${String(username).toLowerCase()}`;

/** A row that people edited or moved is still ours; one that lies with its former owner again was never taken over. */
function stands({ row, tookOverFrom }: ImportWritten, now: PodExternalRecording | undefined): boolean {
  if (now === undefined) return false;
  if (tookOverFrom !== undefined && now.ownerId === tookOverFrom) return false;
  return now.sourceUrl === row.sourceUrl || (now.ownerId === row.ownerId && now.startAt === row.startAt);
}

function isProof(
  { recordings, accounts, highestRow, highestUser, reused }: Traces,
  last: Awaited<ReturnType<Pod['lastGivenIds']>>,
): boolean {
  const beyond = (id: number, given: number | null): boolean => given !== null && id > given;
  return (
    reused ||
    (recordings > 0 && accounts > 0) ||
    beyond(highestRow, last.externalRecording) ||
    beyond(highestUser, last.user)
  );
}

const summed = (gone: readonly (Traces & { readonly run: RunRecord })[]): OlderPod => ({
  since: gone[0]?.run.startedAt ?? 0,
  runs: gone.map(({ run }) => run.id),
  recordings: gone.reduce((sum, { recordings }) => sum + recordings, 0),
  accounts: gone.reduce((sum, { accounts }) => sum + accounts, 0),
});

function removedByCleanup(journal: Journal, target: string): ReadonlySet<number> {
  const ids = new Set<number>();
  for (const { id, state } of journal.listRuns({ command: 'migrate cleanup', target })) {
    if (state === 'undone') continue;
    for (const { written } of journal.items(id, ['done'])) {
      const row = written as PodExternalRecording | null;
      if (row !== null) ids.add(row.id);
    }
  }
  return ids;
}

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
