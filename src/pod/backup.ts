import { createReadStream, createWriteStream } from 'node:fs';
import { chmod, open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { OperatorError } from '../kit/errors/operator-error.js';
import { processTexts } from '../kit/errors/process.js';
import { shellWord } from '../kit/output/shell.js';
import { describeDiskFailure } from '../kit/adapters/files/disk-failure.js';
import { makeOwnDirectory } from '../kit/adapters/files/own-directory.js';
import { runToEnd } from '../kit/adapters/process/run-to-end.js';
import { openDatabase, type SqlDatabase } from '../kit/adapters/sql/database.js';
import type { DatabaseSettings } from '../kit/adapters/sql/settings.js';
import { written } from './database/tables.js';
import { makeDirectory } from '../kit/adapters/files/make-directory.js';
import { texts } from './texts.js';

export interface PodBackup {
  readonly file: string;
  readonly sizeBytes: number;
  /** The command that puts the saved rows back, without any secret. */
  readonly restore: string;
}

export interface BackupOptions {
  readonly directory: string;
  /** Unix milliseconds, for the file's name. */
  readonly now: number;
  readonly signal: AbortSignal;
  readonly timeLimitMs?: number;
}

const HOUR_MS = 3_600_000;
const SSL_MODES = { off: 'disable', on: 'require', verify: 'verify-full' } as const;

/**
 * Saves the tables that a migration may touch into one file of mode 0600, before the first write. What it holds
 * can be put back whole by `restore`: for SQLite it is a copy of the database, else a script that replaces the rows
 * of these tables in one transaction.
 * @throws OperatorError package-missing, program-missing, program-failed, pod-backup-exists, disk-full.
 */
export async function backUpPod(database: SqlDatabase, options: BackupOptions): Promise<PodBackup> {
  const stamp = new Date(options.now).toISOString().replace(/[-:]|\.\d+/g, '');
  const suffix = database.engine === 'sqlite' ? 'sqlite3' : 'sql';
  const file = path.join(path.resolve(options.directory), `bbb2pod-pod-${stamp}.${suffix}`);
  await refuseExisting(file);
  try {
    makeDirectory(options.directory);
    if (database.engine === 'sqlite') await copySqlite(database, file, options.signal);
    else await dumpServer(database, file, options);
  } catch (error) {
    throw describeDiskFailure(error, file);
  }
  return { file, sizeBytes: (await stat(file)).size, restore: restoreCommand(database.settings, file) };
}

/** Where a shell finds the configured password; null: in no place of its own, so that the program asks for it. */
export type PasswordSource =
  | { readonly kind: 'password-file' | 'url-file'; readonly path: string }
  | { readonly kind: 'environment'; readonly name: string }
  | null;

/**
 * The command that saves the same tables by hand, for a run without `--backup`. The password goes through the
 * environment of the program, out of sight of `ps`, or is asked for; what is saved only its owner can read.
 */
export function backupCommand(
  settings: DatabaseSettings,
  source: PasswordSource = null,
  tables: readonly string[] = written(),
): string {
  if (settings.engine === 'sqlite')
    // Not VACUUM INTO: Django's check on `meeting` calls a function that only Django has.
    return `sqlite3 ${shellWord(path.resolve(settings.name))} ".backup pod-backup.sqlite3"`;
  const { program, args } = dumpArguments(settings, tables, 'pod-backup.sql');
  const { engine, tls, caFile } = settings;
  const isPostgresql = engine === 'postgresql';
  const given = settings.password === undefined ? '' : passwordWord(settings, source);
  const asks = settings.password !== undefined && given === '';
  const words = isPostgresql
    ? args.map((word) => (asks && word === '--no-password' ? '--password' : word))
    : [...args.slice(0, 1), ...(asks ? ['--password'] : []), ...args.slice(1)];
  const environment = [
    ...(given === '' ? [] : [`${isPostgresql ? 'PGPASSWORD' : 'MYSQL_PWD'}=${given}`]),
    ...(isPostgresql && tls !== 'off' ? [`PGSSLMODE=${SSL_MODES[tls]}`] : []),
    ...(isPostgresql && caFile !== undefined ? [`PGSSLROOTCERT=${shellWord(caFile)}`] : []),
  ];
  return `(umask 077; ${[...environment, ...[program, ...words].map(shellWord)].join(' ')})`;
}

/** The word of a shell that becomes the password; empty where none does without being seen or decoded. */
function passwordWord({ password }: DatabaseSettings, source: PasswordSource): string {
  if (source === null) return '';
  if (source.kind === 'environment') return `"$${source.name}"`;
  const file = shellWord(source.path);
  if (source.kind === 'password-file') return `"$(head -n 1 ${file})"`;
  // A URL holds these characters as they are; others it holds encoded.
  if (!/^[\w.~!$*+,;=()-]+$/.test(password?.reveal() ?? '')) return '';
  return `"$(sed -nE '1s#^[^:]+://[^:/@]*:([^@]*)@.*#\\1#p' ${file})"`;
}

function restoreCommand(settings: DatabaseSettings, file: string): string {
  const { engine, host, port, user, name } = settings;
  if (engine === 'sqlite') return `cp --preserve=mode ${shellWord(file)} ${shellWord(path.resolve(name))}`;
  if (engine === 'mysql') {
    const where = host.startsWith('/') ? `--socket=${host}` : `--host=${host} --port=${port}`;
    return `mariadb ${where} --user=${shellWord(user)} --password ${shellWord(name)} < ${shellWord(file)}`;
  }
  return `psql --host=${host} --port=${port} --username=postgres --dbname=${shellWord(name)} --set=ON_ERROR_STOP=1 --single-transaction --file=${shellWord(file)}`;
}

const isThere = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  );

