/* Checks owners against real dumps: `npx tsx test/prove/moodle-dumps.ts SCHEMAS SAMPLES`, where SCHEMAS holds
   moodle-mariadb.sql, moodle-pgsql.sql, their steps to plugin 2.4 and to 5.1, and SAMPLES the answer of getRecordings
   with what Moodle itself says of each recording. Both engines, two prefixes, three forms. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openDatabase } from '../../src/kit/adapters/sql/database.js';
import { databaseSettings } from '../../src/kit/adapters/sql/settings.js';
import { openMoodleDatabase } from '../../src/moodle-site/database.js';
import { openMoodleReader } from '../../src/moodle-site/reader.js';
import { openMoodleWriter } from '../../src/moodle-site/writer.js';
import { openJournal } from '../../src/kit/adapters/state/journal.js';
import { applyAnnotations } from '../../src/moodle/apply-annotations.js';
import { planAnnotations } from '../../src/moodle/plan-annotations.js';
import { completeMeetingIds } from '../../src/moodle/choose-recordings.js';
import { findActivities } from '../../src/moodle/find-activities.js';
import { parseFragment } from '../../src/moodle/notice/parse-fragment.js';
import type { NoticePolicy } from '../../src/moodle/plan-annotation.js';
import { undoAnnotations } from '../../src/moodle/undo-annotations.js';
import { Secret } from '../../src/kit/config/secret.js';
import { indexMoodleFacts } from '../../src/owners/moodle-index.js';
import { indexPodUsers } from '../../src/owners/map-user.js';
import { emptyOwnersFile } from '../../src/owners/owners-file.js';
import { defaultOwnerPolicy } from '../../src/owners/policy.js';
import { resolveOwners } from '../../src/owners/resolve-owners.js';
import type { Recording } from '../../src/bbb/recording.js';
import { createDatabase, stopOwnServers, type ServerEngine, type TestDatabase } from '../support/servers.js';

interface Expected {
  users: Record<string, { username: string }>;
  recordings: Record<string, ExpectedRecording>;
}
interface ExpectedRecording {
  rows: { status: number; imported: number; headless: number; moderators_seeing_group?: number[] }[];
  status1to4_original?: ExpectedOwners;
  by_meeting_id?: ExpectedOwners;
}
interface ExpectedOwners {
  activities: number[];
  moderators_course_scope: number[];
  annotate: number[];
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
    // Where a row is a group's, Moodle shows it to some of the moderators only.
    const seeing = own.flatMap((row) => row.moderators_seeing_group ?? []);
    const ids = seeing.length > 0 ? seeing : part.moderators_course_scope;
    const names = ids.map((id) => expected.users[String(id)]?.username ?? `?${id}`);
    const same = sameSet(owners, names);
    if (same) exact++;
    check(same, `${said}, expected ${names.join(' ')}`);
  }
  console.log(`${engine} ${prefix} ${form}: ${exact} recordings with exactly the expected owners`);
  await moodle.close();
  await proveNotices(database, `${engine} ${prefix} ${form}`, prefix, form);
  await database.drop();
}

/** Annotate, annotate again, undo: the tables must end as they were, but for caches and dates that only grow. */
async function proveNotices(
  database: TestDatabase,
  label: string,
  prefix: string,
  form: string,
): Promise<void> {
  const sql = openDatabase(databaseSettings('[moodle.default]', { database: new Secret(database.url) }));
  const reader = openMoodleReader(sql, { prefix, name: 'default' });
  const writer = openMoodleWriter({ sql, prefix, name: 'default' });
  await writer.checkWritable();
  const state = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-prove-'));
  const journal = openJournal(state);
  const description = await reader.describe();
  const named = Object.keys(expected.recordings).map((recordId) => ({
    recordId,
    meetingId: '',
    title: 'T <script>alert(1)</script> "é" 🎓 \u202e',
    startAt: Number(recordId.slice(-13)),
    url: `https://bbb.univ.example/playback/${recordId}?a=1&b="2"`,
    isHidden: false,
  }));
  const complete = await completeMeetingIds(named, () => reader.meetingIds());
  const { signal } = new AbortController();
  const { byActivity } = await findActivities(complete, reader, { includeImports: false, signal });
  const notices = path.resolve(import.meta.dirname, '../../config/notices');
  const fragment = (language: string) =>
    parseFragment(readFileSync(path.join(notices, `${language}.html`), 'utf8'), `${language}.html`);
  const policy: NoticePolicy = {
    campaign: 'bbb2pod',
    fragments: { fr: fragment('fr'), en: fragment('en') },
    language: 'course',
    replace: false,
    links: false,
    replaceLegacy: false,
    includeHidden: true,
    storesAllCharacters: description.storesAllCharacters,
    values: {
      podUrl: 'https://pod.univ.example',
      importUrl: 'https://pod.univ.example/import_video/',
      claimUrl: 'https://pod.univ.example/record/claim_record/',
      contact: 'pod@univ.example',
      today: { fr: '20/11/2026', en: '2026-11-20' },
    },
    renderDay: (at) => new Date(at).toISOString().slice(0, 10),
  };
  const annotate = async (run: string) => {
    journal.startRun({ id: run, command: 'moodle annotate', target: description.target, header: {} });
    const actions = planAnnotations(byActivity, reader, policy, signal);
    return applyAnnotations({
      run,
      campaign: policy.campaign,
      actions,
      moodle: writer,
      description,
      journal,
      signal,
      paceMs: 0,
    });
  };
  const before = await tableRows(database, prefix);
  const first = await annotate('run-1');
  const marked = [...before.keys()].filter((key) => key.startsWith('bigbluebuttonbn/'));
  const after = await tableRows(database, prefix);
  const noticed = marked
    .filter((key) => JSON.stringify(after.get(key)).includes('bbb2pod-notice-bbb2pod'))
    .map((key) => Number(key.split('/')[1]));
  const lists = Object.values(expected.recordings).flatMap(
    (known) => (known.status1to4_original ?? known.by_meeting_id)?.annotate ?? [],
  );
  const wanted = [...new Set(lists)].filter((id) => form !== '2.4' || id !== 20);
  check(sameSet(noticed, wanted), `${label}: notices in ${noticed.join(' ')}, expected ${wanted.join(' ')}`);
  check(first.tally.byState.done === wanted.length, `${label}: ${first.tally.byState.done} written`);
  const second = await annotate('run-2');
  check(second.tally.byState.done === 0, `${label}: second run writes nothing`);
  check(sameRows(await tableRows(database, prefix), after, []), `${label}: second run changes no byte`);
  const undone = await undoAnnotations({
    journal,
    target: description.target,
    run: null,
    reader,
    writer,
    signal,
    onActivity: () => undefined,
  });
  check(undone.restored === wanted.length && undone.left === 0, `${label}: undo ${JSON.stringify(undone)}`);
  check(
    sameRows(await tableRows(database, prefix), before, ['cacherev', 'timemodified']),
    `${label}: undo restores every byte`,
  );
  console.log(`${label}: ${noticed.length} notices written and taken back`);
  journal.close();
  rmSync(state, { recursive: true });
  await sql.close();
}

type Rows = Map<string, Record<string, unknown>>;

async function tableRows(database: TestDatabase, prefix: string): Promise<Rows> {
  const rows: Rows = new Map();
  const names = [
    'bigbluebuttonbn',
    'bigbluebuttonbn_logs',
    'course',
    'course_modules',
    'context',
    'config',
    'user',
  ];
  for (const name of names)
    for (const row of (await database.admin(prefix + name).orderBy('id')) as Record<string, unknown>[])
      rows.set(`${name}/${String(row['id'])}`, row);
  return rows;
}

/** Equal but for columns that may only grow. */
function sameRows(a: Rows, b: Rows, growing: readonly string[]): boolean {
  if (a.size !== b.size) return false;
  for (const [key, row] of a) {
    const other = b.get(key) ?? {};
    for (const [column, value] of Object.entries(row)) {
      const same = JSON.stringify(value) === JSON.stringify(other[column]);
      if (!same && !(growing.includes(column) && Number(value) >= Number(other[column]))) return false;
    }
  }
  return true;
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
