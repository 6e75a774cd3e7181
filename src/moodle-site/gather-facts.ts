import type { MoodleActivity, MoodleFacts, MoodleRecordingRow } from '../owners/moodle-facts.js';
import { parseMoodleMeetingId } from '../owners/meeting-id.js';
import { SEPARATE_GROUPS, seesGroupsByDefault } from '../owners/moodle-groups.js';
import { moodleLookups } from '../owners/moodle-lookups.js';
import type { Query } from '../kit/adapters/sql/database.js';
import { readBySeed, readCreators, readRows } from './read-activities.js';
import { readAssignments, readEnrolments, readGroupMembers, readTeachers, readUsers } from './read-people.js';
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
 * Gathers one chunk's facts in eight queries, whatever its size up to 500: rows with activities, activities by seed,
 * creators, assignments, users, enrolments, teaching roles, members of groups. Same text on both engines.
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
  const lookups = moodleLookups(known, description.roles, moderatorDefault, groupRolesOf(description));
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
  const groupMembers = await readGroupMembers(
    query,
    site,
    groupsOf(questions, recordingRows, known),
    userIds,
  );
  return {
    recordingRows,
    activities: known,
    roles: description.roles,
    roleAssignments,
    users,
    creators,
    enrolments,
    teacherIds,
    groupMembers,
    groupRules: description.groupRules,
    moderatorDefault,
    localHostId: description.localHostId,
  };
}

/** Roles whose holders may see every group. */
function groupRolesOf({ roles, groupRules }: SiteDescription): number[] {
  if (groupRules === null) return roles.filter(seesGroupsByDefault).map(({ id }) => id);
  return [...new Set(groupRules.map(({ roleId }) => roleId))];
}

/** Groups of the asked recordings, if groups are separate anywhere: only then who is in them matters. */
function groupsOf(
  questions: readonly Question[],
  rows: readonly MoodleRecordingRow[],
  activities: readonly MoodleActivity[],
): number[] {
  if (!activities.some(({ groupMode }) => groupMode === SEPARATE_GROUPS)) return [];
  const named = questions.map(({ meetingId }) => parseMoodleMeetingId(meetingId)?.groupId ?? 0);
  return [...new Set([...rows.map(({ groupId }) => groupId), ...named])].filter((id) => id > 0);
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
