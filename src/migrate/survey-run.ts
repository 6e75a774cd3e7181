import type { Journal, JournalItem } from '../kit/batch/journal.js';
import { chunksOf } from '../kit/batch/plan.js';
import type { ImportWritten } from './apply-imports.js';
import type { AwaitedClaim, ClaimFiles, WrittenClaim } from './claim-files.js';
import { importStateOf } from './import-state.js';
import type { PodDatabase, PodExternalRecording } from './pod-port.js';

/** What became of something a run wrote. */
export type Fate = 'as-written' | 'changed' | 'under-way' | 'import-failed' | 'imported' | 'claimed' | 'gone';

/** Nothing counted yet. */
export const noFates = (): Record<Fate, number> => ({
  'as-written': 0,
  changed: 0,
  'under-way': 0,
  'import-failed': 0,
  imported: 0,
  claimed: 0,
  gone: 0,
});

export interface SurveyedItem {
  readonly item: JournalItem;
  readonly owner: string;
  readonly fate: Fate;
}

/** Reads again, from Pod and from the disk, what runs wrote: one pass over Pod's table, whatever the number of items. */
export async function* surveyRuns(
  journal: Journal,
  runs: readonly string[],
  pod: PodDatabase,
  files: ClaimFiles,
): AsyncGenerator<SurveyedItem> {
  const rows = new Map<number, PodExternalRecording>();
  for await (const page of pod.externalRecordings(0)) for (const row of page) rows.set(row.id, row);
  for (const run of runs) {
    for await (const item of lastGiven(journal, run)) {
      if (item.kind === 'import') yield surveyImport(item, rows);
      else if (item.kind === 'claim') {
        const surveyed = await surveyClaim(item, pod, files);
        // What waits in the conversion queue is not given yet.
        if (surveyed.fate !== 'gone' || item.reason !== 'claim-queued') yield surveyed;
      }
    }
  }
}

/** What the run wrote, but for what a later one gave again (`--recreate`): that one's item speaks for it. */
async function* lastGiven(journal: Journal, run: string): AsyncGenerator<JournalItem> {
  const target = journal.findRun(run)?.target ?? '';
  for await (const items of chunksOf(journal.items(run, ['done']), 500)) {
    const newest = journal.findItems(
      target,
      items.map(({ actionId }) => actionId),
    );
    for (const item of items) {
      const last = newest.get(item.actionId);
      if (last === undefined || last.run === run || last.state !== 'done') yield item;
    }
  }
}

function surveyImport(item: JournalItem, rows: ReadonlyMap<number, PodExternalRecording>): SurveyedItem {
  const { row } = item.written as ImportWritten;
  const now = rows.get(row.id);
  const owner = item.actionId.split('/').at(-1) ?? '-';
  if (now === undefined || now.sourceUrl !== row.sourceUrl) return { item, owner, fate: 'gone' };
  const state = importStateOf(now);
  if (state === 'imported' || state === 'under-way') return { item, owner, fate: state };
  if (state === 'failed') return { item, owner, fate: 'import-failed' };
  const same = now.ownerId === row.ownerId && now.name === row.name && now.state === row.state;
  return { item, owner, fate: same ? 'as-written' : 'changed' };
}

async function surveyClaim(item: JournalItem, pod: PodDatabase, files: ClaimFiles): Promise<SurveyedItem> {
  const claim = item.written as WrittenClaim | AwaitedClaim;
  const [held] = await pod.findClaimPaths([claim.path]);
  if (held?.state === 'claimed') return { item, owner: '-', fate: 'claimed' };
  const stamp = await files.stat(claim.path);
  if (stamp === null) return { item, owner: '-', fate: 'gone' };
  const same = 'job' in claim || stamp.sizeBytes === claim.sizeBytes;
  return { item, owner: '-', fate: same ? 'as-written' : 'changed' };
}

/** How many recordings were given, and what became of them. */
export interface Adoption {
  /** Links, by owner. */
  readonly owners: ReadonlyMap<string, Readonly<Record<Fate, number>>>;
  /** Files to claim: Pod's RecordingFileTreatment has no owner (pod/recorder/models.py), any of the staff takes them. */
  readonly claims: Readonly<Record<Fate, number>>;
}

export async function countAdoption(surveyed: AsyncIterable<SurveyedItem>): Promise<Adoption> {
  const owners = new Map<string, Record<Fate, number>>();
  const claims = noFates();
  for await (const { item, owner, fate } of surveyed) {
    if (item.kind === 'claim') {
      claims[fate]++;
      continue;
    }
    const counts = owners.get(owner) ?? noFates();
    counts[fate]++;
    owners.set(owner, counts);
  }
  return { owners, claims };
}
