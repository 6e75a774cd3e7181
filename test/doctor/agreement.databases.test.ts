import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Parser } from '@oclif/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSampleServer, type SampleServer } from '../../src/bbb-server/sample/sample-server.js';
import { readSampleRecordings } from '../../src/bbb-server/sample/sample-recordings.js';
import { examine } from '../../src/cli/doctor/examine.js';
import { Context } from '../../src/cli/kit/context.js';
import { migrateFlags, type MigrateFlags } from '../../src/cli/migrate/flags.js';
import { migrateRecordings } from '../../src/cli/migrate/recordings.js';
import { root } from '../e2e/run-cli.js';
import { createPod, type TestPod } from '../support/pod.js';

/* Each installation is tried by doctor and by the run that needs it: what doctor calls FAILED fails, and only that. */

const IMPORT = ['--use-import-video', '--max', '2'];
const MOODLE = ['--use-import-video', '--use-database-moodle'];
/** Opens everything that claims need; of that time nothing is to download. */
const CLAIM = ['--use-manual-claim', '--until', '2001-01-01'];

let pod: TestPod;
let empty: TestPod;
let bbb: SampleServer;
let directory: string;
let count = 0;

beforeAll(async () => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-agree-'));
  pod = await createPod({ engine: 'sqlite', version: '3.8.4' });
  empty = await createPod({ engine: 'postgresql', version: '4.1.0' });
  bbb = await startSampleServer({
    secret: 'right',
    recordings: await readSampleRecordings(path.join(root, 'fixtures/getrecordings')),
  });
});
afterAll(async () => {
  await bbb.close();
  await pod.drop();
  await empty.drop();
  rmSync(directory, { recursive: true, force: true });
});

/** Where one installation lies, with its own copy of Pod. */
interface Site {
  readonly folder: string;
  readonly database: string;
  /** Keys by section; a test changes them. */
  readonly keys: Record<string, Record<string, string | number | boolean>>;
  readonly sql: (...statements: string[]) => Promise<void>;
}

async function prepare(): Promise<Site> {
  const folder = path.join(directory, String(count++));
  mkdirSync(path.join(folder, 'ftp/bbb'), { recursive: true });
  const database = path.join(folder, 'pod.sqlite3');
  copyFileSync(pod.test.url.replace(/^sqlite:/, ''), database);
  const keys = {
    '': { state_dir: path.join(folder, 'state') },
    bbb: { url: bbb.url, secret: 'right', retries: 0, timeout: 5 },
    pod: { database: `sqlite:${database}`, recorder_path: `${folder}/ftp/` },
  };
  const sql = async (...statements: string[]): Promise<void> => {
    const { default: Database } = await import('libsql');
    const db = new Database(database);
    db.exec(statements.join(';\n'));
    db.close();
  };
  return { folder, database, keys, sql };
}

function write({ folder, keys }: Site): string {
  const file = path.join(folder, 'bbb2pod.toml');
  const lines = Object.entries(keys).flatMap(([section, values]) => [
    ...(section === '' ? [] : [`[${section}]`]),
    ...Object.entries(values).map(([key, value]) => `${key} = ${JSON.stringify(value)}`),
  ]);
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  return file;
}

const contextOf = (configFile: string): Context =>
  new Context({
    configFile,
    configurationRequired: true,
    logLevel: undefined,
    logFile: undefined,
    signal: new AbortController().signal,
  });

/** Codes by status, of what a run needs: the databases, the servers, the directories. */
async function doctor(
  file: string,
  more: readonly string[],
): Promise<{ failed: string[]; warned: string[] }> {
  const context = contextOf(file);
  try {
    const results = await examine(context, ['state_dir', 'bbb', 'pod', 'moodle', 'migrate', ...more]);
    const of = (status: string): string[] =>
      results.filter((one) => one.status === status).map(({ code }) => code);
    return { failed: of('critical'), warned: of('warning') };
  } finally {
    await context.close();
  }
}

/** Exit status of the run, and the code it failed with. */
async function run(
  file: string,
  args: readonly string[],
): Promise<{ status: number; code: string; said: string }> {
  const { flags } = await Parser.parse([...args], { flags: migrateFlags, strict: true });
  const context = contextOf(file);
  let said = '';
  const print = (text: string): void => void (said += text);
  const speaker = { json: false, progress: false, print, printJson: () => undefined, say: print };
  try {
    const status = await migrateRecordings(context, flags as MigrateFlags, speaker);
    return { status, code: '', said };
  } catch (error) {
    const { code, exitStatus } = error as { code?: string; exitStatus?: number };
    return { status: exitStatus ?? 1, code: code ?? String(error), said };
  } finally {
    await context.close();
  }
}

type Plant = (site: Site) => void | Promise<void>;
const set =
  (section: string, values: Record<string, string | number | boolean>): Plant =>
  ({ keys }) =>
    void (keys[section] = { ...keys[section], ...values });
