/* `npm run prove rights [mysql|postgresql] [WHAT]`: every single right of every account, one by one, on the built CLI.
   The accounts of Pod, Moodle (reader, writer) and Greenlight begin without any; what doctor prints is pasted until it
   is content. Then each right that they have (table and verb, or columns) is revoked in turn: the run must be refused
   before anything is written, doctor must name it, and the GRANT it prints must mend it. WHAT: pod, moodle, writer,
   greenlight. Ends with the number of rights that went otherwise. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readSampleRecordings } from '../../src/bbb-server/sample/sample-recordings.js';
import { startSampleServer } from '../../src/bbb-server/sample/sample-server.js';
import { root, runCli } from '../e2e/run-cli.js';
import { createGreenlight } from '../support/greenlight-site.js';
import { createMoodleSite, type Seed } from '../support/moodle-site.js';
import { createPod, insertMeeting } from '../support/pod.js';
import { createDatabase, stopOwnServers, type ServerEngine, type TestDatabase } from '../support/servers.js';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** One course whose teacher, unknown to Pod, recorded a session of fixtures/demo/recordings.xml. */
const COURSE: Seed = {
  config: [
    { name: 'siteidentifier', value: 'demo' },
    { name: 'mnet_localhost_id', value: '1' },
  ],
  modules: [{ id: 7, name: 'bigbluebuttonbn' }],
  role: [{ id: 3, shortname: 'editingteacher', archetype: 'editingteacher' }],
  user: [
    {
      ...{ id: 10, auth: 'cas', confirmed: 1, mnethostid: 1, username: 'bdurand', firstname: 'Berthe' },
      ...{ lastname: 'Durand', email: 'bdurand@univ.example' },
    },
  ],
  course: [{ id: 2, category: 1, fullname: 'Algo', shortname: 'INF201' }],
  context: [
    { id: 1, contextlevel: 10, instanceid: 0, path: '/1', depth: 1 },
    { id: 20, contextlevel: 50, instanceid: 2, path: '/1/20', depth: 2 },
    { id: 31, contextlevel: 70, instanceid: 101, path: '/1/20/31', depth: 3 },
  ],
  role_assignments: [{ id: 1, roleid: 3, contextid: 20, userid: 10 }],
  course_modules: [{ id: 101, course: 2, module: 7, instance: 1, visible: 1, groupmode: 1 }],
  groups: [{ id: 1, courseid: 2 }],
  groups_members: [{ id: 1, groupid: 1, userid: 10 }],
  bigbluebuttonbn: [
    {
      ...{ id: 1, course: 2, name: 'CM', intro: '<p>Le cours.</p>', meetingid: 'a'.repeat(40) },
      participants: '[{"selectiontype":"role","selectionid":"3","role":"moderator"}]',
    },
  ],
  bigbluebuttonbn_recordings: [
    {
      ...{ id: 1, courseid: 2, bigbluebuttonbnid: 1, groupid: 1, status: 2 },
      recordingid: '8a724a8c995d92903f3788506636c5e5471a0396-1700000000000',
    },
  ],
};

/**
 * What these runs do without: tables that are read where an activity is for all who are enrolled, or for groups of several;
 * a row that moves to its owner, once that one is known.
 */
const NOT_ASKED =
  /mdl_(?:groups|groups_members|enrol|user_enrolments)\b|^UPDATE ON .import_video_externalrecording\b/;
/** What is read and written for files to claim alone. */
const OF_CLAIMS = /\brecorder_/;
/** MariaDB lets who may read a row lock it. MySQL 8 and PostgreSQL ask for this right. */
const NOT_MISSED = /^UPDATE ON `auth_user`/;

/** An account of one database. */
interface Account {
  readonly what: 'pod' | 'moodle' | 'writer' | 'greenlight';
  readonly database: TestDatabase;
  readonly name: string;
  /** As GRANT names it. */
  readonly granted: string;
  readonly url: string;
}

interface Right {
  readonly shown: string;
  readonly revoke: string;
}

