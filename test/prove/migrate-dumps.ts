/* The migration on real dumps: `npx tsx test/prove/migrate-dumps.ts SCHEMAS SAMPLES` (after `npm run build`).
   SCHEMAS holds pod/schema-3.8.4.sqlite.sql and moodle/moodle-*.sql; SAMPLES as for moodle-dumps.ts.
   Dry run, real run, second run, undo, through the built command, on MariaDB and PostgreSQL. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import Database from 'libsql';
import { createDatabase, stopOwnServers, type ServerEngine } from '../support/servers.js';

const [schemas = '', samples = ''] = process.argv.slice(2);
const read = (...parts: string[]): string => readFileSync(path.join(...parts), 'utf8');
const bin = path.resolve(import.meta.dirname, '../../bin/run.js');

interface Owners {
  moderators_course_scope: number[];
  everyone?: boolean;
}
interface Expected {
  users: Record<string, { username: string }>;
  recordings: Record<
    string,
    {
      rows: { status: number; imported: number; headless: number }[];
      status1to4_original?: Owners;
      by_meeting_id?: Owners;
    }
  >;
}
const expected = JSON.parse(read(samples, 'moodle-expected-part.json')) as Expected;

let failures = 0;
const check = (ok: boolean, what: string): void => {
  if (!ok) failures++;
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${what}`);
};

const run = (
  directory: string,
  ...args: string[]
): Promise<{ status: number | null; out: string; err: string; ms: number }> =>
  new Promise((resolve) => {
    const startedAt = Date.now();
    const child = spawn(process.execPath, [bin, ...args], {
      cwd: directory,
      env: { PATH: process.env['PATH'], NODE_ENV: 'production', HOME: directory },
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (text) => (out += String(text)));
    child.stderr.on('data', (text) => (err += String(text)));
    child.on('close', (status) => resolve({ status, out, err, ms: Date.now() - startedAt }));
  });

function createPod(file: string): void {
  // The one constraint that calls a function only Django registers.
  const constraint = /, CONSTRAINT "recurring_until_greater_than_start" CHECK \(\(.*?IS NULL\)\)/;
  const db = new Database(file);
  db.exec(read(schemas, 'pod/schema-3.8.4.sqlite.sql').replace(constraint, ''));
  db.exec(`INSERT INTO django_site (id, domain, name) VALUES (1, 'pod.univ.example', 'Pod');
    INSERT INTO auth_user (id, password, is_superuser, username, first_name, last_name, email, is_staff, is_active, date_joined)
      VALUES (1, '!', 1, 'admin', 'A', 'D', 'a@d', 1, 1, '2020-01-01 00:00:00');
    INSERT INTO authentication_owner (id, user_id, auth_type, affiliation, commentaire, hashkey, establishment) VALUES (1, 1, 'local', 'staff', '', 'h', 'Etab_1');
    INSERT INTO authentication_owner_sites (owner_id, site_id) VALUES (1, 1);`);
  db.close();
}

function contents(file: string): Record<string, unknown[]> {
  const db = new Database(file);
  const tables = (
    db
      .prepare(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'sqlite_sequence' ORDER BY name",
      )
      .all() as { name: string }[]
  ).map(({ name }) => name);
  const all = Object.fromEntries(tables.map((name) => [name, db.prepare(`SELECT * FROM "${name}"`).all()]));
  db.close();
  return all;
}

const digest = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

async function prove(engine: ServerEngine): Promise<void> {
  const moodle = await createDatabase(engine);
  await moodle.admin.raw(
    read(schemas, `moodle/moodle-${engine === 'mysql' ? 'mariadb' : 'pgsql'}.sql`).replaceAll('?', '\\?'),
  );
  const directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-'));
  const pod = path.join(directory, 'pod.sqlite3');
  createPod(pod);
  writeFileSync(
    path.join(directory, 'bbb2pod.toml'),
    `state_dir = "${directory}/state"\n[pod]\ndatabase = "sqlite://${pod}"\n[moodle.default]\ndatabase = "${moodle.url}"\n`,
    { mode: 0o600 },
  );
  const before = contents(pod);
  const untouched = digest(pod);
  const command = [
    'migrate',
    'recordings',
    '--from-xml',
    path.join(samples, 'moodle-getRecordings.xml'),
    '--use-import-video',
    '--use-database-moodle',
  ];

  const dry = await run(directory, ...command, '--dry', '--json');
  check(dry.status === 0, `${engine}: dry run exits 0 in ${dry.ms} ms ${dry.err.slice(0, 500)}`);
  check(digest(pod) === untouched, `${engine}: dry run changes no byte`);
  const lines = dry.out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, string>);
  const owners = new Map<string, Set<string>>();
  const skips = new Map<string, string>();
  for (const line of lines) {
    if (line['type'] !== 'item') continue;
    const id = line['recordId'] ?? '';
    if (line['kind'] === 'import') owners.set(id, (owners.get(id) ?? new Set()).add(line['owner'] ?? ''));
    else skips.set(id, line['reason'] ?? '');
  }
  let compared = 0;
  for (const [id, { rows, status1to4_original: original, by_meeting_id: byMeeting }] of Object.entries(
    expected.recordings,
  )) {
    const rule = original ?? byMeeting;
    if (rule === undefined) continue;
    if (rows.some(({ status, imported, headless }) => status === 5 && imported === 0 && headless === 0)) {
      check(skips.has(id), `${engine}: ${id} of status 5 is skipped`);
      continue;
    }
    if (rule.everyone === true || rule.moderators_course_scope.length === 0) continue;
    if (original !== undefined && !rows.some(({ status }) => status >= 1 && status <= 4)) continue;
    const wanted = rule.moderators_course_scope
      .map((user) => expected.users[user]?.username ?? `?${user}`)
      .sort();
    const got = [...(owners.get(id) ?? [])].sort();
    compared++;
    if (wanted.join() !== got.join())
      check(false, `${engine}: ${id}: wanted ${wanted.join()} got ${got.join()}`);
  }
  check(compared > 10, `${engine}: ${compared} recordings have the owners Moodle says`);

  const real = await run(directory, ...command);
  check(
    real.status === 0,
    `${engine}: real run exits 0 in ${real.ms} ms: ${real.out.split('\n')[0] ?? ''} ${real.err.slice(0, 500)}`,
  );
  const after = contents(pod);
  const created = (after['auth_user']?.length ?? 0) - 1;
  const planned = [...owners.values()].reduce((sum, set) => sum + set.size, 0);
  check(after['import_video_externalrecording']?.length === planned, `${engine}: ${planned} rows as planned`);
  for (const table of [
    'authentication_owner',
    'authentication_owner_sites',
    'playlist_playlist',
    'podfile_userfolder',
  ]) {
    const grown = (after[table]?.length ?? 0) - (before[table]?.length ?? 0);
    check(grown === created, `${engine}: ${created} users have their row in ${table} (${grown})`);
  }
  const written = digest(pod);
  const second = await run(directory, ...command);
  check(
    second.status === 0 && digest(pod) === written,
    `${engine}: second run changes no byte: ${second.out.split('\n')[0] ?? ''}`,
  );
  const undo = await run(directory, 'migrate', 'undo', real.out.match(/Run (\S+):/)?.[1] ?? 'last', '--yes');
  check(
    undo.status === 0,
    `${engine}: undo exits 0: ${undo.out.split('\n')[0] ?? ''} ${undo.err.slice(0, 500)}`,
  );
  check(JSON.stringify(contents(pod)) === JSON.stringify(before), `${engine}: undo restores every table`);
  const third = await run(directory, ...command);
  check(
    third.status === 0 && contents(pod)['import_video_externalrecording']?.length === planned,
    `${engine}: a later run gives again what undo took back`,
  );
  if (failures === 0) rmSync(directory, { recursive: true });
  else console.log(`left in ${directory}`);
  await moodle.drop();
}

try {
  for (const engine of ['mysql', 'postgresql'] as const) await prove(engine);
} finally {
  await stopOwnServers();
}
console.log(failures === 0 ? 'no difference' : `${failures} failures`);
process.exitCode = failures === 0 ? 0 : 1;
