import { normaliseHost, originServerOf } from './origin-server.js';
import type { Recording, RecordingState } from './recording.js';

/** What narrows a listing before positions are counted. Empty lists and nulls let everything through. */
export interface RecordingFilters {
  /** Session start, Unix milliseconds: from (inclusive) and to (exclusive). */
  readonly sinceAt: number | null;
  readonly untilAt: number | null;
  readonly meetingIds: readonly string[];
  readonly recordIds: readonly string[];
  readonly states: readonly RecordingState[];
  /** `bbb-origin` in any case, or `bbb-origin-server-name` in any spelling of a host. */
  readonly origins: readonly string[];
  /** Course ids, short names or full names of Moodle, in any case. */
  readonly courses: readonly string[];
  /** Courses of one of these: all courses of Moodle's categories, by course id. Null lets everything through. */
  readonly courseSets: readonly CourseSet[] | null;
  /** Sections of [bbb] they were listed from. */
  readonly servers: readonly string[];
}

/** Courses of one Moodle. Ids are its own: the origin server that a recording names tells whose they are. */
export interface CourseSet {
  readonly courseIds: readonly string[];
  /** Host names in one form; '' for recordings that name none. */
  readonly originServers: readonly string[];
  /** Whether those servers are meant, or all others. */
  readonly isOfThem: boolean;
}

export const noFilters: RecordingFilters = {
  sinceAt: null,
  untilAt: null,
  meetingIds: [],
  recordIds: [],
  states: [],
  origins: [],
  courses: [],
  courseSets: null,
  servers: [],
};

/** Positions of the filtered list to take: 1-based, both ends included; null for no end. */
export interface RecordingRange {
  readonly min: number;
  readonly max: number | null;
}

export const wholeRange: RecordingRange = { min: 1, max: null };

/** How many of `count` filtered recordings a range takes: the number announced is the number processed. */
export const countInRange = (count: number, { min, max }: RecordingRange): number =>
  Math.max(0, Math.min(count, max ?? count) - min + 1);

/** What `--origin` compares: the application's name in lower case, and its server's name in one form. */
export const originsOf = ({ metadata }: Pick<Recording, 'metadata'>): readonly [string, string] => [
  (metadata['bbb-origin'] ?? '').trim().toLowerCase(),
  originServerOf({ metadata }),
];

/** The same of what was asked for: an application, or a server as people write it. */
export const wantedOrigins = (origins: readonly string[]): string[] => [
  ...new Set(origins.flatMap((origin) => [origin.trim().toLowerCase(), normaliseHost(origin)])),
];

/** `seed-courseid-activityid[groupid]`, as Moodle's plugin names its meetings; the seed is a sha1. */
const MOODLE_MEETING = /^[0-9a-f]{40}-(\d+)-\d+(?:\[\d*\])?$/;

/**
 * What `--course` and `--category` compare: id, short name and full name of the course, as Moodle's plugin sends them with each meeting
 * (mod/bigbluebuttonbn/classes/meeting.php of 4.0 to 5.1, locallib.php before), in lower case. Without it the meetingID
 * has the course's id.
 */
export const coursesOf = ({
  metadata,
  meetingId,
}: Pick<Recording, 'metadata' | 'meetingId'>): readonly [string, string, string] => [
  (metadata['bbb-context-id'] ?? MOODLE_MEETING.exec(meetingId)?.[1] ?? '').trim().toLowerCase(),
  (metadata['bbb-context-label'] ?? '').trim().toLowerCase(),
  (metadata['bbb-context'] ?? metadata['bbb-context-name'] ?? '').trim().toLowerCase(),
];

/** True when a recording passes every filter. The spool answers the same in SQL. */
export function matchesFilters(recording: Recording, filters: RecordingFilters): boolean {
  const allows = (wanted: readonly string[], ...values: readonly string[]): boolean =>
    wanted.length === 0 || values.some((value) => wanted.includes(value));
  const origins = wantedOrigins(filters.origins);
  return (
    (filters.sinceAt === null || recording.startAt >= filters.sinceAt) &&
    (filters.untilAt === null || recording.startAt < filters.untilAt) &&
    allows(filters.meetingIds, recording.meetingId) &&
    allows(filters.recordIds, recording.recordId) &&
    allows(filters.states, recording.state) &&
    allows(origins, ...originsOf(recording)) &&
    allows(
      filters.courses.map((course) => course.toLowerCase()),
      ...coursesOf(recording),
    ) &&
    (filters.courseSets === null ||
      filters.courseSets.some(
        ({ courseIds, originServers, isOfThem }) =>
          originServers.includes(originServerOf(recording)) === isOfThem &&
          courseIds.includes(coursesOf(recording)[0]),
      )) &&
    allows(filters.servers, recording.server)
  );
}

/** Reads a list of recordings to leave out: a recordID or a playback URL per line, `#` begins a comment. */
export function parseRecordList(
  text: string,
  recordIdOf: (url: string) => string | null,
): ReadonlySet<string> {
  const words = text
    .split(/\r?\n/)
    .map(
      (line) =>
        line
          .replace(/#.*$/, '')
          .split(/[;,\t]/)[0]
          ?.trim() ?? '',
    )
    .filter((word) => word !== '');
  return new Set(words.map((word) => recordIdOf(word) ?? word));
}
