import type { ActivityText, InventoryRow, MoodleDescription, MoodleReader } from '../moodle/ports.js';
import type { MoodleDatabase } from '../migrate/moodle-port.js';
import { ACTIVITY_COLUMNS, asActivity, joinActivity } from './activity-query.js';
import { openMoodleDatabase, type MoodleDatabaseOptions } from './database.js';
import { asText } from '../kit/adapters/sql/as-text.js';
import { asNumber, describeSite, rowsOf, table, type MoodleSite } from './site.js';
import { introOf } from './writer.js';
import type { SqlDatabase } from '../kit/adapters/sql/database.js';

/** Opens one Moodle for `moodle annotate` and `moodle inventory`. Reads only. */
export function openMoodleReader(
  sql: SqlDatabase,
  options: MoodleDatabaseOptions,
): MoodleReader & Pick<MoodleDatabase, 'close'> {
  const site: MoodleSite = { sql, prefix: options.prefix, name: options.name };
  const database = openMoodleDatabase(sql, options);
  return {
    describe: () => describe(site),
    gatherFacts: (questions) => database.gatherFacts(questions),
    meetingIds: () => database.meetingIds(),
    readActivities: (ids) => readActivities(site, ids),
    recordingRows: (after) => recordingRows(site, after),
    close: () => database.close(),
  };
}

async function describe(site: MoodleSite): Promise<MoodleDescription> {
  const description = await describeSite(site);
  const columns = await site.sql.listColumns([table(site, 'bigbluebuttonbn')]);
  const intro = columns.find(({ column }) => column === 'intro');
  return {
    target: `moodle:${description.identifier}`,
    engine: site.sql.engine === 'mysql' ? 'mysql' : 'postgresql',
    prefix: site.prefix,
    release: description.release,
    hasRecordingsTable: description.hasRecordingsTable,
    storesAllCharacters: intro?.characterSet === null || intro?.characterSet === 'utf8mb4',
    defaultLanguage: description.defaultLanguage,
  };
}

async function readActivities(site: MoodleSite, ids: readonly number[]): Promise<ActivityText[]> {
  const rows = await site.sql.read((query) =>
    rowsOf(
      joinActivity(
        query
          .select([
            ...ACTIVITY_COLUMNS,
            'b.type',
            'cm.availability',
            'b.intro',
            'b.introformat',
            'b.timemodified',
            'c.lang as course_lang',
          ])
          .from(`${table(site, 'bigbluebuttonbn')} as b`),
        site,
      )
        .whereIn('b.id', ids)
        .orderBy('b.id'),
    ),
  );
  const found = new Map<number, ActivityText>();
  for (const row of rows) {
    const activity = asActivity(row);
    if (activity === null) continue;
    const known = found.get(activity.id);
    if (known !== undefined && !known.deletionInProgress) continue;
    found.set(activity.id, {
      id: activity.id,
      name: activity.name,
      courseId: activity.courseId,
      courseName: activity.courseName,
      courseLanguage: asText(row['course_lang']),
      intro: introOf(row),
      introFormat: asNumber(row['introformat']),
      timeModified: asNumber(row['timemodified']),
      kind: asNumber(row['type']),
      groupMode: activity.groupMode,
      isRestricted: hasConditions(asText(row['availability'])),
      courseModuleId: activity.courseModuleId,
      visible: activity.visible,
      deletionInProgress: activity.deletionInProgress,
    });
  }
  return [...found.values()];
}

async function recordingRows(site: MoodleSite, after: number): Promise<InventoryRow[]> {
  const rows = await site.sql.read((query) =>
    rowsOf(
      query(table(site, 'bigbluebuttonbn_recordings'))
        .select('id', 'recordingid')
        .where('id', '>', after)
        .orderBy('id')
        .limit(500),
    ),
  );
  return rows.map((row) => ({ id: asNumber(row['id']), recordId: asText(row['recordingid']) }));
}

/** course_modules.availability: JSON whose `c` lists the conditions of access; what cannot be read restricts. */
function hasConditions(text: string): boolean {
  if (text === '') return false;
  try {
    const { c } = JSON.parse(text) as { c?: unknown };
    return !Array.isArray(c) || c.length > 0;
  } catch {
    return true;
  }
}
