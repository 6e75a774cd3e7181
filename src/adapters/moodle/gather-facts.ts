import type { Knex } from 'knex';
import type {
  MoodleActivity,
  MoodleEnrolment,
  MoodleFacts,
  MoodleRecordingRow,
  MoodleRoleAssignment,
  MoodleUser,
} from '../../owners/moodle-facts.js';
import { isTeachingRole } from '../../owners/moodle-facts.js';
import { parseMoodleMeetingId } from '../../owners/meeting-id.js';
import { moodleLookups, type MoodleLookups } from '../../owners/moodle-lookups.js';
import type { Query } from '../sql/database.js';
import { ACTIVITY_COLUMNS, asActivity, joinActivity, selectActivities } from './activity-query.js';
import {
  asFlag,
  asNumber,
  asText,
  chunksOf,
  rowsOf,
  table,
  type MoodleSite,
  type Row,
  type SiteDescription,
} from './site.js';

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

/** Rows of these statuses, with their activity, settle a match: no look-up by meetingID is needed. */
const settles = (row: MoodleRecordingRow, activities: ReadonlyMap<number, MoodleActivity>): boolean =>
  !row.imported && !row.headless && row.status >= 1 && row.status <= 4 && activities.has(row.activityId);

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

/** Q1: rows of the recordings table with the activity of each. */
async function readRows(
  query: Query,
  site: MoodleSite,
  recordIds: readonly string[],
  activities: Map<number, MoodleActivity>,
): Promise<MoodleRecordingRow[]> {
  const found: MoodleRecordingRow[] = [];
  for (const ids of chunksOf(recordIds)) {
    const rows = await rowsOf(
      joinActivity(
        query
          .select(['r.id', 'r.recordingid', 'r.bigbluebuttonbnid', 'r.courseid', 'r.groupid', 'r.status'])
          .select(['r.imported', 'r.headless', ...ACTIVITY_COLUMNS])
          .from(`${table(site, 'bigbluebuttonbn_recordings')} as r`)
          .leftJoin(`${table(site, 'bigbluebuttonbn')} as b`, 'b.id', 'r.bigbluebuttonbnid'),
        site,
      )
        .whereIn('r.recordingid', ids)
        .orderBy('r.id'),
    );
    for (const row of rows) {
      found.push(asRecordingRow(row));
      keepActivity(row, activities);
    }
  }
  return found;
}

const asRecordingRow = (row: Row): MoodleRecordingRow => ({
  id: asNumber(row['id']),
  recordId: asText(row['recordingid']),
  activityId: asNumber(row['bigbluebuttonbnid']),
  courseId: asNumber(row['courseid']),
  groupId: asNumber(row['groupid']),
  status: asNumber(row['status']),
  imported: asFlag(row['imported']),
  headless: asFlag(row['headless']),
});

function keepActivity(row: Row, activities: Map<number, MoodleActivity>): void {
  const activity = asActivity(row);
  // Two course modules for one activity are damage; the one that stays is the one to name.
  if (activity !== null && (activities.get(activity.id)?.deletionInProgress ?? true))
    activities.set(activity.id, activity);
}

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

/** Q1b: every activity that has one of these seeds; the table has no index on it, so one scan for all. */
async function readBySeed(
  query: Query,
  site: MoodleSite,
  seeds: readonly string[],
  activities: Map<number, MoodleActivity>,
): Promise<void> {
  for (const chunk of chunksOf(seeds)) {
    const rows = await rowsOf(selectActivities(query, site).whereIn('b.meetingid', chunk).orderBy('b.id'));
    for (const row of rows) keepActivity(row, activities);
  }
}

/** Q5: the first log row 'Add' of each activity. */
async function readCreators(
  query: Query,
  site: MoodleSite,
  activities: readonly MoodleActivity[],
): Promise<{ activityId: number; userId: number }[]> {
  const creators = new Map<number, number>();
  for (const chunk of chunksOf(activities)) {
    const rows = await rowsOf(
      query(table(site, 'bigbluebuttonbn_logs'))
        .select('bigbluebuttonbnid', 'userid')
        .whereIn('courseid', [...new Set(chunk.map((activity) => activity.courseId))])
        .whereIn(
          'bigbluebuttonbnid',
          chunk.map((activity) => activity.id),
        )
        .where('log', 'Add')
        .whereNotNull('userid')
        .orderBy('id'),
    );
    for (const row of rows) {
      const activityId = asNumber(row['bigbluebuttonbnid']);
      if (!creators.has(activityId)) creators.set(activityId, asNumber(row['userid']));
    }
  }
  return [...creators].map(([activityId, userId]) => ({ activityId, userId }));
}

