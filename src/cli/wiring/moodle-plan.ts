import type { Journal } from '../../batch/journal.js';
import { OperatorError } from '../../codes/operator-error.js';
import { planAnnotations } from '../../moodle/annotate.js';
import {
  completeMeetingIds,
  migratedRecordings,
  parseRecordingList,
  type MigratedRecording,
  type RecordingFilter,
} from '../../moodle/choose-recordings.js';
import { findActivities } from '../../moodle/find-activities.js';
import type { AnnotateAction, NoticeLanguage, NoticePolicy } from '../../moodle/plan-annotations.js';
import type { MoodleDescription } from '../../moodle/ports.js';
import { parseMoment } from '../../recordings/time-zone.js';
import type { Context } from '../context.js';
import { openMoodles, type OpenedMoodle } from './moodle.js';
import { policyMaker, readText } from './moodle-notice.js';

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

/** One Moodle, what it holds of the chosen recordings, and how its notices read. */
export interface Planned {
  readonly moodle: OpenedMoodle;
  readonly description: MoodleDescription;
  readonly byActivity: Awaited<ReturnType<typeof findActivities>>['byActivity'];
  readonly unmatched: readonly string[];
  readonly recordings: number;
  readonly policy: NoticePolicy;
}

/** Every configured Moodle in turn, or the one that is named. */
export async function* planAll(
  context: Context,
  flags: AnnotateFlags,
  journal: Journal,
): AsyncGenerator<Planned> {
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

/** The actions of one Moodle, read as they are asked for. */
export const planOf = (
  { byActivity, moodle, policy }: Planned,
  signal: AbortSignal,
): AsyncGenerator<AnnotateAction> => planAnnotations(byActivity, moodle.reader, policy, signal);

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
