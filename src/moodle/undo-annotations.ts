import type { Code } from '../kit/errors/code.js';
import type { Journal, JournalItem, RunRecord } from '../kit/batch/journal.js';
import { ANNOTATE_CHUNK } from './apply-annotations.js';
import { readJournalledText, type AnnotateIntent } from './journalled-text.js';
import { cutBlock, findBlock } from './notice/block.js';
import type { ActivityText, IntroChange, IntroResult, MoodleReader, MoodleWriter } from './ports.js';
import { texts } from './texts.js';

export const ANNOTATE_COMMAND = 'moodle annotate';

/** How one activity ends: its old text back, our block cut out, nothing of ours left, or left as it is. */
export interface UndoneActivity {
  readonly run: string;
  readonly actionId: string;
  readonly activityId: number;
  readonly name: string;
  readonly state: 'restored' | 'cut' | 'nothing-left' | 'left';
  readonly reason: Code;
  /** What is (or would be) written; null states that write nothing have equal texts. */
  readonly from: string | null;
  readonly to: string | null;
}

export interface UndoOptions {
  readonly journal: Journal;
  readonly target: string;
  /** One annotation's run, or null for all of this Moodle. */
  readonly run: string | null;
  readonly reader: Pick<MoodleReader, 'readActivities'>;
  /** Null to tell only. */
  readonly writer: MoodleWriter | null;
  readonly signal: AbortSignal;
  readonly onActivity: (activity: UndoneActivity) => void;
}

/** Takes notices back, newest run first. Returns how many ended in each state. */
export async function undoAnnotations(
  options: UndoOptions,
): Promise<Record<UndoneActivity['state'], number>> {
  const { journal, signal } = options;
  const counts = { restored: 0, cut: 0, 'nothing-left': 0, left: 0 };
  const later = new Set<number>();
  for (const run of runsToUndo(options)) {
    const chosen = options.run === null || run.id === options.run;
    let left = 0;
    for (const chunk of chunks(journal.items(run.id, ['done', 'intended']))) {
      signal.throwIfAborted();
      if (!chosen) {
        for (const { intent } of chunk) later.add(intent.activityId);
        continue;
      }
      const ended = await undoChunk(chunk, later, options);
      const finished = ended.filter(({ state }) => state !== 'left');
      if (options.writer !== null)
        journal.markUndone(
          run.id,
          finished.map(({ actionId }) => actionId),
        );
      for (const activity of ended) {
        counts[activity.state]++;
        if (activity.state === 'left') {
          left++;
          later.add(activity.activityId);
        }
        options.onActivity(activity);
      }
    }
    if (chosen && left === 0 && options.writer !== null) journal.endRun(run.id, 'undone', run.counts);
    if (run.id === options.run) break;
  }
  return counts;
}

/**
 * The annotation that was typed: its id, or `last`: the newest that wrote something and was not taken back.
 * @param moodle section of which `last` is meant; undefined for any. @throws OperatorError annotate-run-unknown
 */
export function findAnnotation(
  journal: Pick<Journal, 'listRuns'>,
  typed: string,
  moodle: string | undefined,
): RunRecord {
  const runs = journal.listRuns({ command: ANNOTATE_COMMAND });
  const isLast = ({ state, counts, header }: RunRecord): boolean =>
    state !== 'undone' &&
    (state !== 'finished' || (counts['done'] ?? 0) > 0) &&
    (moodle === undefined || header['moodle'] === moodle);
  const run = typed === 'last' ? runs.filter(isLast).at(-1) : runs.find(({ id }) => id === typed);
  if (run === undefined) throw texts.annotateRunUnknown({ run: typed });
  return run;
}

/** Newest first; a named run must exist and belong to this Moodle. */
function runsToUndo({ journal, target, run }: UndoOptions): RunRecord[] {
  const runs = journal.listRuns({ command: ANNOTATE_COMMAND, target }).reverse();
  if (run !== null && !runs.some(({ id }) => id === run)) throw texts.annotateRunUnknown({ run });
  return runs;
}

interface KeptItem {
  readonly item: JournalItem;
  readonly intent: AnnotateIntent;
}

function* chunks(items: Iterable<JournalItem>): Generator<KeptItem[]> {
  let chunk: KeptItem[] = [];
  for (const item of items) {
    if (item.intent === null) continue;
    chunk.push({ item, intent: item.intent as AnnotateIntent });
    if (chunk.length < ANNOTATE_CHUNK) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

async function undoChunk(
  chunk: readonly KeptItem[],
  later: ReadonlySet<number>,
  { reader, writer }: UndoOptions,
): Promise<UndoneActivity[]> {
  const texts = await reader.readActivities(chunk.map(({ intent }) => intent.activityId));
  const byId = new Map(texts.map((text) => [text.id, text]));
  const planned = chunk.map((kept) => planUndo(kept, byId.get(kept.intent.activityId), later));
  if (writer === null) return planned;
  const changes: IntroChange[] = planned
    .filter(({ state }) => state === 'restored' || state === 'cut')
    .map(({ activityId, from, to }) => ({ id: activityId, from, to }));
  const results = new Map<number, IntroResult>();
  if (changes.length > 0)
    for (const result of await writer.writeIntros(changes)) results.set(result.id, result);
  return planned.map((activity) => {
    const state = results.get(activity.activityId)?.state ?? 'written';
    if (state === 'written') return activity;
    if (state === 'gone') return { ...activity, state: 'nothing-left', reason: 'annotate-gone' };
    return { ...activity, state: 'left', reason: 'undo-annotation-busy' };
  });
}

/** Decides how to take one notice back. Pure. */
function planUndo(
  { item, intent }: KeptItem,
  activity: ActivityText | undefined,
  later: ReadonlySet<number>,
): UndoneActivity {
  const from = activity?.intro ?? null;
  const end = (state: UndoneActivity['state'], reason: Code, to: string | null = from): UndoneActivity => ({
    run: item.run,
    actionId: item.actionId,
    activityId: intent.activityId,
    name: activity?.name ?? intent.name,
    state,
    reason,
    from,
    to,
  });
  if (activity === undefined) return end('nothing-left', 'annotate-gone');
  if (later.has(intent.activityId)) return end('left', 'undo-annotation-later-run');
  const before = readJournalledText(intent.from);
  const after = readJournalledText(intent.to);
  if (before === undefined || after === undefined) return end('left', 'undo-annotation-journal-damaged');
  if (from === before) return end('nothing-left', 'undo-annotation-never-written');
  if (from === after) return end('restored', 'undo-annotation-restored', before);
  const block = findBlock(from, intent.campaign, activity.introFormat);
  if (block.state === 'absent') return end('nothing-left', 'undo-annotation-removed-by-hand');
  if (block.state === 'unclear') return end('left', 'undo-annotation-unclear');
  return end('cut', 'undo-annotation-cut', cutBlock(from ?? '', block.at));
}
