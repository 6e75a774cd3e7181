/* Checks owners against real dumps: `npx tsx test/prove/moodle-dumps.ts SCHEMAS SAMPLES`, where SCHEMAS holds
   moodle-mariadb.sql, moodle-pgsql.sql, their steps to plugin 2.4 and to 5.1, and SAMPLES the answer of getRecordings
   with what Moodle itself says of each recording. Both engines, two prefixes, three forms. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { openDatabase } from '../../src/adapters/sql/database.js';
import { databaseSettings } from '../../src/adapters/sql/settings.js';
import { openMoodleDatabase } from '../../src/adapters/moodle/database.js';
import { Secret } from '../../src/config/secret.js';
import { indexMoodleFacts } from '../../src/owners/moodle-index.js';
import { indexPodUsers } from '../../src/owners/map-user.js';
import { emptyOwnersFile } from '../../src/owners/owners-file.js';
import { defaultOwnerPolicy } from '../../src/owners/policy.js';
import { resolveOwners } from '../../src/owners/resolve-owners.js';
import type { Recording } from '../../src/recordings/recording.js';
import { createDatabase, stopOwnServers, type ServerEngine } from '../support/servers.js';

interface Expected {
  users: Record<string, { username: string }>;
  recordings: Record<string, ExpectedRecording>;
}
interface ExpectedRecording {
  rows: { status: number; imported: number; headless: number }[];
  status1to4_original?: ExpectedOwners;
  by_meeting_id?: ExpectedOwners;
}
interface ExpectedOwners {
  activities: number[];
  moderators_course_scope: number[];
  everyone?: boolean;
}

const [schemas = '', samples = ''] = process.argv.slice(2);
const read = (directory: string, name: string): string => readFileSync(path.join(directory, name), 'utf8');
const expected = JSON.parse(read(samples, 'moodle-expected-part.json')) as Expected;
const recordings = [
  ...read(samples, 'moodle-getRecordings.xml').matchAll(/<recording>(.*?)<\/recording>/gs),
].map(([, xml = '']) => asRecording(xml));

function asRecording(xml: string): Recording {
  const value = (tag: string): string => new RegExp(`<${tag}>(.*?)</${tag}>`, 's').exec(xml)?.[1] ?? '';
  const metadata: Record<string, string> = {};
  for (const key of ['bbb-origin', 'bbb-origin-server-name']) metadata[key] = value(key);
  return {
    recordId: value('recordID'),
    internalMeetingId: value('internalMeetingID'),
    meetingId: value('meetingID'),
    name: value('name'),
    state: 'published',
    startAt: Number(value('startTime')),
    endAt: null,
    participants: null,
    sizeBytes: null,
    isBreakout: false,
    metadata,
    formats: [],
    server: 'default',
  };
}

let failures = 0;
const check = (ok: boolean, what: string): void => {
  if (!ok) failures++;
  if (!ok || process.env['VERBOSE'] !== undefined) console.log(`${ok ? 'ok  ' : 'FAIL'} ${what}`);
};

function dumpFor(engine: ServerEngine, prefix: string, form: string): string[] {
  const sql = engine === 'mysql' ? 'mariadb' : 'pgsql';
  const rename = (text: string): string => (prefix === 'mdl_' ? text : text.replaceAll('mdl_', prefix));
  const base = rename(read(schemas, `moodle-${sql}.sql`));
  const step =
    form === '4.5' ? '' : read(schemas, `to-${form === '2.4' ? 'plugin-2.4' : 'moodle-5.1'}-${sql}.sql`);
  return [base, rename(step)];
}

async function prove(engine: ServerEngine, prefix: string, form: string): Promise<void> {
  const database = await createDatabase(engine);
  for (const sql of dumpFor(engine, prefix, form))
    if (sql !== '') await database.admin.raw(sql.replaceAll('?', '\\?'));
  const settings = databaseSettings('[moodle.default]', { database: new Secret(database.url) });
  const moodle = openMoodleDatabase(openDatabase(settings), { prefix, name: 'default' });
  const { hasRecordingsTable, release } = await moodle.describe();
  check(
    hasRecordingsTable === (form !== '2.4'),
    `${engine} ${prefix} ${form}: recordings table (${release})`,
  );
  const index = indexMoodleFacts(await moodle.gatherFacts(recordings));
  let exact = 0;
  for (const recording of recordings) {
    const facts = {
      ownersFile: emptyOwnersFile,
      podMeetings: [],
      attendees: [],
      sessions: [],
      moodle: index,
      podUsers: indexPodUsers([]),
    };
    const decision = resolveOwners(recording, facts, defaultOwnerPolicy);
    const owners =
      decision.kind === 'owners'
        ? decision.owners.map(({ account }) =>
            'create' in account ? account.create.username : account.username,
          )
        : [];
    const reasons =
      decision.kind === 'owners' ? decision.owners.map((owner) => owner.reason.code) : [decision.reason.code];
    const known = expected.recordings[recording.recordId];
    const label = `${engine} ${prefix} ${form} ${recording.recordId.slice(0, 6)}…${recording.recordId.slice(-8)} ${recording.name}`;
    const said = `${label}: ${owners.join(' ')} [${[...new Set(reasons)].join(' ')}] ${decision.notes.map((note) => note.code).join(' ')}`;
    if (known === undefined) {
      check(true, `(unnamed) ${said}`);
      continue;
    }
    const part = known.status1to4_original ?? known.by_meeting_id;
    const own = known.rows.filter((row) => row.imported === 0 && row.headless === 0);
    if (form !== '2.4' && own.length > 0 && own.every((row) => row.status === 5)) {
      check(decision.kind === 'skip', said);
      continue;
    }
    if (part === undefined || part.everyone === true || part.moderators_course_scope.length === 0) {
      check(decision.kind === 'owners', `(fall-back) ${said}`);
      continue;
    }
    const activities = form === '2.4' ? part.activities.slice(0, 1) : part.activities;
    check(
      sameSet(
        decision.activities.map((activity) => activity.id),
        activities,
      ),
      `activities of ${said}`,
    );
    if (activities.length !== part.activities.length) continue;
    const names = part.moderators_course_scope.map((id) => expected.users[String(id)]?.username ?? `?${id}`);
    const same = sameSet(owners, names);
    if (same) exact++;
    check(same, `${said}, expected ${names.join(' ')}`);
  }
  console.log(`${engine} ${prefix} ${form}: ${exact} recordings with exactly the expected owners`);
  await moodle.close();
  await database.drop();
}

const sameSet = <T>(a: readonly T[], b: readonly T[]): boolean =>
  a.length === b.length && a.every((value) => b.includes(value));

try {
  for (const engine of ['mysql', 'postgresql'] as const)
    for (const prefix of ['mdl_', 'm_'])
      for (const form of ['4.5', '2.4', '5.1']) await prove(engine, prefix, form);
} finally {
  await stopOwnServers();
}
console.log(failures === 0 ? 'all as expected' : `${failures} FAILED`);
process.exitCode = failures === 0 ? 0 : 1;
