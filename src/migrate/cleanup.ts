import type { Outcome, PlannedAction } from '../kit/batch/action.js';
import { applyInChunks, type BatchResult } from '../kit/batch/apply.js';
import type { Journal } from '../kit/batch/journal.js';
import type { ItemEvent } from '../kit/batch/tally.js';
import { importStateOf } from './import-state.js';
import type { PodDatabase, PodExternalRecording } from './pod-port.js';

/** One external recording of the server that is being switched off; `kind: skip` when its import is under way. */
export interface CleanupAction extends PlannedAction {
  readonly kind: 'cleanup' | 'skip';
  readonly row: PodExternalRecording;
  readonly title: string;
  /** Unix milliseconds. */
  readonly startAt: number;
}

/** Hosts of the external recordings of Pod, with how many rows each has: what `cleanup` without --server shows. */
export async function countHosts(pod: PodDatabase): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for await (const rows of pod.externalRecordings(0)) {
    for (const row of rows) {
      if (row.type !== 'bigbluebutton') continue;
      const host = hostOf(row.sourceUrl);
      counts.set(host, (counts.get(host) ?? 0) + 1);
    }
  }
  return counts;
}

/**
 * The external recordings whose playback URL leads to one of these hosts, whatever wrote them, http and https.
 * Playback hosts, not the API's: Scalelite and proxies serve recordings from elsewhere.
 */
export async function* planCleanup(
  pod: PodDatabase,
  hosts: ReadonlySet<string>,
): AsyncGenerator<CleanupAction> {
  for await (const rows of pod.externalRecordings(0)) {
    for (const row of rows) {
      if (row.type === 'bigbluebutton' && hosts.has(hostOf(row.sourceUrl))) yield cleanupAction(row);
    }
  }
}

function cleanupAction(row: PodExternalRecording): CleanupAction {
  const { name: title, startAt } = row;
  const common = { id: `cleanup/${row.id}`, recordId: `row ${row.id}`, row, title, startAt };
  const state = importStateOf(row);
  if (state === 'waiting' || state === 'imported') return { ...common, kind: 'cleanup', reason: 'cleaned' };
  const reason = state === 'failed' ? 'import-failed' : 'import-in-progress';
  return { ...common, kind: 'skip', reason, reasonParameters: { state: row.state ?? '' } };
}

/** The host of a playback URL, in lower case, without its port; empty for what is no URL. */
export function hostOf(url: string): string {
  try {
    return new URL(url).hostname.toLowerCase();
  } catch {
    return '';
  }
}

interface CleanupOptions {
  readonly journal: Journal;
  readonly pod: PodDatabase;
  readonly target: string;
  readonly run: string;
  readonly hosts: ReadonlySet<string>;
  readonly signal: AbortSignal;
  readonly isFatal: (error: unknown) => boolean;
  readonly onItem?: (event: ItemEvent<CleanupAction>) => void | Promise<void>;
}

/** Removes them, whole rows in the journal first: `undo` puts them back under their old ids. */
export async function cleanup(options: CleanupOptions): Promise<BatchResult> {
  const { journal, pod, run } = options;
  journal.startRun({
    id: run,
    command: 'migrate cleanup',
    target: options.target,
    header: { hosts: [...options.hosts] },
  });
  const result = await applyInChunks<CleanupAction>({
    run,
    actions: planCleanup(pod, options.hosts),
    journal,
    signal: options.signal,
    isFatal: options.isFatal,
    prepareChunk: async (actions) => new Map(actions.map(({ id, row }) => [id, row])),
    applyChunk: async (actions) => removeRows(pod, actions),
    ...(options.onItem === undefined ? {} : { onItem: options.onItem }),
  });
  journal.endRun(run, result.stoppedBy === null ? 'finished' : 'interrupted', result.tally.byState);
  return result;
}

async function removeRows(pod: PodDatabase, actions: readonly CleanupAction[]): Promise<Outcome[]> {
  const states = new Map(
    (await pod.removeExternalRecordings(actions.map(({ row }) => row))).map(({ id, state }) => [id, state]),
  );
  return actions.map(({ id, row }): Outcome => {
    const state = states.get(row.id);
    if (state === 'removed') return { actionId: id, state: 'done', reason: 'cleaned', written: row };
    if (state === 'gone') return { actionId: id, state: 'skipped', reason: 'undo-gone' };
    return { actionId: id, state: 'skipped', reason: 'changed-since-plan' };
  });
}
