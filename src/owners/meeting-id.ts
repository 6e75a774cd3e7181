import { normaliseHost, originServerOf } from '../bbb/origin-server.js';
import type { Recording } from '../bbb/recording.js';

/** Which application made the meeting. */
export type Origin = 'moodle' | 'greenlight' | 'pod' | 'unknown';

export interface MoodleMeetingId {
  /** The activity's random seed (bigbluebuttonbn.meetingid). */
  readonly seed: string;
  /** May be stale: the activity can have moved. */
  readonly courseId: number | null;
  /** May be stale: a restored copy has another id. */
  readonly activityId: number;
  readonly groupId: number | null;
}

const MOODLE_MEETING = /^([0-9A-Za-z]+)-(\d*)-(\d{1,15})(?:\[(\d*)\])?$/;

/** Reads `seed-courseid-activityid[groupid]` (plugin 2.x with brackets only in groups, 3.0 on always); null for other shapes. */
export function parseMoodleMeetingId(meetingId: string): MoodleMeetingId | null {
  const match = MOODLE_MEETING.exec(meetingId);
  if (match === null) return null;
  const [, seed = '', course = '', activity = '', group] = match;
  return {
    seed,
    courseId: course === '' ? null : Number(course),
    activityId: Number(activity),
    groupId: group === undefined || group === '' ? null : Number(group),
  };
}

const SEED = /^[0-9a-f]{40}$/;
const POD_MEETING = /^\d{4,}-/;

/** The application that made the meeting: its own word first, then the shape of the meetingID. */
export function originOf(recording: Pick<Recording, 'meetingId' | 'metadata'>): Origin {
  const said = (recording.metadata['bbb-origin'] ?? '').trim().toLowerCase();
  if (said === 'moodle') return 'moodle';
  if (said.startsWith('greenlight')) return 'greenlight';
  if (said === '' || said === 'pod') {
    const seed = parseMoodleMeetingId(recording.meetingId)?.seed;
    if (seed !== undefined && SEED.test(seed)) return 'moodle';
    if (POD_MEETING.test(recording.meetingId)) return 'pod';
  }
  return 'unknown';
}

/**
 * Name of the `[moodle.NAME]` section that answers for a recording: its origin server's, by name or alias, else
 * `default`'s; the only section answers for recordings that do not say where they come from.
 */
export function moodleSectionFor(
  recording: Pick<Recording, 'meetingId' | 'metadata'>,
  sectionNames: readonly string[],
  ignoredServers: readonly string[],
  aliases: Readonly<Record<string, readonly string[]>> = {},
): string | null {
  if (originOf(recording) !== 'moodle') return null;
  const server = originServerOf(recording);
  if (server !== '' && ignoredServers.some((ignored) => normaliseHost(ignored) === server)) return null;
  const own = sectionNames.find((name) =>
    [name, ...(aliases[name] ?? [])].some((host) => normaliseHost(host) === server),
  );
  if (own !== undefined) return own;
  if (sectionNames.includes('default')) return 'default';
  const [only] = sectionNames;
  return server === '' && sectionNames.length === 1 && only !== undefined ? only : null;
}

/** The number that a renamed Pod meeting keeps: `0042-old-name` is meeting 42. Null for other meetingIDs. */
export function podMeetingNumber(meetingId: string): number | null {
  const digits = /^(\d{4,9})-/.exec(meetingId)?.[1];
  return digits === undefined ? null : Number(digits);
}
