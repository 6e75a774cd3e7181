import type { MoodleActivity } from '../owners/moodle-facts.js';
import type { Query } from '../kit/adapters/sql/database.js';
import { asActivity, selectActivities } from './activity-query.js';
import { asText } from '../kit/adapters/sql/as-text.js';
import { asFlag, asNumber, rowsOf, table, type MoodleSite } from './site.js';
import { append } from '../kit/groups.js';

/** Logs that carry a whole meetingID. */
const LOGS = ['Create', 'create-migrated', 'Join'];

/**
 * MeetingIDs of the 500 activities after an id: `seed-course-id` as plugin 2.x writes it, with `[0]` and each group as
 * later ones do, and what the logs hold. `last` is null at the end.
 */
export async function meetingIdPage(
  query: Query,
  site: MoodleSite,
  after: number,
  hasRecordingsTable: boolean,
): Promise<{ meetingIds: string[]; last: number | null }> {
  const rows = await rowsOf(
    selectActivities(query, site)
      .select('cm.groupmode as cm_groups', 'c.groupmode as course_groups')
      .where('b.id', '>', after)
      .orderBy('b.id')
      .limit(500),
  );
  const activities = new Map<number, MoodleActivity>();
  const grouped = new Set<number>();
  for (const row of rows) {
    const activity = asActivity(row);
    if (activity === null) continue;
    activities.set(activity.id, activity);
    if (asFlag(row['cm_groups']) || asFlag(row['course_groups'])) grouped.add(activity.id);
  }
  const found = new Set<string>();
  for (const { seed, courseId, id } of activities.values())
    found.add(`${seed}-${courseId}-${id}`).add(`${seed}-${courseId}-${id}[0]`);
  const addGroup = (activityId: number, groupId: number): void => {
    const activity = activities.get(activityId);
    if (activity !== undefined) found.add(`${activity.seed}-${activity.courseId}-${activityId}[${groupId}]`);
  };
  const ids = [...activities.keys()];
  const groups = await groupsByCourse(
    query,
    site,
    [...grouped].map((id) => activities.get(id)?.courseId ?? 0),
  );
  for (const id of grouped)
    for (const groupId of groups.get(activities.get(id)?.courseId ?? 0) ?? []) addGroup(id, groupId);
  if (hasRecordingsTable)
    for (const row of await rowsOf(
      query(table(site, 'bigbluebuttonbn_recordings'))
        .distinct('bigbluebuttonbnid', 'groupid')
        .whereIn('bigbluebuttonbnid', ids),
    ))
      addGroup(asNumber(row['bigbluebuttonbnid']), asNumber(row['groupid']));
  const courses = [...new Set([...activities.values()].map(({ courseId }) => courseId))];
  for (const row of await rowsOf(
    query(table(site, 'bigbluebuttonbn_logs'))
      .distinct('meetingid')
      .whereIn('courseid', courses)
      .whereIn('bigbluebuttonbnid', ids)
      .whereIn('log', LOGS),
  ))
    found.add(asText(row['meetingid']));
  found.delete('');
  return { meetingIds: [...found], last: rows.length < 500 ? null : (ids.at(-1) ?? null) };
}

/** recordIDs of 500 rows whose activity is gone, or that only link to a recording of another one. `last` as above. */
export async function strayRecordIdPage(
  query: Query,
  site: MoodleSite,
  after: number,
): Promise<{ recordIds: string[]; last: number | null }> {
  const rows = await rowsOf(
    query
      .select('r.id', 'r.recordingid')
      .from(`${table(site, 'bigbluebuttonbn_recordings')} as r`)
      .leftJoin(`${table(site, 'bigbluebuttonbn')} as b`, 'b.id', 'r.bigbluebuttonbnid')
      .where('r.id', '>', after)
      .whereRaw('(b.id IS NULL OR r.headless = 1 OR r.imported = 1)')
      .orderBy('r.id')
      .limit(500),
  );
  const ids = new Set(rows.map((row) => asText(row['recordingid'])));
  ids.delete('');
  return { recordIds: [...ids], last: rows.length < 500 ? null : asNumber(rows.at(-1)?.['id']) };
}

async function groupsByCourse(
  query: Query,
  site: MoodleSite,
  courseIds: readonly number[],
): Promise<Map<number, number[]>> {
  const groups = new Map<number, number[]>();
  if (courseIds.length === 0) return groups;
  const rows = await rowsOf(
    query(table(site, 'groups'))
      .select('id', 'courseid')
      .whereIn('courseid', [...new Set(courseIds)]),
  );
  for (const row of rows) {
    const courseId = asNumber(row['courseid']);
    append(groups, courseId, asNumber(row['id']));
  }
  return groups;
}