async function refuseExisting(file: string): Promise<void> {
  if (await isThere(file)) throw texts.podBackupExists({ file });
}

/**
 * A consistent copy while Pod goes on working: page by page under a reading transaction, which keeps writers from the
 * file, then what its write-ahead log holds beside. VACUUM INTO would run the checks of the tables, and Pod's table
 * `meeting` has one that calls django_datetime_cast_date, a function that only Django registers
 * (django/db/models/functions/datetime.py on SQLite). Another process copies: closing the file in this one would
 * drop SQLite's locks on it (sqlite.org/howtocorrupt.html, 2.2). Nothing stays of a copy that failed.
 */
async function copySqlite(database: SqlDatabase, file: string, signal: AbortSignal): Promise<void> {
  const source = await realpath(path.resolve(database.settings.name));
  const draft = `${file}.part`;
  try {
    await writeFile(draft, '', { mode: 0o600, flag: 'wx' });
    await database.read(async (query) => {
      // Reading takes the lock; until then the transaction has none.
      await query('sqlite_master').count();
      await copyInto(source, draft, signal);
      if (await isThere(`${source}-wal`)) await copyInto(`${source}-wal`, `${draft}-wal`, signal);
    });
    await mergeLog(database, draft);
    await rename(draft, file);
  } finally {
    for (const leftover of ['', '-wal', '-shm', '-journal']) await rm(`${draft}${leftover}`, { force: true });
  }
}

/** `cp` writes into the file that is there, so that its mode holds from the first byte. */
async function copyInto(source: string, target: string, signal: AbortSignal): Promise<void> {
  await writeFile(target, '', { mode: 0o600 });
  await runToEnd({ file: 'cp', args: ['--no-preserve=all', source, target], signal, timeLimitMs: HOUR_MS });
}

/** One file holds it all: the log that was copied beside is played into it. */
async function mergeLog(database: SqlDatabase, draft: string): Promise<void> {
  const copy = openDatabase({ ...database.settings, name: draft });
  try {
    await copy.outsideTransaction((query) => query.raw('PRAGMA wal_checkpoint(TRUNCATE)'));
  } finally {
    await copy.close();
  }
}

async function dumpServer(database: SqlDatabase, file: string, options: BackupOptions): Promise<void> {
  const columns = await database.listColumns(written());
  const present = new Set(columns.map(({ table }) => table));
  const tables = written().filter((table) => present.has(table));
  // It holds a password: what a killed run left goes, too.
  const work = makeOwnDirectory(os.tmpdir(), 'bbb2pod-backup');
  const data = `${file}.data`;
  const whole = `${file}.part`;
  try {
    await dumpRows(database.settings, { tables, data, work }, options);
    await assemble({ engine: database.settings.engine, tables, data, whole });
    await rename(whole, file);
  } finally {
    for (const leftover of [work, data, whole]) await rm(leftover, { recursive: true, force: true });
  }
}

async function dumpRows(
  settings: DatabaseSettings,
  { tables, data, work }: { tables: readonly string[]; data: string; work: string },
  options: BackupOptions,
): Promise<void> {
  await writeFile(data, '', { mode: 0o600, flag: 'wx' });
  const { program, args } = dumpArguments(settings, tables, data);
  const secrets = await secretFile(settings, work);
  const run = (name: string): Promise<unknown> =>
    runToEnd({
      file: name,
      args: [...secrets.args, ...args],
      env: secrets.env,
      signal: options.signal,
      timeLimitMs: options.timeLimitMs ?? HOUR_MS,
    });
  // Oracle's MySQL and older MariaDB call it mysqldump.
  const names = program === 'mariadb-dump' ? [program, 'mysqldump'] : [program];
  const name = await firstThere(names, run);
  if (name === null) throw processTexts.packageMissing({ program, package: DUMP_PACKAGES[program] });
  await chmod(data, 0o600);
}