async function createAccount(what: Account['what'], database: TestDatabase): Promise<Account> {
  const name = `rights_${what}_${process.pid}`;
  const isMysql = database.engine === 'mysql';
  const granted = isMysql ? `'${name}'@'127.0.0.%'` : name;
  await database.admin.raw(
    isMysql
      ? `CREATE USER ${granted} IDENTIFIED BY 'secret'`
      : `CREATE ROLE ${granted} LOGIN PASSWORD 'secret'`,
  );
  if (!isMysql)
    await database.admin.raw(
      `REVOKE CONNECT ON DATABASE ${database.name} FROM PUBLIC; REVOKE USAGE ON SCHEMA public FROM PUBLIC`,
    );
  return { what, database, name, granted, url: database.url.replace(/\/\/[^@]*@/, `//${name}:secret@`) };
}

/** What the server says the account may, each right by itself. */
async function listRights(account: Account): Promise<Right[]> {
  return account.database.engine === 'mysql' ? mariadbRights(account) : postgresqlRights(account);
}

async function mariadbRights({ database, granted }: Account): Promise<Right[]> {
  const [rows] = (await database.admin.raw(`SHOW GRANTS FOR ${granted}`)) as [Record<string, string>[]];
  return rows.flatMap((row) => {
    const [, verbs = '', on = ''] = /^GRANT (.*) ON (`.*`\.`.*`) TO /.exec(Object.values(row)[0] ?? '') ?? [];
    if (on === '') return [];
    return verbs.split(/, (?=[A-Z])/).map((verb) => ({
      shown: `${verb} ON ${on.split('.')[1] ?? on}`,
      revoke: `REVOKE ${verb} ON ${on} FROM ${granted}`,
    }));
  });
}

async function postgresqlRights({ database, name }: Account): Promise<Right[]> {
  const { rows: tables } = await database.admin.raw<{ rows: { t: string; verb: string }[] }>(
    `SELECT table_name AS t, privilege_type AS verb FROM information_schema.role_table_grants
     WHERE grantee = '${name}' ORDER BY 1, 2`,
  );
  const { rows: columns } = await database.admin.raw<{
    rows: { t: string; verb: string; columns: string }[];
  }>(
    `SELECT c.table_name AS t, c.privilege_type AS verb, string_agg(c.column_name, ', ') AS columns
     FROM information_schema.role_column_grants c
     WHERE c.grantee = '${name}' AND NOT EXISTS (SELECT 1 FROM information_schema.role_table_grants g
       WHERE g.grantee = c.grantee AND g.table_name = c.table_name AND g.privilege_type = c.privilege_type)
     GROUP BY 1, 2 ORDER BY 1, 2`,
  );
  const { rows: sequences } = await database.admin.raw<{ rows: { s: string }[] }>(
    `SELECT c.relname AS s FROM pg_class c WHERE c.relkind = 'S' AND c.relacl::text LIKE '%${name}=%' ORDER BY 1`,
  );
  const right = (what: string): Right => ({ shown: what, revoke: `REVOKE ${what} FROM ${name}` });
  return [
    right(`CONNECT ON DATABASE ${database.name}`),
    right('USAGE ON SCHEMA public'),
    ...tables.map(({ t, verb }) => right(`${verb} ON "${t}"`)),
    ...columns.map(({ t, verb, columns: names }) => right(`${verb} (${names}) ON "${t}"`)),
    ...sequences.map(({ s }) => right(`USAGE, SELECT ON SEQUENCE "${s}"`)),
  ];
}

interface Result {
  readonly code: string;
  readonly subject: string;
  readonly status: string;
  readonly remedy: string;
}

