import type { Recording } from '../bbb/recording.js';
import type { CandidateRule, Reason } from './decision.js';
import { parseMoodleMeetingId } from './meeting-id.js';
import type { MoodleActivity, MoodleCourse } from './moodle-facts.js';
import type { MoodleIndex } from './moodle-index.js';
import { courseTeachers } from './moodle-moderators.js';
import type { OwnerPolicy } from './policy.js';

/** `bbb-context-id`: the course, as the plugin tells it from 2.4 on (meeting.php, create_meeting_metadata); null without. */
export function contextCourseOf({ metadata }: Pick<Recording, 'metadata'>): number | null {
  const said = (metadata['bbb-context-id'] ?? '').trim();
  return /^[1-9]\d{0,14}$/.test(said) ? Number(said) : null;
}

interface Rows {
  readonly rows: MoodleIndex['rows'];
  readonly activities: MoodleIndex['activities'];
}

/** Courses that a recording without activity may be of, surest first: of its rows, as told, of its meetingID. */
export function courseIdsOf(
  question: { readonly recordId: string; readonly meetingId: string; readonly courseId?: number | null },
  { rows, activities }: Rows,
): number[] {
  const ofRows = strayCourses(question.recordId, { rows, activities });
  const parsed = parseMoodleMeetingId(question.meetingId)?.courseId ?? null;
  const told = [question.courseId ?? null, parsed].filter((id) => id !== null);
  return [...new Set([...ofRows, ...told])].filter((id) => id > 0);
}

/** Of rows whose activity was deleted (headless), never of imported links. */
const strayCourses = (recordId: string, { rows, activities }: Rows): number[] =>
  (rows.get(recordId) ?? [])
    .filter((row) => !row.imported && (row.headless || !activities.has(row.activityId)))
    .map(({ courseId }) => courseId);

/**
 * The last rule before the administrator: a deleted activity's recording goes to the teachers who may edit its course.
 * A course number alone proves nothing, for each Moodle has its course 2: it counts when a row of this Moodle holds the
 * recording, when the recording names this Moodle's server, or when the course is called as the recording says.
 */
export function ownersByCourse(
  recording: Recording,
  index: MoodleIndex,
  policy: OwnerPolicy,
): { readonly rule: CandidateRule | null; readonly notes: readonly Reason[] } {
  const none = { rule: null, notes: [] };
  const ofRows = new Set(strayCourses(recording.recordId, index));
  const asked = { ...recording, courseId: contextCourseOf(recording) };
  const course = courseIdsOf(asked, index)
    .map((id) => index.courses.get(id))
    .find((known) => known !== undefined && (ofRows.has(known.id) || isOf(recording, known, index, policy)));
  if (course === undefined) return none;
  const { candidates, notes } = courseTeachers(course, index, policy);
  return candidates.length === 0 ? { rule: null, notes } : { rule: { candidates }, notes };
}

function isOf(recording: Recording, course: MoodleCourse, index: MoodleIndex, policy: OwnerPolicy): boolean {
  if (policy.moodleOrigin === 'other' || isAnotherActivity(recording, index)) return false;
  if (policy.moodleOrigin === 'named') return true;
  const { metadata } = recording;
  const told = ['bbb-context', 'bbb-context-name', 'bbb-context-label']
    .map((key) => simplified(metadata[key] ?? ''))
    .filter((name) => name !== '');
  const names = [course.name, course.shortName].map(simplified);
  return told.length === 0 || told.some((name) => names.includes(name));
}

/** The activity that the meetingID names is here and has another seed: it is another Moodle's. */
function isAnotherActivity({ meetingId }: Recording, index: MoodleIndex): boolean {
  const parsed = parseMoodleMeetingId(meetingId);
  const activity: MoodleActivity | undefined =
    parsed === null ? undefined : index.activities.get(parsed.activityId);
  return activity !== undefined && activity.seed !== parsed?.seed;
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  '#039': "'",
};

/** A course's name as either side may have written it. */
const simplified = (name: string): string =>
  name
    .replace(/&(amp|lt|gt|quot|#0?39);/g, (whole, key: string) => ENTITIES[key] ?? whole)
    .replace(/<[^<>]*>/g, '')
    .normalize('NFC')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase();
