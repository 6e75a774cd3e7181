/* A Moodle with as many recordings as a bench wants: 25 sessions an activity, three named moderators each. */
import { oneRecording } from './many-recordings.js';
import { createMoodleSite, type SeedRow } from './moodle-site.js';
import type { TestDatabase } from './servers.js';

const SESSIONS_PER_ACTIVITY = 25;
const MODERATORS = 3;

/**
 * Fills a database so that every recording of `manyRecordings(count)` has three owners among `teachers`.
 * @param share of several sites, the one that has each `of`-th activity from `index` on; all activities without it
 */
export async function createLargeSite(
  database: TestDatabase,
  count: number,
  teachers: number,
  share: { index: number; of: number } = { index: 0, of: 1 },
): Promise<void> {
  const isOurs = (activityId: number): boolean => (activityId - 1) % share.of === share.index;
  const activities = Math.ceil(count / SESSIONS_PER_ACTIVITY);
  await createMoodleSite(database, {
    config: [
      { name: 'siteidentifier', value: 'bench' },
      { name: 'mnet_localhost_id', value: '1' },
    ],
    modules: [{ id: 7, name: 'bigbluebuttonbn' }],
    role: [{ id: 3, name: '', shortname: 'editingteacher', archetype: 'editingteacher', sortorder: 3 }],
    course: [{ id: 2, fullname: 'Cours', shortname: 'C' }],
    user: range(teachers, (n) => ({
      id: 1000 + n,
      auth: 'cas',
      confirmed: 1,
      mnethostid: 1,
      username: `teacher${n}`,
      firstname: `P${n}`,
      lastname: `N${n}`,
      email: `teacher${n}@univ.example`,
    })),
    bigbluebuttonbn: range(activities, (n) => ({
      id: n + 1,
      course: 2,
      name: `A${n}`,
      meetingid: idsOf(n * SESSIONS_PER_ACTIVITY).seed,
      participants: moderators(n, teachers),
    })).filter(({ id }) => isOurs(id)),
    course_modules: range(activities, (n) => ({
      id: n + 1,
      course: 2,
      module: 7,
      instance: n + 1,
      visible: 1,
    })).filter(({ id }) => isOurs(id)),
    bigbluebuttonbn_recordings: range(count, (n) => ({
      courseid: 2,
      bigbluebuttonbnid: Math.floor(n / SESSIONS_PER_ACTIVITY) + 1,
      recordingid: idsOf(n).recordId,
      status: 2,
    })).filter(({ bigbluebuttonbnid }) => isOurs(bigbluebuttonbnid)),
  });
  await analyze(database);
}

/** Servers know their tables by the day after: without it MariaDB joins by the index of an empty table, for minutes. */
async function analyze({ engine, admin, name }: TestDatabase): Promise<void> {
  if (engine === 'postgresql') await admin.raw('ANALYZE');
  if (engine !== 'mysql') return;
  const tables = (await admin('information_schema.tables')
    .select({ name: 'table_name' })
    .where({ table_schema: name })) as { name: string }[];
  await admin.raw(
    `ANALYZE TABLE ${tables.map(() => '??').join(',')}`,
    tables.map((table) => table.name),
  );
}

function moderators(activity: number, teachers: number): string {
  const rules = range(MODERATORS, (k) => ({
    selectiontype: 'user',
    selectionid: String(1000 + ((activity * MODERATORS + k) % teachers)),
    role: 'moderator',
  }));
  return JSON.stringify(rules);
}

function idsOf(n: number): { recordId: string; seed: string } {
  const text = oneRecording(n);
  const recordId = /<recordID>(.*?)</.exec(text)?.[1] ?? '';
  const seed = /<meetingID>([0-9a-f]+)-/.exec(text)?.[1] ?? '';
  return { recordId, seed };
}

const range = <T extends SeedRow | object>(count: number, make: (n: number) => T): T[] =>
  Array.from({ length: count }, (_, n) => make(n));