/** Debian's packages, neither of which comes with ours: Pod's database is seldom on this machine. */
const DUMP_PACKAGES = { 'mariadb-dump': 'mariadb-client', pg_dump: 'postgresql-client' } as const;

/** Runs the first of several programs that this machine has; null where it has none. */
async function firstThere(
  names: readonly string[],
  run: (name: string) => Promise<unknown>,
): Promise<string | null> {
  for (const name of names) {
    try {
      await run(name);
      return name;
    } catch (error) {
      if (!isNotThere(error)) throw error;
    }
  }
  return null;
}

const isNotThere = (error: unknown): boolean =>
  error instanceof OperatorError &&
  error.code === 'program-missing' &&
  error.parameters['detail'] === 'ENOENT';

/** The rows alone: the tables stay, with all that refers to them. */
function dumpArguments(
  settings: DatabaseSettings,
  tables: readonly string[],
  file: string,
): { program: keyof typeof DUMP_PACKAGES; args: string[] } {
  const { engine, host, port, user, name, schema, tls, caFile } = settings;
  if (engine === 'postgresql') {
    const prefix = schema === undefined ? '' : `${schema.split(',')[0]?.trim() ?? ''}.`;
    return {
      program: 'pg_dump',
      args: [
        `--host=${host}`,
        `--port=${port}`,
        `--username=${user}`,
        '--no-password',
        '--data-only',
        ...tables.map((table) => `--table=${prefix}${table}`),
        `--file=${file}`,
        name,
      ],
    };
  }
  return {
    program: 'mariadb-dump',
    args: [
      ...(host.startsWith('/') ? [`--socket=${host}`] : [`--host=${host}`, `--port=${port}`]),
      `--user=${user}`,
      ...(tls === 'off' ? [] : ['--ssl']),
      ...(tls === 'verify' ? ['--ssl-verify-server-cert'] : []),
      ...(caFile === undefined ? [] : [`--ssl-ca=${caFile}`]),
      '--single-transaction',
      '--skip-lock-tables',
      '--skip-add-locks',
      '--skip-disable-keys',
      '--no-create-info',
      '--no-tablespaces',
      '--skip-triggers',
      '--complete-insert',
      '--default-character-set=utf8mb4',
      `--result-file=${file}`,
      name,
      ...tables,
    ],
  };
}

/** The password goes through a file of mode 0600, never through an argument. */
async function secretFile(
  settings: DatabaseSettings,
  work: string,
): Promise<{ args: string[]; env: Record<string, string> }> {
  const password = settings.password?.reveal() ?? '';
  const file = path.join(work, 'password');
  if (settings.engine === 'mysql') {
    const value = password.replace(/[\\"]/g, '\\$&');
    await writeFile(file, `[client]\npassword="${value}"\n`, { mode: 0o600 });
    return { args: [`--defaults-extra-file=${file}`], env: {} };
  }
  await writeFile(file, `*:*:*:*:${password.replace(/[\\:]/g, '\\$&')}\n`, { mode: 0o600 });
  return {
    args: [],
    env: {
      PGPASSFILE: file,
      PGSSLMODE: SSL_MODES[settings.tls],
      ...(settings.caFile === undefined ? {} : { PGSSLROOTCERT: settings.caFile }),
    },
  };
}

/** A script that empties the saved tables and fills them again: what refers to their rows is not looked at meanwhile. */
async function assemble({
  engine,
  tables,
  data,
  whole,
}: {
  engine: 'mysql' | 'postgresql' | 'sqlite';
  tables: readonly string[];
  data: string;
  whole: string;
}): Promise<void> {
  const head =
    engine === 'mysql'
      ? [
          'SET autocommit = 0;',
          'SET FOREIGN_KEY_CHECKS = 0;',
          ...tables.map((table) => `DELETE FROM \`${table}\`;`),
        ]
      : ['SET session_replication_role = replica;', ...tables.map((table) => `DELETE FROM "${table}";`)];
  const tail = engine === 'mysql' ? ['COMMIT;', 'SET FOREIGN_KEY_CHECKS = 1;'] : [];
  await writeFile(whole, `${head.join('\n')}\n`, { mode: 0o600, flag: 'wx' });
  await pipeline(createReadStream(data), createWriteStream(whole, { flags: 'a' }));
  const handle = await open(whole, 'a');
  try {
    await handle.writeFile(`${tail.join('\n')}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
