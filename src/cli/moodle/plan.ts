import type { Journal } from '../../kit/batch/journal.js';
import { planAnnotations } from '../../moodle/plan-annotations.js';
import {
  completeMeetingIds,
  migratedRecordings,
  parseRecordingList,
  type MigratedRecording,
  type RecordingFilter,
} from '../../moodle/choose-recordings.js';
import { findActivities } from '../../moodle/find-activities.js';
import type { AnnotatedRecording } from '../../moodle/annotated-recording.js';
import type { AnnotateAction, NoticePolicy } from '../../moodle/plan-annotation.js';
import type { MoodleDescription } from '../../moodle/ports.js';
import { typedWindow } from '../kit/window.js';
import type { Context } from '../kit/context.js';
import { openMoodlesOnce, type OpenedMoodle } from '../sites/moodle.js';
import { policyMaker } from './notice.js';
import { readNamedFile } from '../../kit/adapters/files/read-named-file.js';
import type { AnnotateRequest } from './request.js';

/** Every recording that was migrated, told in the shipped words. */
export const wholeRequest: AnnotateRequest = {
  moodle: undefined,
  ofRun: undefined,
  list: undefined,
  min: undefined,
  max: undefined,
  since: undefined,
  until: undefined,
  recordings: [],
  includeImports: false,
  includeHidden: true,
  replace: false,
  replaceLegacy: false,
  text: undefined,
  language: undefined,
  backup: undefined,
  paceMs: 0,
};

/** One Moodle, what it holds of the chosen recordings, and how its notices read. */
export interface Planned {
  readonly moodle: OpenedMoodle;
  readonly description: MoodleDescription;
  readonly byActivity: Awaited<ReturnType<typeof findActivities>>['byActivity'];
  readonly unmatched: readonly string[];
  readonly recordings: number;
  readonly policy: NoticePolicy;
  /** The same in the words for files to claim, and the recordings that were given as such. */
  readonly claims: { readonly policy: NoticePolicy; readonly recordIds: ReadonlySet<string> };
}

/** Every configured Moodle in turn, or the one that is named. */
export async function* planAll(
  context: Context,
  request: AnnotateRequest,
  journal: Journal,
): AsyncGenerator<Planned> {
  const policyFor = policyMaker(context, request);
  const claimPolicyFor = policyMaker(context, { ...request, text: request.text ?? 'claim' });
  const recordings = chooseRecordings(context, request, journal);
  const recordIds = new Set(recordings.filter(({ isClaim }) => isClaim).map(({ recordId }) => recordId));
  for (const moodle of await openMoodlesOnce(context, request.moodle)) {
    const description = await moodle.reader.describe();
    const complete = await completeMeetingIds(recordings, () => moodle.reader.meetingIds());
    const found = await findActivities(complete, moodle.reader, {
      includeImports: request.includeImports,
      signal: context.signal,
    });
    const policy = policyFor(description);
    const claims = { policy: claimPolicyFor(description), recordIds };
    yield { moodle, description, ...found, recordings: recordings.length, policy, claims };
  }
}

/** The actions of one Moodle, read as they are asked for. */
export async function* planOf(
  { byActivity, moodle, policy, claims }: Planned,
  signal: AbortSignal,
): AsyncGenerator<AnnotateAction> {
  const isClaimed = ([, recordings]: [number, readonly AnnotatedRecording[]]): boolean =>
    recordings.every(({ recordId }) => claims.recordIds.has(recordId));
  const all = [...byActivity];
  const others = all.filter((activity) => !isClaimed(activity));
  yield* planAnnotations(new Map(others), moodle.reader, policy, signal);
  yield* planAnnotations(new Map(all.filter(isClaimed)), moodle.reader, claims.policy, signal);
}

function chooseRecordings(context: Context, request: AnnotateRequest, journal: Journal): MigratedRecording[] {
  const { since, until } = typedWindow(request, context.configuration.timezone);
  const filter: RecordingFilter = {
    ofRun: request.ofRun ?? null,
    min: request.min ?? 1,
    max: request.max ?? Infinity,
    since,
    until,
    recordIds: request.recordings,
  };
  if (request.list === undefined) return migratedRecordings(journal, filter);
  return parseRecordingList(readNamedFile(request.list), request.list, filter);
}
