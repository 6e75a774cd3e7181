import type { MoodleActivity, MoodleRecordingRow } from '../owners/moodle-facts.js';
import type { Query } from '../kit/adapters/sql/database.js';
import { ACTIVITY_COLUMNS, asActivity, joinActivity, selectActivities } from './activity-query.js';
import { asFlag, asNumber, asText, chunksOf, rowsOf, table, type MoodleSite, type Row } from './site.js';

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

/** Q1b: every activity that has one of these seeds; the table has no index on it, so one scan for all. */
export async function readBySeed(
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