const sql =
  (...statements: string[]): Plant =>
  (site) =>
    site.sql(...statements);
const without =
  (name: string): Plant =>
  ({ folder }) =>
    rmSync(path.join(folder, name), { recursive: true });

/** The recorder's directory under a name so long that `room` characters are left of the 100 of Pod's column. */
const longDirectory =
  (room: number): Plant =>
  async (site) => {
    const name = 'r'.repeat(100 - 1 - room - `${site.folder}/ftp/`.length);
    mkdirSync(path.join(site.folder, 'ftp', name));
    await site.sql(`UPDATE recorder_recorder SET directory = '${name}'`);
  };

const planted: readonly (readonly [string, readonly string[], string, Plant])[] = [
  ['a site that Pod has not', IMPORT, 'pod-site-missing', set('pod', { site_id: 9 })],
  ['a site of one server that Pod has not', IMPORT, 'pod-site-missing', set('bbb', { site_id: 9 })],
  [
    'a site of one Moodle that Pod has not',
    IMPORT,
    'pod-site-missing',
    set('moodle.default', { site_id: 9 }),
  ],
  ['an administrator who is gone', IMPORT, 'pod-admin-missing', set('pod', { admin_id: 99 })],
  ['a recorder that is not there', CLAIM, 'pod-recorder-missing', set('pod', { recorder_id: 99 })],
  [
    'a recorder with a manager',
    CLAIM,
    'pod-recorder-managed',
    sql('UPDATE recorder_recorder SET user_id = 2'),
  ],
  ['a studio', CLAIM, 'pod-recorder-type', sql("UPDATE recorder_recorder SET recording_type = 'studio'")],
  ['a recorder of no site', CLAIM, 'pod-recorder-site', sql('DELETE FROM recorder_recorder_sites')],
  ["no directory of the recorder's", CLAIM, 'doctor-directory-missing', without('ftp/bbb')],
  [
    'a file in place of that directory',
    CLAIM,
    'doctor-directory-unwritable',
    (site) => {
      rmSync(path.join(site.folder, 'ftp/bbb'), { recursive: true });
      writeFileSync(path.join(site.folder, 'ftp/bbb'), '');
    },
  ],
  ['no room for a file name', CLAIM, 'doctor-claim-path-long', longDirectory(11)],
  ['a file_owner whom nobody knows', CLAIM, 'config-invalid', set('pod', { file_owner: 'nobody-here:none' })],
  ['no owners file', IMPORT, 'config-unreadable', set('migrate', { owners_file: '/nowhere/owners.csv' })],
  [
    'an owners file with a hole',
    IMPORT,
    'owners-file-invalid',
    (site) => {
      writeFileSync(path.join(site.folder, 'owners.csv'), 'somebody;\n');
      return set('migrate', { owners_file: path.join(site.folder, 'owners.csv') })(site);
    },
  ],
  ['a table less', IMPORT, 'pod-table-missing', sql('DROP TABLE authentication_owner_sites')],
  ['no table of recordings', IMPORT, 'pod-table-missing', sql('DROP TABLE import_video_externalrecording')],
  [
    'a column less',
    IMPORT,
    'pod-column-missing',
    sql('ALTER TABLE import_video_externalrecording RENAME COLUMN state TO status'),
  ],
  [
    'a column that wants a value',
    IMPORT,
    'pod-column-unexpected',
    sql(
      'ALTER TABLE import_video_externalrecording RENAME TO was',
      'CREATE TABLE import_video_externalrecording (id integer NOT NULL PRIMARY KEY AUTOINCREMENT, name varchar(250) NOT NULL, start_at datetime NOT NULL, type varchar(50) NOT NULL, source_url varchar(500) NOT NULL, state varchar(250) NULL, owner_id integer NULL, site_id integer NOT NULL, uploaded_to_pod_by_id integer NULL, ours varchar(20) NOT NULL)',
    ),
  ],
  ['no database', IMPORT, 'sqlite-missing', without('pod.sqlite3')],
  [
    'a file that is no database',
    IMPORT,
    'database',
    ({ database }) =>
      writeFileSync(database, 'this is no SQLite file at all, however long it may be\n'.repeat(40)),
  ],
  ['a server that is down', IMPORT, 'http', set('bbb', { url: 'http://127.0.0.1:9/' })],
  ['a wrong secret', IMPORT, 'bbb', set('bbb', { secret: 'wrong' })],
  [
    'a server without its secret',
    IMPORT,
    'doctor-bbb-incomplete',
    ({ keys }) => {
      delete keys['bbb']?.['secret'];
    },
  ],
  ['an authority that is not there', IMPORT, '', set('bbb', { ca_file: '/nowhere/ca.pem' })],
  [
    'a Moodle that does not answer',
    MOODLE,
    'database-unreachable',
    set('moodle.default', { database: 'mysql://reader:x@127.0.0.1:9/moodle', connect_timeout: 2 }),
  ],
  [
    'a file in place of the state directory',
    IMPORT,
    '',
    (site) => {
      writeFileSync(path.join(site.folder, 'state'), '');
    },
  ],
];

