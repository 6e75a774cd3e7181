import type { Knex } from 'knex';
import type { MoodleEnrolment, MoodleRoleAssignment, MoodleUser } from '../owners/moodle-facts.js';
import { isTeachingRole } from '../owners/moodle-facts.js';
import type { MoodleLookups } from '../owners/moodle-lookups.js';
import type { Query } from '../kit/adapters/sql/database.js';
import { asText } from '../kit/adapters/sql/as-text.js';
import {
  asFlag,
  asNumber,
  chunksOf,
  rowsOf,
  table,
  type MoodleSite,
  type Row,
  type SiteDescription,
} from './site.js';

/** Q3: holders of just the roles that matter in just the contexts where they matter. */
export async function readAssignments(
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
export async function readUsers(
  query: Query,
  site: MoodleSite,
  ids: readonly number[],
): Promise<MoodleUser[]> {
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
export async function readEnrolments(
  query: Query,
  site: MoodleSite,
  courses: readonly number[],
  userIds: readonly number[],
): Promise<MoodleEnrolment[]> {
  const courseIds = [...new Set(courses)];
  const nowSeconds = Math.floor(Date.now() / 1000);
  const found: MoodleEnrolment[] = [];
  for (const chunk of chunksOf(courseIds))
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
          .whereIn('e.courseid', chunk)
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

/** Q8: who of these people is in which of these groups. */
export async function readGroupMembers(
  query: Query,
  site: MoodleSite,
  groupIds: readonly number[],
  userIds: readonly number[],
): Promise<{ groupId: number; userId: number }[]> {
  const found: { groupId: number; userId: number }[] = [];
  for (const groups of chunksOf(groupIds))
    for (const users of chunksOf(userIds)) {
      const rows = await rowsOf(
        query(table(site, 'groups_members'))
          .distinct('groupid', 'userid')
          .whereIn('groupid', groups)
          .whereIn('userid', users),
      );
      for (const row of rows)
        found.push({ groupId: asNumber(row['groupid']), userId: asNumber(row['userid']) });
    }
  return found;
}

/** Q7: which of these people hold a teaching role anywhere: staff status in Pod is never taken back, so it is not given lightly. */
export async function readTeachers(
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
