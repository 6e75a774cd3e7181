import type { PlannedAction } from '../kit/batch/action.js';
import type { Code } from '../kit/errors/code.js';
import type { Fragment } from './notice/parse-fragment.js';
import { renderNotice, type ListedRecording } from './notice/render-notice.js';
import {
  appendBlock,
  asciiSafe,
  cutBlock,
  findBlock,
  findLegacy,
  renderBlock,
  swallows,
} from './notice/block.js';
import type { ActivityText } from './ports.js';
import { mayLink, mayList, tellsTooMuch } from './notice/discretion.js';
import { numberOf, periodOf } from './notice/wording.js';
import type { AnnotatedRecording } from './annotated-recording.js';

export type NoticeLanguage = 'fr' | 'en';

/** How notices are written. */
export interface NoticePolicy {
  readonly campaign: string;
  readonly fragments: Readonly<Record<NoticeLanguage, Fragment>>;
  /** `course` follows the course's forced language, French without one. */
  readonly language: 'course' | NoticeLanguage;
  readonly replace: boolean;
  /** Playback links, where Moodle shows the recording to every member. */
  readonly links: boolean;
  readonly replaceLegacy: boolean;
  readonly includeHidden: boolean;
  readonly storesAllCharacters: boolean;
  readonly values: {
    readonly podUrl: string;
    readonly importUrl: string;
    readonly claimUrl: string;
    readonly contact: string;
    /** Day of writing, per language. */
    readonly today: Readonly<Record<NoticeLanguage, string>>;
  };
  /** Renders an instant (Unix ms) as a day in the configured time zone. */
  readonly renderDay: (instant: number, language: NoticeLanguage) => string;
}

/** What is to be done with one activity. `skip` leaves it as it is. */
export interface AnnotateAction extends PlannedAction {
  readonly kind: 'annotate' | 'skip';
  /** The activity's, for who reads the journal. */
  readonly title: string;
  readonly activity: {
    readonly id: number;
    readonly name: string;
    readonly courseId: number;
    readonly courseName: string;
    readonly introFormat: number;
  };
  readonly recordings: number;
  /** Old and new text; equal for skips. */
  readonly from: string | null;
  readonly to: string | null;
}

const annotateActionId = (campaign: string, activityId: number): string =>
  `annotate/${campaign}/${activityId}`;

/** Decides what to write into one activity. Pure. */
export function planAnnotation(
  activity: ActivityText,
  recordings: readonly AnnotatedRecording[],
  policy: NoticePolicy,
): AnnotateAction {
  const base = {
    id: annotateActionId(policy.campaign, activity.id),
    recordId: recordings[0]?.recordId ?? '',
    activity: {
      id: activity.id,
      name: activity.name,
      courseId: activity.courseId,
      courseName: activity.courseName,
      introFormat: activity.introFormat,
    },
    title: activity.name,
    recordings: recordings.length,
    from: activity.intro,
  };
  const skip = (reason: Code, reasonParameters: Record<string, string | number> = {}): AnnotateAction => ({
    ...base,
    kind: 'skip',
    reason,
    reasonParameters: { activity: activity.id, ...reasonParameters },
    to: activity.intro,
  });
  const write = (reason: Code, to: string): AnnotateAction => ({
    ...base,
    kind: 'annotate',
    reason,
    reasonParameters: { activity: activity.id },
    to,
  });
  if (activity.courseModuleId === null) return skip('annotate-no-module');
  if (activity.deletionInProgress) return skip('annotate-being-deleted');
  if (!activity.visible && !policy.includeHidden) return skip('annotate-hidden');
  const block = blockFor(activity, recordings, policy);
  const existing = findBlock(activity.intro, policy.campaign, activity.introFormat);
  if (existing.state === 'unclear') return skip('annotate-unclear');
  if (existing.state === 'found') {
    const old = (activity.intro ?? '').slice(existing.at.start, existing.at.end);
    const isOutdated = tellsTooMuch(old, block, { activity, recordings, links: policy.links });
    if (!policy.replace && !isOutdated) return skip('annotate-present');
    const to = appendBlock(cutBlock(activity.intro ?? '', existing.at), block, activity.introFormat);
    return to === activity.intro
      ? skip('annotate-present')
      : write(isOutdated ? 'annotate-outdated' : 'annotate-replaced', to);
  }
  const legacy = findLegacy(activity.intro);
  const swapped = legacy !== null && policy.replaceLegacy;
  const kept = swapped ? cutBlock(activity.intro ?? '', legacy) : activity.intro;
  const swallowedBy = swallows(kept, activity.introFormat);
  if (swallowedBy !== null) return skip('annotate-swallowed', { by: swallowedBy });
  const to = appendBlock(kept, block, activity.introFormat);
  if (swapped) return write('annotate-legacy-replaced', to);
  return write(legacy === null ? 'annotate-written' : 'annotate-beside-legacy', to);
}

function blockFor(
  activity: ActivityText,
  recordings: readonly AnnotatedRecording[],
  policy: NoticePolicy,
): string {
  const language = languageOf(activity, policy);
  const newestFirst = [...recordings].sort(
    (a, b) => b.startAt - a.startAt || (a.recordId < b.recordId ? 1 : -1),
  );
  const listed: ListedRecording[] = newestFirst
    .filter((recording) => mayList(activity, recordings) && !recording.isHidden)
    .map((recording) => ({
      title: recording.title === '' ? activity.name : recording.title,
      day: policy.renderDay(recording.startAt, language),
      url: mayLink(activity, recording, policy.links) ? recording.url : null,
    }));
  const days = newestFirst.map(({ startAt }) => policy.renderDay(startAt, language));
  const [until = '', since = until] = [days[0], days.at(-1)];
  const { podUrl, importUrl, claimUrl, contact, today } = policy.values;
  const notice = renderNotice(policy.fragments[language], {
    pod_url: podUrl,
    import_url: importUrl,
    claim_url: claimUrl,
    contact,
    activity: activity.name,
    course: activity.courseName,
    count: String(recordings.length),
    number: numberOf(recordings.length, language),
    period: periodOf(since, until, language),
    since,
    until,
    date: today[language],
    recordings: listed,
  });
  const block = renderBlock(notice, policy.campaign, activity.introFormat);
  return policy.storesAllCharacters ? block : asciiSafe(block, activity.introFormat);
}

function languageOf(activity: ActivityText, { language }: NoticePolicy): NoticeLanguage {
  if (language !== 'course') return language;
  const forced = activity.courseLanguage.toLowerCase();
  return forced === '' || forced.startsWith('fr') ? 'fr' : 'en';
}
