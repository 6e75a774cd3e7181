import type { MoodleActivity, MoodleFacts, MoodleRecordingRow } from '../owners/moodle-facts.js';
import { parseMoodleMeetingId, type MoodleMeetingId } from '../owners/meeting-id.js';
import { courseIdsOf } from '../owners/moodle-course.js';
import { SEPARATE_GROUPS, seesGroupsByDefault } from '../owners/moodle-groups.js';
import { moodleLookups } from '../owners/moodle-lookups.js';
import type { Query } from '../kit/adapters/sql/database.js';
import { readBySeed, readCourses, readCreators, readRows } from './read-activities.js';
import { readAssignments, readEnrolments, readGroupMembers, readTeachers, readUsers } from './read-people.js';
import type { MoodleSite, SiteDescription } from './site.js';
import { append } from '../kit/groups.js';

export interface Question {
  readonly recordId: string;
  readonly meetingId: string;
  /** The course that the recording itself names. */
  readonly courseId?: number | null;
}

export interface GatherOptions {
  /** Enrolments of every person concerned (`require_enrolment`), not of creators alone. */
  readonly allEnrolments: boolean;
  /** Overrides config.bigbluebuttonbn_participant_moderator_default, which config.php may hide. */
  readonly moderatorDefault: string | null;
}

/**
 * Gathers one chunk's facts in nine queries, whatever its size up to 500: rows with activities, activities by seed,
 * courses of recordings without activity, creators, assignments, users, enrolments, teaching roles, members of groups. Same text on both engines.
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
  const unsettled = unsettledOf(questions, recordingRows, activities);
  await readBySeed(query, site, meetingsOf(unsettled), activities);
  const known = [...activities.values()];
  const courses = await readCourses(query, site, lostCourses(unsettled, recordingRows, activities));
  const moderatorDefault = options.moderatorDefault ?? description.moderatorDefault;
  const lookups = moodleLookups(
    known,
    courses,
    description.roles,
    moderatorDefault,
    groupRolesOf(description),
  );
  const creators = await readCreators(query, site, known);
  const roleAssignments = await readAssignments(query, site, lookups);
  const creatorIds = creators.map((creator) => creator.userId);
  const userIds = [
    ...new Set([...lookups.userIds, ...creatorIds, ...roleAssignments.map((held) => held.userId)]),
  ];
  const users = await readUsers(query, site, userIds);
  const enrolled = options.allEnrolments ? userIds : [...new Set(creatorIds)];
  const courseIds = [...known.map(({ courseId }) => courseId), ...courses.map(({ id }) => id)];
  const enrolments = await readEnrolments(query, site, courseIds, enrolled);
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
    courses,
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

function unsettledOf(
  questions: readonly Question[],
  rows: readonly MoodleRecordingRow[],
  activities: ReadonlyMap<number, MoodleActivity>,
): Question[] {
  const settled = new Set(rows.filter((row) => settles(row, activities)).map((row) => row.recordId));
  return questions.filter((question) => !settled.has(question.recordId));
}

const meetingsOf = (questions: readonly Question[]): MoodleMeetingId[] =>
  questions.map(({ meetingId }) => parseMoodleMeetingId(meetingId)).filter((parsed) => parsed !== null);

/** Courses of recordings that neither rows nor seeds lead to an activity of their own. */
function lostCourses(
  questions: readonly Question[],
  recordingRows: readonly MoodleRecordingRow[],
  activities: ReadonlyMap<number, MoodleActivity>,
): number[] {
  const rows = new Map<string, MoodleRecordingRow[]>();
  for (const row of recordingRows) append(rows, row.recordId, row);
  const own = (question: Question): boolean => {
    const parsed = parseMoodleMeetingId(question.meetingId);
    return parsed !== null && activities.get(parsed.activityId)?.seed === parsed.seed;
  };
  return [
    ...new Set(
      questions
        .filter((question) => !own(question))
        .flatMap((question) => courseIdsOf(question, { rows, activities })),
    ),
  ];
}
