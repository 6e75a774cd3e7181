import type { Knex } from 'knex';
import type { MoodleActivity, MoodleCourse, MoodleRecordingRow } from '../owners/moodle-facts.js';
import type { Query } from '../kit/adapters/sql/database.js';
import {
  ACTIVITY_COLUMNS,
  asActivity,
  contextPath,
  joinActivity,
  selectActivities,
} from './activity-query.js';
import { asText } from '../kit/adapters/sql/as-text.js';
import { asFlag, asNumber, chunksOf, rowsOf, table, type MoodleSite, type Row } from './site.js';

/** A meetingID may hold any number; PostgreSQL refuses what its bigint does not hold. */
const MOST_ID = 2 ** 53;

/** Q1: rows of the recordings table with the activity of each. */
export async function readRows(
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

/**
 * Q1b: every activity that has one of these seeds (the table has no index on it, so one scan for all), or one of these
 * ids: an activity of another seed under the same id tells that the meeting is another Moodle's.
 */
export async function readBySeed(
  query: Query,
  site: MoodleSite,
  meetings: readonly { readonly seed: string; readonly activityId: number }[],
  activities: Map<number, MoodleActivity>,
): Promise<void> {
  for (const chunk of chunksOf(meetings)) {
    const seeds = [...new Set(chunk.map(({ seed }) => seed))];
    const ids = [...new Set(chunk.map(({ activityId }) => activityId))].filter((id) => id < MOST_ID);
    const rows = await rowsOf(
      selectActivities(query, site)
        .where((either: Knex.QueryBuilder) => {
          void either.whereIn('b.meetingid', seeds).orWhereIn('b.id', ids);
        })
        .orderBy('b.id'),
    );
    for (const row of rows) keepActivity(row, activities);
  }
}

/** Q1c: these courses, with their contexts. */
export async function readCourses(
  query: Query,
  site: MoodleSite,
  ids: readonly number[],
): Promise<MoodleCourse[]> {
  const found = new Map<number, MoodleCourse>();
  for (const chunk of chunksOf(ids.filter((id) => id < MOST_ID))) {
    const rows = await rowsOf(
      query
        .select('c.id', 'c.fullname', 'c.shortname', 'x.id as course_context', 'x.path as course_path')
        .from(`${table(site, 'course')} as c`)
        .leftJoin(`${table(site, 'context')} as x`, (on) =>
          on.on('x.instanceid', 'c.id').andOnVal('x.contextlevel', '=', 50),
        )
        .whereIn('c.id', chunk),
    );
    for (const row of rows)
      found.set(asNumber(row['id']), {
        id: asNumber(row['id']),
        name: asText(row['fullname']),
        shortName: asText(row['shortname']),
        contextPath: contextPath(row),
      });
  }
  return [...found.values()];
}

/** Q5: the first log row 'Add' of each activity. */
export async function readCreators(
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
