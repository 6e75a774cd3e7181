import type { MoodleActivity, MoodleFacts, MoodleRecordingRow } from '../owners/moodle-facts.js';
import { parseMoodleMeetingId } from '../owners/meeting-id.js';
import { moodleLookups } from '../owners/moodle-lookups.js';
import type { Query } from '../kit/adapters/sql/database.js';
import { readBySeed, readCreators, readRows } from './read-activities.js';
import { readAssignments, readEnrolments, readTeachers, readUsers } from './read-people.js';
import type { MoodleSite, SiteDescription } from './site.js';

export interface Question {
  readonly recordId: string;
  readonly meetingId: string;
}

export interface GatherOptions {
  /** Enrolments of every person concerned (`require_enrolment`), not of creators alone. */
  readonly allEnrolments: boolean;
  /** Overrides config.bigbluebuttonbn_participant_moderator_default, which config.php may hide. */
  readonly moderatorDefault: string | null;
}

/**
 * Gathers one chunk's facts in seven queries, whatever its size up to 500: rows with activities, activities by seed,
 * creators, assignments, users, enrolments, teaching roles. Same text on both engines.
 */
export async function gatherFacts(
  query: Query,
  site: MoodleSite,
  description: SiteDescription,
  questions: readonly Question[],
  options: GatherOptions,
): Promise<MoodleFacts> {
  const activities = new Map<number, MoodleActivity>();
  const recordingRows = description.hasRecordingsTable
    ? await readRows(
        query,
        site,
        questions.map((question) => question.recordId),
        activities,
      )
    : [];
  await readBySeed(query, site, unsettledSeeds(questions, recordingRows, activities), activities);
  const known = [...activities.values()];
  const moderatorDefault = options.moderatorDefault ?? description.moderatorDefault;
  const lookups = moodleLookups(known, description.roles, moderatorDefault);
  const creators = await readCreators(query, site, known);
  const roleAssignments = await readAssignments(query, site, lookups);
  const creatorIds = creators.map((creator) => creator.userId);
  const userIds = [
    ...new Set([...lookups.userIds, ...creatorIds, ...roleAssignments.map((held) => held.userId)]),
  ];
  const users = await readUsers(query, site, userIds);
  const enrolled = options.allEnrolments ? userIds : [...new Set(creatorIds)];
  const enrolments = await readEnrolments(query, site, known, enrolled);
  const teacherIds = await readTeachers(query, site, description, userIds);
  return {
    recordingRows,
    activities: known,
    roles: description.roles,
    roleAssignments,
    users,
    creators,
    enrolments,
    teacherIds,
    moderatorDefault,
    localHostId: description.localHostId,
  };
}

/** Rows of these statuses, with their activity, settle a match: no look-up by meetingID is needed. */
const settles = (row: MoodleRecordingRow, activities: ReadonlyMap<number, MoodleActivity>): boolean =>
  !row.imported && !row.headless && row.status >= 1 && row.status <= 4 && activities.has(row.activityId);

function unsettledSeeds(
  questions: readonly Question[],
  rows: readonly MoodleRecordingRow[],
  activities: ReadonlyMap<number, MoodleActivity>,
): string[] {
  const settled = new Set(rows.filter((row) => settles(row, activities)).map((row) => row.recordId));
  const seeds = questions
    .filter((question) => !settled.has(question.recordId))
    .map((question) => parseMoodleMeetingId(question.meetingId)?.seed ?? '');
  return [...new Set(seeds.filter((seed) => seed !== ''))];
}
