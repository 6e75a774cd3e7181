import { readFileSync } from 'node:fs';
import path from 'node:path';
import { writeAtomically } from '../../adapters/files/write-atomically.js';
import type { Journal } from '../../batch/journal.js';
import { Counter, type Tally } from '../../batch/tally.js';
import type { BatchResult } from '../../batch/apply.js';
import { OperatorError } from '../../codes/operator-error.js';
import { applyAnnotations } from '../../moodle/apply-annotations.js';
import { planAnnotations } from '../../moodle/annotate.js';
import {
  completeMeetingIds,
  migratedRecordings,
  parseRecordingList,
  type MigratedRecording,
  type RecordingFilter,
} from '../../moodle/choose-recordings.js';
import { emitPhp } from '../../moodle/emit/emit-php.js';
import { emitBackup, emitSql } from '../../moodle/emit/emit-sql.js';
import { findActivities } from '../../moodle/find-activities.js';
import { parseFragment, type Fragment } from '../../moodle/notice/parse-fragment.js';
import type { AnnotateAction, NoticeLanguage, NoticePolicy } from '../../moodle/plan-annotations.js';
import { ANNOTATE_COMMAND, undoAnnotations, type UndoneActivity } from '../../moodle/undo-annotations.js';
import type { MoodleDescription } from '../../moodle/ports.js';
import { localDay, parseMoment } from '../../recordings/time-zone.js';
import type { Context } from '../context.js';
import { newRunId } from '../run-id.js';
import { journalOf } from './state.js';
import { openMoodles, type OpenedMoodle } from './moodle.js';

export interface AnnotateFlags {
  readonly moodle: string | undefined;
  readonly ofRun: string | undefined;
  readonly list: string | undefined;
  readonly min: number | undefined;
  readonly max: number | undefined;
  readonly since: string | undefined;
  readonly until: string | undefined;
  readonly recordings: readonly string[];
  readonly includeImports: boolean;
  readonly includeHidden: boolean;
  readonly replace: boolean;
  readonly replaceLegacy: boolean;
  readonly text: 'import' | 'claim';
  readonly language: 'course' | NoticeLanguage | undefined;
  readonly backup: string | undefined;
  readonly paceMs: number;
  /** Where the package lies: it brings the notices. */
  readonly root: string;
}

export interface AnnotateListener {
  begin(facts: {
    run: string | null;
    moodle: string;
    recordings: number;
    activities: number;
    courses: number;
    unmatched: readonly string[];
  }): void;
  item(action: AnnotateAction, outcome: { state: string; reason: AnnotateAction['reason'] }): void;
  end(facts: { tally: Tally; stoppedBy: OperatorError | null }): void;
}

interface Planned {
  readonly moodle: OpenedMoodle;
  readonly description: MoodleDescription;
  readonly byActivity: Awaited<ReturnType<typeof findActivities>>['byActivity'];
  readonly unmatched: readonly string[];
  readonly recordings: number;
  readonly policy: NoticePolicy;
}

/** Plans only: every item is told as `planned` or `skipped`. */
export async function previewNotices(
  context: Context,
  flags: AnnotateFlags,
  listener: AnnotateListener,
): Promise<void> {
  const journal = await journalOf(context);
  for await (const planned of planAll(context, flags, journal)) {
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
}

/** Writes the notices, journal first. Returns one result per Moodle. */
export async function writeNotices(
  context: Context,
  flags: AnnotateFlags,
  listener: AnnotateListener,
): Promise<BatchResult[]> {
  const journal = await journalOf(context);
  const results: BatchResult[] = [];
  for await (const planned of planAll(context, flags, journal)) {
    const { moodle, description, policy } = planned;
    const writer = moodle.openWriter();
    await writer.checkWritable();
    if (flags.backup !== undefined) {
      const several = openMoodlesOf(context, flags) > 1;
      const file = several ? withName(flags.backup, moodle.name) : flags.backup;
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
      paceMs: flags.paceMs,
      onItem: (action, outcome) => listener.item(action, outcome),
    });
    journal.endRun(run, result.stoppedBy === null ? 'finished' : 'interrupted', { ...result.tally.byState });
    listener.end(result);
    results.push(result);
  }
  return results;
}

/** Renders the notices as a script for somebody else to run. Contacts the reading account alone. */
export async function emitNotices(
  context: Context,
  flags: AnnotateFlags,
  kind: 'sql' | 'php',
  output: string,
): Promise<string[]> {
  const written: string[] = [];
  const all: Planned[] = [];
  for await (const planned of planAll(context, flags, await journalOf(context))) all.push(planned);
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
  const known = options.run === undefined ? null : journal.findRun(options.run);
  if (options.run !== undefined && known?.command !== ANNOTATE_COMMAND)
    throw new OperatorError('annotate-run-unknown', { run: options.run });
  for (const moodle of openMoodles(context, options.moodle)) {
    const { target } = await moodle.reader.describe();
    if (known !== null && known.target !== target) continue;
    const writer = options.apply ? moodle.openWriter() : null;
    await writer?.checkWritable();
    const counts = await undoAnnotations({
      journal,
      target,
      run: options.run ?? null,
      reader: moodle.reader,
      writer,
      signal: context.signal,
      onActivity,
    });
    for (const [state, count] of Object.entries(counts)) total[state as keyof typeof total] += count;
  }
  return total;
}

