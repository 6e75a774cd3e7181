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
const originsOf = ({ metadata }: Pick<Recording, 'metadata'>): readonly [string, string] => [
  (metadata['bbb-origin'] ?? '').trim().toLowerCase(),
  originServerOf({ metadata }),
];

/** The same of what was asked for: an application, or a server as people write it. */
const wantedOrigins = (origins: readonly string[]): string[] => [
  ...new Set(origins.flatMap((origin) => [origin.trim().toLowerCase(), normaliseHost(origin)])),
];

/** `seed-courseid-activityid[groupid]`, as Moodle's plugin names its meetings; the seed is a sha1. */
const MOODLE_MEETING = /^[0-9a-f]{40}-(\d+)-\d+(?:\[\d*\])?$/;

/**
 * What `--course` and `--category` compare: id, short name and full name of the course, as Moodle's plugin sends them with each meeting
 * (mod/bigbluebuttonbn/classes/meeting.php of 4.0 to 5.1, locallib.php before), in lower case. Without it the meetingID
 * has the course's id.
 */
const coursesOf = ({
  metadata,
  meetingId,
}: Pick<Recording, 'metadata' | 'meetingId'>): readonly [string, string, string] => [
  (metadata['bbb-context-id'] ?? MOODLE_MEETING.exec(meetingId)?.[1] ?? '').trim().toLowerCase(),
  (metadata['bbb-context-label'] ?? '').trim().toLowerCase(),
  (metadata['bbb-context'] ?? metadata['bbb-context-name'] ?? '').trim().toLowerCase(),
];

/** What filters compare, of one recording. The spool keeps each as a column. */
export const filterFacts = {
  recordId: ({ recordId }: Recording) => recordId,
  startAt: ({ startAt }: Recording) => startAt,
  meetingId: ({ meetingId }: Recording) => meetingId,
  state: ({ state }: Recording) => state,
  origin: (recording: Recording) => originsOf(recording)[0],
  originServer: (recording: Recording) => originsOf(recording)[1],
  courseId: (recording: Recording) => coursesOf(recording)[0],
  courseLabel: (recording: Recording) => coursesOf(recording)[1],
  courseName: (recording: Recording) => coursesOf(recording)[2],
  server: ({ server }: Recording) => server,
} as const satisfies Record<string, (recording: Recording) => string | number>;

export type FilterFact = keyof typeof filterFacts;

/** What a filter asks of these facts; the spool asks it in SQL. */
export type FilterCondition =
  | { readonly kind: 'from' | 'before'; readonly fact: FilterFact; readonly value: number }
  /** One of the facts is among the values; `apart`: none is. */
  | {
      readonly kind: 'among' | 'apart';
      readonly facts: readonly FilterFact[];
      readonly values: readonly string[];
    }
  /** All conditions of one of the groups hold. */
  | { readonly kind: 'any'; readonly of: readonly (readonly FilterCondition[])[] };

/** The conditions that must all hold. */
export function conditionsOf(filters: RecordingFilters): readonly FilterCondition[] {
  const since = (kind: 'from' | 'before', value: number | null): FilterCondition[] =>
    value === null ? [] : [{ kind, fact: 'startAt', value }];
  const among = (values: readonly string[], ...facts: FilterFact[]): FilterCondition[] =>
    values.length === 0 ? [] : [{ kind: 'among', facts, values }];
  const { courseSets } = filters;
  return [
    ...since('from', filters.sinceAt),
    ...since('before', filters.untilAt),
    ...among(filters.meetingIds, 'meetingId'),
    ...among(filters.recordIds, 'recordId'),
    ...among(filters.states, 'state'),
    ...among(wantedOrigins(filters.origins), 'origin', 'originServer'),
    ...among(
      filters.courses.map((course) => course.toLowerCase()),
      'courseId',
      'courseLabel',
      'courseName',
    ),
    ...(courseSets === null ? [] : [{ kind: 'any' as const, of: courseSets.map(ofCourseSet) }]),
    ...among(filters.servers, 'server'),
  ];
}

const ofCourseSet = ({ courseIds, originServers, isOfThem }: CourseSet): readonly FilterCondition[] => [
  { kind: isOfThem ? 'among' : 'apart', facts: ['originServer'], values: originServers },
  { kind: 'among', facts: ['courseId'], values: courseIds },
];

/** True when a recording passes every filter. */
export function matchesFilters(recording: Recording, filters: RecordingFilters): boolean {
  const holds = (condition: FilterCondition): boolean => {
    if (condition.kind === 'any') return condition.of.some((all) => all.every(holds));
    if ('fact' in condition) {
      const known = Number(filterFacts[condition.fact](recording));
      return condition.kind === 'from' ? known >= condition.value : known < condition.value;
    }
    const isAmong = condition.facts.some((fact) =>
      condition.values.includes(String(filterFacts[fact](recording))),
    );
    return isAmong === (condition.kind === 'among');
  };
  return conditionsOf(filters).every(holds);
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
          .replace(/#.*$/s, '')
          .split(/[;,\t]/)[0]
          ?.trim() ?? '',
    )
    .filter((word) => word !== '');
  return new Set(words.map((word) => recordIdOf(word) ?? word));
}
