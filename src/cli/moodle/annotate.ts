import path from 'node:path';
import { writeAtomically } from '../../kit/adapters/files/write-atomically.js';
import { Counter, type Tally } from '../../kit/batch/tally.js';
import type { BatchResult } from '../../kit/batch/apply.js';
import type { OperatorError } from '../../kit/errors/operator-error.js';
import { applyAnnotations } from '../../moodle/apply-annotations.js';
import { emitPhp } from '../../moodle/emit/emit-php.js';
import { emitBackup, emitSql } from '../../moodle/emit/emit-sql.js';
import type { AnnotateAction } from '../../moodle/plan-annotation.js';
import { texts as moodleTexts } from '../../moodle/texts.js';
import {
  ANNOTATE_COMMAND,
  findAnnotation,
  undoAnnotations,
  type UndoneActivity,
} from '../../moodle/undo-annotations.js';
import type { Context } from '../kit/context.js';
import { newRunId } from '../../kit/batch/run-id.js';
import { journalOf } from '../sites/state.js';
import { openMoodlesOnce } from '../sites/moodle.js';
import { planAll, planOf, type Planned } from './plan.js';
import { type AnnotateRequest } from './request.js';

export interface AnnotateListener {
  begin(facts: {
    run: string | null;
    moodle: string;
    recordings: number;
    activities: number;
    courses: number;
    unmatched: readonly string[];
  }): void;
  item(action: AnnotateAction, outcome: AnnotateOutcome): void;
  end(facts: { tally: Tally; stoppedBy: OperatorError | null }): void;
  /** Once, after all Moodles: recordings that no activity of any of them holds. */
  finish(nowhere: readonly string[]): void;
}

export interface AnnotateOutcome extends Pick<AnnotateAction, 'reason' | 'reasonParameters'> {
  readonly state: string;
}

/** What each Moodle does not hold, put together. */
class Nowhere {
  #ids: readonly string[] | null = null;

  add(unmatched: readonly string[]): void {
    const here = new Set(unmatched);
    this.#ids = this.#ids === null ? unmatched : this.#ids.filter((id) => here.has(id));
  }

  get ids(): readonly string[] {
    return this.#ids ?? [];
  }
}

/** Plans only: every item is told as `planned` or `skipped`. */
export async function previewNotices(
  context: Context,
  request: AnnotateRequest,
  listener: AnnotateListener,
): Promise<void> {
  const journal = await journalOf(context);
  const nowhere = new Nowhere();
  for await (const planned of planAll(context, request, journal)) {
    nowhere.add(planned.unmatched);
    const counter = new Counter();
    await announce(planned, null, listener, context.signal);
    for await (const action of planOf(planned, context.signal)) {
      const state = action.kind === 'skip' ? 'skipped' : 'planned';
      counter.add({
        actionId: action.id,
        state: action.kind === 'skip' ? 'skipped' : 'done',
        reason: action.reason,
      });
      listener.item(action, { state, reason: action.reason });
    }
    listener.end({ tally: counter.tally(), stoppedBy: null });
  }
  listener.finish(nowhere.ids);
}

/** Writes the notices, journal first. Returns one result per Moodle. */
export async function writeNotices(
  context: Context,
  request: AnnotateRequest,
  listener: AnnotateListener,
): Promise<BatchResult[]> {
  const journal = await journalOf(context);
  const results: BatchResult[] = [];
  const nowhere = new Nowhere();
  // All of them, before the first is written to.
  const count = await checkAnnotation(context, request.moodle);
  for await (const planned of planAll(context, request, journal)) {
    nowhere.add(planned.unmatched);
    const { moodle, description, policy } = planned;
    const writer = await moodle.openWriter();
    if (request.backup !== undefined) {
      const file = count > 1 ? withName(request.backup, moodle.name) : request.backup;
      await writeBackup(file, planned, context.signal);
    }
    const run = newRunId();
    await announce(planned, run, listener, context.signal);
    journal.startRun({
      id: run,
      command: ANNOTATE_COMMAND,
      target: description.target,
      header: { moodle: moodle.name, campaign: policy.campaign },
    });
    const result = await applyAnnotations({
      run,
      campaign: policy.campaign,
      actions: planOf(planned, context.signal),
      moodle: writer,
      description,
      journal,
      signal: context.signal,
      paceMs: request.paceMs,
      onItem: (action, outcome) => listener.item(action, outcome),
    });
    journal.endRun(run, result.stoppedBy === null ? 'finished' : 'interrupted', { ...result.tally.byState });
    listener.end(result);
    results.push(result);
  }
  listener.finish(nowhere.ids);
  return results;
}