async function* planAll(context: Context, flags: AnnotateFlags, journal: Journal): AsyncGenerator<Planned> {
  const policyFor = policyMaker(context, flags);
  const recordings = chooseRecordings(context, flags, journal);
  for (const moodle of openMoodles(context, flags.moodle)) {
    const description = await moodle.reader.describe();
    const complete = await completeMeetingIds(recordings, () => moodle.reader.meetingIds());
    const found = await findActivities(complete, moodle.reader, {
      includeImports: flags.includeImports,
      signal: context.signal,
    });
    yield { moodle, description, ...found, recordings: recordings.length, policy: policyFor(description) };
  }
}

const planOf = (
  { byActivity, moodle, policy }: Planned,
  signal: AbortSignal,
): AsyncGenerator<AnnotateAction> => planAnnotations(byActivity, moodle.reader, policy, signal);

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

function chooseRecordings(context: Context, flags: AnnotateFlags, journal: Journal): MigratedRecording[] {
  const clock = { zone: context.configuration.timezone, now: Date.now() };
  const moment = (text: string | undefined, bound: 'since' | 'until'): number | null => {
    if (text === undefined) return null;
    const at = parseMoment(text, bound, clock);
    if (at === null)
      throw new OperatorError('usage-invalid', {
        detail: `--${bound} ${text} is no day: 2024-09-01, or 60d.`,
      });
    return at;
  };
  const filter: RecordingFilter = {
    ofRun: flags.ofRun ?? null,
    min: flags.min ?? 1,
    max: flags.max ?? Infinity,
    since: moment(flags.since, 'since'),
    until: moment(flags.until, 'until'),
    recordIds: flags.recordings,
  };
  if (flags.list === undefined) return migratedRecordings(journal, filter);
  return parseRecordingList(readText(flags.list, 'config-unreadable'), flags.list, filter);
}

function policyMaker(
  context: Context,
  flags: AnnotateFlags,
): (description: MoodleDescription) => NoticePolicy {
  const { moodle_notice: notice, pod, timezone } = context.configuration;
  if (pod.url === undefined)
    throw new OperatorError('config-key-missing', {
      key: 'pod.url',
      file: 'bbb2pod.toml',
      environment: 'BBB2POD_POD_URL',
    });
  const podUrl = pod.url.replace(/\/+$/, '');
  const day = (at: number, language: NoticeLanguage): string => {
    const [year = '', month = '', date = ''] = localDay(timezone, at).split('-');
    return language === 'fr' ? `${date}/${month}/${year}` : `${year}-${month}-${date}`;
  };
  const fragments = { fr: fragmentFor('fr', flags, notice), en: fragmentFor('en', flags, notice) };
  return ({ storesAllCharacters }) => ({
    campaign: notice.campaign,
    fragments,
    language: flags.language ?? notice.language,
    replace: flags.replace,
    replaceLegacy: flags.replaceLegacy,
    includeHidden: flags.includeHidden,
    storesAllCharacters,
    values: {
      podUrl,
      importUrl: `${podUrl}/import_video/`,
      claimUrl: `${podUrl}/record/claim_record/`,
      contact: notice.contact ?? '',
      today: { fr: day(Date.now(), 'fr'), en: day(Date.now(), 'en') },
    },
    renderDay: day,
  });
}

/** The configured text of a language, else the one file for all, else ours. */
function fragmentFor(
  language: NoticeLanguage,
  flags: AnnotateFlags,
  notice: {
    readonly file?: string | undefined;
    readonly files?: Readonly<Partial<Record<NoticeLanguage, string>>> | undefined;
  },
): Fragment {
  const own = path.join(
    flags.root,
    'config',
    'notices',
    `${language}${flags.text === 'claim' ? '-claim' : ''}.html`,
  );
  const file = notice.files?.[language] ?? notice.file ?? own;
  return parseFragment(readText(file, 'notice-unreadable'), file);
}

function readText(file: string, code: 'config-unreadable' | 'notice-unreadable'): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new OperatorError(code, { file, detail: error instanceof Error ? error.message : 'unreadable' });
  }
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

/** Before a migration that is to annotate afterwards: the writing accounts must be there and able. */
export async function checkAnnotation(context: Context): Promise<void> {
  for (const moodle of openMoodles(context, undefined)) await moodle.openWriter().checkWritable();
}

const openMoodlesOf = ({ configuration }: Context, { moodle }: AnnotateFlags): number =>
  moodle === undefined ? Object.keys(configuration.moodle).length : 1;