/** Q3: holders of just the roles that matter in just the contexts where they matter. */
async function readAssignments(
  query: Query,
  site: MoodleSite,
  lookups: MoodleLookups,
): Promise<MoodleRoleAssignment[]> {
  const pairs = [...lookups.contextsByRole].flatMap(([roleId, contexts]) =>
    [...contexts].map((contextId) => ({ roleId, contextId })),
  );
  const found: MoodleRoleAssignment[] = [];
  for (const chunk of chunksOf(pairs, 5000)) {
    const byRole = new Map<number, number[]>();
    for (const { roleId, contextId } of chunk) {
      const contexts = byRole.get(roleId);
      if (contexts === undefined) byRole.set(roleId, [contextId]);
      else contexts.push(contextId);
    }
    const rows = (await query
      .distinct('ra.contextid', 'x.contextlevel', 'ra.roleid', 'ra.userid')
      .from(`${table(site, 'role_assignments')} as ra`)
      .join(`${table(site, 'context')} as x`, 'x.id', 'ra.contextid')
      .where((any: Knex.QueryBuilder) => {
        for (const [roleId, contexts] of byRole)
          void any.orWhere((both: Knex.QueryBuilder) => {
            void both.where('ra.roleid', roleId).whereIn('ra.contextid', contexts);
          });
      })
      .orderBy(['ra.contextid', 'ra.roleid', 'ra.userid'])) as Row[];
    for (const row of rows)
      found.push({
        contextId: asNumber(row['contextid']),
        contextLevel: asNumber(row['contextlevel']),
        roleId: asNumber(row['roleid']),
        userId: asNumber(row['userid']),
      });
  }
  return found;
}

/** Columns of the user table that are read: never `*`, for it holds password hashes. */
export const USER_COLUMNS = [
  'id',
  'username',
  'email',
  'idnumber',
  'firstname',
  'lastname',
  'auth',
  'deleted',
  'suspended',
  'confirmed',
  'mnethostid',
];

/** Q4: the people concerned. */
async function readUsers(query: Query, site: MoodleSite, ids: readonly number[]): Promise<MoodleUser[]> {
  const found: MoodleUser[] = [];
  for (const chunk of chunksOf(ids)) {
    const rows = await rowsOf(query(table(site, 'user')).select(USER_COLUMNS).whereIn('id', chunk));
    for (const row of rows)
      found.push({
        id: asNumber(row['id']),
        username: asText(row['username']),
        email: asText(row['email']),
        idnumber: asText(row['idnumber']),
        firstName: asText(row['firstname']),
        lastName: asText(row['lastname']),
        auth: asText(row['auth']),
        deleted: asFlag(row['deleted']),
        suspended: asFlag(row['suspended']),
        confirmed: asFlag(row['confirmed']),
        mnetHostId: asNumber(row['mnethostid']),
      });
  }
  return found;
}

/** Q6: who is enrolled where, actively or not. */
async function readEnrolments(
  query: Query,
  site: MoodleSite,
  activities: readonly MoodleActivity[],
  userIds: readonly number[],
): Promise<MoodleEnrolment[]> {
  const courseIds = [...new Set(activities.map((activity) => activity.courseId))];
  const nowSeconds = Math.floor(Date.now() / 1000);
  const found: MoodleEnrolment[] = [];
  for (const courses of chunksOf(courseIds))
    for (const users of chunksOf(userIds)) {
      const rows = await rowsOf(
        query
          .select(
            'e.courseid',
            'ue.userid',
            'ue.status as held',
            'e.status as method',
            'ue.timestart',
            'ue.timeend',
          )
          .from(`${table(site, 'user_enrolments')} as ue`)
          .join(`${table(site, 'enrol')} as e`, 'e.id', 'ue.enrolid')
          .whereIn('e.courseid', courses)
          .whereIn('ue.userid', users),
      );
      for (const row of rows) {
        const end = asNumber(row['timeend']);
        const current = asNumber(row['timestart']) <= nowSeconds && (end === 0 || end > nowSeconds);
        const active = current && !asFlag(row['held']) && !asFlag(row['method']);
        found.push({ courseId: asNumber(row['courseid']), userId: asNumber(row['userid']), active });
      }
    }
  return found;
}

/** Q7: which of these people hold a teaching role anywhere: staff status in Pod is never taken back, so it is not given lightly. */
async function readTeachers(
  query: Query,
  site: MoodleSite,
  description: SiteDescription,
  userIds: readonly number[],
): Promise<number[]> {
  const roleIds = description.roles.filter(isTeachingRole).map((role) => role.id);
  const found: number[] = [];
  for (const chunk of chunksOf(userIds)) {
    const rows = await rowsOf(
      query(table(site, 'role_assignments'))
        .distinct('userid')
        .whereIn('userid', chunk)
        .whereIn('roleid', roleIds),
    );
    for (const row of rows) found.push(asNumber(row['userid']));
  }
  return found;
}