async function prove(engine: ServerEngine, only: string): Promise<number> {
  const site = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-rights-'));
  const pod = await createPod({ engine, version: '4.1.0' });
  // PostgreSQL refuses a table when it is read: whose a meeting is must be asked.
  await insertMeeting(pod, {
    ...{ id: 3, meeting_id: '0003-reunion-de-laboratoire', name: 'Réunion de laboratoire', site_id: 1 },
    ...{ owner_id: 2, created_at: '2020-01-01 00:00:00' },
  });
  const moodle = await createDatabase(engine);
  await createMoodleSite(moodle, COURSE);
  const greenlight = await createDatabase(engine);
  const people = [{ key: 'amartin', email: 'amartin@univ.fr', username: 'amartin' }];
  const rooms = [{ key: 'one', owner: 'amartin', meetingId: 'gl-qwertyuiop' }];
  await createGreenlight(greenlight, engine === 'mysql' ? '2' : '3', people, rooms);
  const bbb = await startSampleServer({
    secret: 's',
    recordings: await readSampleRecordings(path.join(root, 'fixtures/demo/recordings.xml')),
  });
  const accounts = [
    await createAccount('pod', pod.test),
    await createAccount('moodle', moodle),
    await createAccount('writer', moodle),
    await createAccount('greenlight', greenlight),
  ];
  mkdirSync(path.join(site, 'ftp/bbb'), { recursive: true });
  const url = (what: Account['what']): string => accounts.find((one) => one.what === what)?.url ?? '';
  writeFileSync(
    path.join(site, 'bbb2pod.toml'),
    `state_dir = "${site}/state"\n[bbb]\nurl = "${bbb.url}"\nsecret = "s"\nshared = false\n` +
      `[pod]\ndatabase = "${url('pod')}"\nurl = "https://pod.univ.fr"\nrecorder_path = "${site}/ftp/"\n` +
      `[moodle.default]\ndatabase = "${url('moodle')}"\nannotate_database = "${url('writer')}"\n` +
      `[greenlight]\ndatabase = "${url('greenlight')}"\n`,
  );
  const doctor = async (): Promise<Result[]> => {
    const words = ['doctor', '--json', '--only', 'pod', '--only', 'moodle', '--only', 'greenlight'];
    const { stdout, stderr } = await runCli(words, { cwd: site });
    try {
      const { results } = JSON.parse(stdout) as { results: Result[] };
      return results.filter(
        ({ status, code, remedy }) =>
          status !== 'ok' && /right|GRANT|denied/.test(`${code} ${/GRANT /.exec(remedy)?.[0] ?? ''}`),
      );
    } catch {
      throw new Error(`doctor: ${stdout.slice(0, 300)}${stderr.slice(0, 600)}`);
    }
  };
  const paste = async (results: readonly Result[]): Promise<string | null> => {
    for (const { remedy, subject } of results) {
      const from = remedy.search(/GRANT |SET @/);
      if (from < 0) return `${subject}: no GRANT: ${remedy.slice(0, 200)}`;
      const { database } = accounts.find(({ what }) =>
        what === 'pod'
          ? subject.startsWith('pod')
          : what === 'greenlight'
            ? subject.startsWith('greenlight')
            : subject.startsWith('moodle'),
      ) as Account;
      for (const statement of remedy.slice(from).split(/;\s*/)) {
        if (!/^(?:GRANT|SET|PREPARE|EXECUTE)/.test(statement)) continue;
        try {
          await database.admin.raw(statement.replaceAll('?', '\\?'));
        } catch (error) {
          return `${statement.slice(0, 120)}: ${String(error).slice(0, 200)}`;
        }
      }
    }
    return null;
  };
  const written = async (): Promise<string> =>
    JSON.stringify([
      await pod.dump(),
      await moodle.admin('mdl_bigbluebuttonbn').select('id', 'intro').orderBy('id'),
    ]);
  const MIGRATE = [
    'migrate',
    'recordings',
    '--use-import-video',
    '--use-database-moodle',
    '--use-database-greenlight',
  ];
  // Every presentation would be converted: the plan reads what the run reads.
  const CLAIM = ['migrate', 'recordings', '--use-manual-claim', '--dry'];
  const ANNOTATE = ['moodle', 'annotate'];
  let wrong = 0;
  const judge = (right: string, faults: readonly string[]): void => {
    if (faults.length > 0) wrong++;
    say(
      `${faults.length === 0 ? 'ok    ' : 'WRONG '} ${engine} ${right}${faults.map((fault) => `\n         ${fault}`).join('')}`,
    );
  };
  try {
    let rounds = 0;
    for (; rounds < 6; rounds++) {
      const results = await doctor();
      if (results.length === 0) break;
      const fault = await paste(results);
      if (fault !== null) judge('from nothing', [fault]);
    }
    judge(`from nothing: content after ${rounds} rounds`, rounds < 6 ? [] : ['doctor is never content']);
    for (const account of accounts) {
      if (only !== '' && account.what !== only) continue;
      const isWriter = account.what === 'writer';
      if (isWriter) {
        const { status, stderr } = await runCli(MIGRATE, { cwd: site });
        if (status !== 0) judge('a whole migration', [`status ${String(status)}: ${stderr.slice(-300)}`]);
      }
      for (const { shown, revoke } of await listRights(account)) {
        await account.database.admin.raw(revoke);
        const before = await written();
        const line = isWriter ? ANNOTATE : OF_CLAIMS.test(shown) ? CLAIM : MIGRATE;
        const run = await runCli(line, { cwd: site });
        const faults: string[] = [];
        const said = `${run.stdout}${run.stderr}`;
        const results = await doctor();
        const isOptional = results.length > 0 && results.every(({ status }) => status === 'warning');
        if (run.status === 0 || run.status === 3) {
          if (!isOptional && !NOT_ASKED.test(shown) && !NOT_MISSED.test(shown))
            faults.push(`it ran: status ${run.status}`);
        } else if (!/Error [a-z-]+:|Stopped: .*right.*\n.*GRANT/.test(said))
          faults.push(`not a word why: ${said.slice(0, 300)}`);
        if (/internal-fault|    at /.test(said)) faults.push(said.slice(0, 200));
        if ((run.status ?? 1) !== 0 && (run.status ?? 1) !== 3 && (await written()) !== before)
          faults.push('something was written');
        if (results.length === 0 && !NOT_MISSED.test(shown)) faults.push('doctor says nothing');
        const pasted = await paste(results);
        if (pasted !== null) faults.push(pasted);
        const after = await doctor();
        if (after.length > 0)
          faults.push(
            `not mended: ${after
              .map(({ code, remedy }) => `${code} ${remedy}`)
              .join(' ')
              .slice(0, 200)}`,
          );
        const code = /Error ([a-z-]+):/.exec(said)?.[1] ?? '';
        judge(
          `${account.what}: ${shown} -> ${String(run.status)} ${code}${isOptional ? ' (a warning of doctor)' : ''}`,
          faults,
        );
        if (line !== CLAIM && (run.status === 0 || run.status === 3))
          await runCli(
            isWriter ? ['moodle', 'annotate', '--undo', '--yes'] : ['migrate', 'undo', 'last', '--yes'],
            { cwd: site },
          );
      }
    }
    const { status, stderr } = await runCli(ANNOTATE, { cwd: site });
    if (only === '' && status !== 0)
      judge('a whole annotation', [`status ${String(status)}: ${stderr.slice(-300)}`]);
  } finally {
    await bbb.close();
    for (const { database, granted } of accounts)
      await database.admin.raw(
        engine === 'mysql' ? `DROP USER ${granted}` : `DROP OWNED BY ${granted}; DROP ROLE ${granted}`,
      );
    await greenlight.drop();
    await moodle.drop();
    await pod.drop();
    rmSync(site, { recursive: true, force: true });
  }
  return wrong;
}

const [first = '', only = ''] = process.argv.slice(2);
let wrong = 0;
for (const engine of ['mysql', 'postgresql'] as const)
  if (first === '' || first === engine) wrong += await prove(engine, only);
await stopOwnServers();
say(`${wrong} rights went otherwise`);
process.exitCode = wrong === 0 ? 0 : 1;
