import { reason, type Reason } from './decision.js';
import { parseMoodleMeetingId } from './meeting-id.js';
import type { MoodleActivity, MoodleRecordingRow } from './moodle-facts.js';
import type { MoodleIndex } from './moodle-index.js';

export interface MoodleMatch {
  readonly activities: readonly MoodleActivity[];
  readonly by: 'recording-row' | 'meeting-id' | 'seed' | 'none';
  /** Moodle marks the recording deleted, and no row of it stands for an activity that still shows it. */
  readonly deleted: boolean;
  /** Activities that only hold an imported copy: annotated on demand, never owners. */
  readonly importers: readonly MoodleActivity[];
  /** The row that stands for it in reports; null when it was matched by its meetingID. */
  readonly row: MoodleRecordingRow | null;
  readonly notes: readonly Reason[];
}

/** Statuses that tell of a recording: dismissed, processed, notified, reset (docs/domain/moodle.md, "Recordings"). */
const KNOWN_STATUSES = new Set([1, 2, 3, 4]);
const AWAITING = 0;
const DELETED = 5;

/**
 * Finds the activities of a recording, in this order: rows of the recordings table (original, activity still there,
 * status 1 to 4), the meetingID (`meetingid-courseid-activityid`) by its first and last part, its first part alone if
 * one activity has it. A restored course copies rows, so one recording may lead to several activities.
 */
export function matchMoodleActivities(
  question: { readonly recordId: string; readonly meetingId: string },
  index: MoodleIndex,
): MoodleMatch {
  const rows = index.rows.get(question.recordId) ?? [];
  const activityOf = (row: MoodleRecordingRow): MoodleActivity[] => {
    const activity = row.headless ? undefined : index.activities.get(row.activityId);
    return activity === undefined ? [] : [activity];
  };
  const importers = distinct(rows.filter((row) => row.imported).flatMap(activityOf));
  const own = rows.filter((row) => !row.imported && !row.headless);
  const known = own.filter((row) => KNOWN_STATUSES.has(row.status));
  const activities = distinct(known.flatMap(activityOf));
  const base = { importers, deleted: false, row: known[0] ?? own[0] ?? null };
  if (activities.length > 0) {
    const notes =
      activities.length > 1 ? [reason('note-several-activities', { count: activities.length })] : [];
    return { ...base, activities, by: 'recording-row', notes };
  }
  const stray = rows.filter((row) => !row.imported && row.headless);
  const isDeleted = own.length > 0 ? own.some(hasDeleted) : stray.length > 0 && stray.every(hasDeleted);
  if (isDeleted) return { ...base, activities: [], by: 'recording-row', deleted: true, notes: [] };
  const awaiting = own.some((row) => row.status === AWAITING) ? [reason('note-status-awaiting')] : [];
  return { ...base, ...matchByMeetingId(question.meetingId, index, awaiting) };
}

function matchByMeetingId(
  meetingId: string,
  index: MoodleIndex,
  notes: readonly Reason[],
): Pick<MoodleMatch, 'activities' | 'by' | 'notes'> {
  const parsed = parseMoodleMeetingId(meetingId);
  const sharing = parsed === null ? [] : (index.bySeed.get(parsed.seed) ?? []);
  const exact = sharing.filter((activity) => activity.id === parsed?.activityId);
  if (exact.length > 0)
    return { activities: exact, by: 'meeting-id', notes: [...notes, reason('note-matched-by-meeting')] };
  if (sharing.length === 1)
    return { activities: sharing, by: 'seed', notes: [...notes, reason('note-matched-by-seed')] };
  const ambiguous = sharing.length > 1 ? [reason('note-seed-ambiguous', { count: sharing.length })] : [];
  return { activities: [], by: 'none', notes: [...notes, ...ambiguous] };
}

const hasDeleted = ({ status }: MoodleRecordingRow): boolean => status === DELETED;

const distinct = (activities: readonly MoodleActivity[]): MoodleActivity[] => [...new Set(activities)];