/** Renders the notices as a script for somebody else to run. Contacts the reading account alone. */
export async function emitNotices(
  context: Context,
  request: AnnotateRequest,
  kind: 'sql' | 'php',
  output: string,
): Promise<string[]> {
  const written: string[] = [];
  const all: Planned[] = [];
  for await (const planned of planAll(context, request, await journalOf(context))) all.push(planned);
  for (const planned of all) {
    const actions = await collect(planOf(planned, context.signal));
    const file = all.length === 1 ? output : withName(output, planned.moodle.name);
    const put = async (name: string, text: string): Promise<void> => {
      await writeAtomically(name, text);
      written.push(name);
    };
    if (kind === 'php') await put(file, emitPhp(actions, planned.policy.campaign));
    else {
      const { engine, prefix } = planned.description;
      const scripts = emitSql(actions, { engine, prefix, nowSeconds: Math.floor(Date.now() / 1000) });
      await put(file, scripts.apply);
      await put(withName(file, 'undo'), scripts.undo);
    }
  }
  return written;
}

/** Takes notices back, of one run or of all. */
export async function undoNotices(
  context: Context,
  options: { moodle: string | undefined; run: string | undefined; apply: boolean },
  onActivity: (activity: UndoneActivity) => void,
): Promise<Record<UndoneActivity['state'], number>> {
  const journal = await journalOf(context);
  const total = { restored: 0, cut: 0, 'nothing-left': 0, left: 0 };
  const known = options.run === undefined ? null : findAnnotation(journal, options.run, options.moodle);
  const reached = new Set<string>();
  for (const moodle of await openMoodlesOnce(context, options.moodle)) {
    const { target } = await moodle.reader.describe();
    reached.add(target);
    if (known !== null && known.target !== target) continue;
    const writer = options.apply ? await moodle.openWriter() : null;
    await writer?.checkWritable();
    const counts = await undoAnnotations({
      journal,
      target,
      run: known?.id ?? null,
      reader: moodle.reader,
      writer,
      signal: context.signal,
      onActivity,
    });
    for (const [state, count] of Object.entries(counts)) total[state as keyof typeof total] += count;
  }
  if (known !== null && !reached.has(known.target)) throw moodleTexts.annotateRunElsewhere({ run: known.id });
  return total;
}

async function announce(
  planned: Planned,
  run: string | null,
  listener: AnnotateListener,
  signal: AbortSignal,
): Promise<void> {
  const courses = new Set<number>();
  const ids = [...planned.byActivity.keys()];
  for (let i = 0; i < ids.length; i += 500) {
    signal.throwIfAborted();
    for (const { courseId } of await planned.moodle.reader.readActivities(ids.slice(i, i + 500)))
      courses.add(courseId);
  }
  const { moodle, recordings, unmatched } = planned;
  listener.begin({
    run,
    moodle: moodle.name,
    recordings,
    activities: ids.length,
    courses: courses.size,
    unmatched,
  });
}

async function writeBackup(file: string, planned: Planned, signal: AbortSignal): Promise<void> {
  const { engine, prefix } = planned.description;
  const actions = await collect(planOf(planned, signal));
  await writeAtomically(
    file,
    emitBackup(actions, { engine, prefix, nowSeconds: Math.floor(Date.now() / 1000) }),
  );
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const withName = (file: string, name: string): string => {
  const { dir, name: base, ext } = path.parse(file);
  return path.join(dir, `${base}.${name}${ext}`);
};

/** Before a migration that is to annotate afterwards: the writing accounts must be there and able. @returns of how many Moodles */
export async function checkAnnotation(context: Context, only?: string): Promise<number> {
  const moodles = await openMoodlesOnce(context, only);
  const writers = await Promise.all(moodles.map((moodle) => moodle.openWriter()));
  for (const writer of writers) await writer.checkWritable();
  return moodles.length;
}
