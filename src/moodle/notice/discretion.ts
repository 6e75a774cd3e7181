import { recordIdOfUrl } from '../../bbb/playback-url.js';
import type { AnnotatedRecording } from '../annotated-recording.js';
import type { ActivityText } from '../ports.js';

/* What a notice may tell: everybody who opens the course page reads it, whatever their group, and a playback link
   needs no login. */

const ROOM_ONLY = 1;

/** Whether recordings may be listed one by one: no groups in the activity or in its recordings, and it shows recordings at all. */
export const mayList = (
  { groupMode, kind }: Pick<ActivityText, 'groupMode' | 'kind'>,
  recordings: readonly Pick<AnnotatedRecording, 'groupId'>[],
): boolean => groupMode === 0 && kind !== ROOM_ONLY && recordings.every(({ groupId }) => groupId === 0);

/** Whether this recording may be linked: asked for, and Moodle shows it to every member of the course today. */
export const mayLink = (
  { visible, isRestricted }: Pick<ActivityText, 'visible' | 'isRestricted'>,
  { isShown, isHidden }: Pick<AnnotatedRecording, 'isShown' | 'isHidden'>,
  links: boolean,
): boolean => links && visible && !isRestricted && isShown && !isHidden;

/** Sentences of the texts shipped with version 0.1, which stood above links that still worked. */
const OLD_SENTENCES = /can no longer be reached from Moodle|ne sont plus accessibles depuis Moodle/;

/**
 * Whether a notice that stands in an activity tells what it may not: playback links or a list where there may be none,
 * or that recordings cannot be reached which can. Such a notice, an earlier version's, is replaced unasked.
 */
export function tellsTooMuch(
  old: string,
  next: string,
  {
    activity,
    recordings,
    links,
  }: {
    readonly activity: ActivityText;
    readonly recordings: readonly AnnotatedRecording[];
    readonly links: boolean;
  },
): boolean {
  if (OLD_SENTENCES.test(old) && !OLD_SENTENCES.test(next)) return true;
  const isListing = mayList(activity, recordings);
  if (!isListing && entriesOf(old) > entriesOf(next)) return true;
  const linked = playbacksIn(old);
  if (!isListing || !links) return [...linked].some((recordId) => !playbacksIn(next).has(recordId));
  return recordings.some(
    (recording) => linked.has(recording.recordId) && !mayLink(activity, recording, links),
  );
}

const entriesOf = (block: string): number => (block.match(/<li\b|\n- /gi) ?? []).length;

/** recordIDs that the links of a block, HTML or plain text, lead to. */
function playbacksIn(block: string): Set<string> {
  const urls = block.match(/https?:\/\/[^\s"'<>]+/gi) ?? [];
  return new Set(urls.flatMap((url) => recordIdOfUrl(url.replaceAll('&amp;', '&')) ?? []));
}