describe('what doctor calls FAILED, the run cannot do', () => {
  it.each(planted)('%s', async (_, args, code, plant) => {
    const site = await prepare();
    await plant(site);
    const file = write(site);
    const { failed } = await doctor(file, []);
    expect(failed.length, 'doctor finds nothing').toBeGreaterThan(0);
    expect(
      failed.some((found) => found.startsWith(code)),
      failed.join(),
    ).toBe(true);
    expect((await run(file, args)).status, 'the run does it all the same').not.toBe(0);
  });
});

const sound: readonly (readonly [string, readonly string[], Plant])[] = [
  ['links', IMPORT, () => undefined],
  ['claims', CLAIM, () => undefined],
  [
    'links alone, on a machine that converts nothing',
    IMPORT,
    ({ keys }) => {
      delete keys['pod']?.['recorder_path'];
    },
  ],
  [
    'links alone, and a recorder for something else',
    IMPORT,
    async (site) => {
      delete site.keys['pod']?.['recorder_path'];
      await site.sql('UPDATE recorder_recorder SET user_id = 2', 'DELETE FROM recorder_recorder_sites');
    },
  ],
  [
    'nobody who receives the rest, for the rest is skipped',
    IMPORT,
    async (site) => {
      await set('migrate', { unresolved: 'skip' })(site);
      await set('pod', { admin_id: 99 })(site);
    },
  ],
  ['claims with hardly room for a name', CLAIM, longDirectory(14)],
  ['claims with room for a title cut short', CLAIM, longDirectory(40)],
  [
    "a recorder path that Python joins as Pod's",
    CLAIM,
    (site) => {
      const file = path.join(site.folder, 'settings_local.py');
      writeFileSync(
        file,
        `DEFAULT_RECORDER_PATH = '${site.folder}/ftp'\nSITE_ID = 2\nESTABLISHMENTS = (('X', 'Y'),)\n`,
      );
      return set('pod', { settings_file: file })(site);
    },
  ],
  ['settings of Pod that lie elsewhere', IMPORT, set('pod', { settings_file: '/nowhere/settings_local.py' })],
  [
    'owners in a file',
    IMPORT,
    (site) => {
      writeFileSync(path.join(site.folder, 'owners.csv'), 'somebody;amartin\n');
      return set('migrate', { owners_file: path.join(site.folder, 'owners.csv') })(site);
    },
  ],
  [
    'files that belong to a number',
    CLAIM,
    set('pod', { file_owner: `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}` }),
  ],
];

describe('what the run can do, doctor does not call FAILED', () => {
  it.each(sound)('%s', async (_, args, plant) => {
    const site = await prepare();
    await plant(site);
    const file = write(site);
    expect((await doctor(file, [])).failed).toEqual([]);
    const { status, code, said } = await run(file, args);
    expect({ status, code }, said).toEqual({ status: 0, code: '' });
  });
});

describe('rights of an account of its own on PostgreSQL', () => {
  const account = `agree_${randomBytes(4).toString('hex')}`;
  const asAccount = async (site: Site): Promise<void> => {
    const url = new URL(empty.test.url);
    url.username = account;
    url.password = 'secret-word';
    site.keys['pod'] = { database: url.toString() };
  };
  beforeAll(async () => {
    await empty.admin.raw(`CREATE ROLE ${account} LOGIN PASSWORD 'secret-word'`);
    await empty.admin.raw(`GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${account}`);
    await empty.admin.raw(`GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO ${account}`);
  });
  afterAll(async () => {
    await empty.admin.raw(`DROP OWNED BY ${account}`);
    await empty.admin.raw(`DROP ROLE ${account}`);
  });

  it('that may only read fails in both', async () => {
    const site = await prepare();
    await asAccount(site);
    const file = write(site);
    expect((await doctor(file, [])).failed).toContain('pod-right-missing');
    expect((await run(file, IMPORT)).status).not.toBe(0);
  });

  it('that makes no accounts and takes nothing back is enough for a run that makes none', async () => {
    await empty.admin.raw(`GRANT INSERT, UPDATE ON import_video_externalrecording TO ${account}`);
    // A run locks the owners it writes for.
    await empty.admin.raw(`GRANT UPDATE ON auth_user TO ${account}`);
    const site = await prepare();
    await asAccount(site);
    await set('migrate', { create_users: false })(site);
    const file = write(site);
    const { failed, warned } = await doctor(file, []);
    expect(failed).toEqual([]);
    expect(warned).toContain('pod-right-missing');
    expect(await run(file, IMPORT)).toMatchObject({ status: 0, code: '' });
    await empty.admin('import_video_externalrecording').delete();
  });
});
