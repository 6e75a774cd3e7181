import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase, type SqlDatabase } from '../../../../src/kit/adapters/sql/database.js';
import { databaseSettings } from '../../../../src/kit/adapters/sql/settings.js';
import { OperatorError } from '../../../../src/kit/errors/operator-error.js';
import { Secret } from '../../../../src/kit/config/secret.js';
import { createDatabase, type TestDatabase } from '../../../support/servers.js';

const settingsOf = (url: string) =>
  databaseSettings('[pod]', { database: new Secret(url), connect_timeout: 5 });
const failure = async (work: Promise<unknown>): Promise<OperatorError> => {
  try {
    await work;
  } catch (error) {
    if (error instanceof OperatorError) return error;
    throw error;
  }
  throw new Error('did not fail');
};

describe.each(['sqlite', 'mysql', 'postgresql'] as const)('the %s adapter', (engine) => {
  let database: TestDatabase;
  let adapter: SqlDatabase;

  beforeAll(async () => {
    database = await createDatabase(engine);
    const id = {
      sqlite: 'integer PRIMARY KEY',
      mysql: 'bigint PRIMARY KEY',
      postgresql: 'bigint PRIMARY KEY',
    };
    const instant = { sqlite: 'datetime', mysql: 'datetime(6)', postgresql: 'timestamptz' };
    await database.admin.raw(
      `CREATE TABLE note (id ${id[engine]}, label varchar(20) NOT NULL UNIQUE, at ${instant[engine]}, big bigint)`,
    );
    adapter = openDatabase(settingsOf(database.url), {
      lockTimeoutMs: 1000,
      attempts: 3,
      busyTimeoutMs: 600,
    });
  });
  afterAll(async () => {
    await adapter.close();
    await database.drop();
  });

  it('gives back instants to the microsecond and bigints as exact numbers', async () => {
    const instant = Date.UTC(2024, 9, 27, 0, 30, 0, 123) + 0.456;
    const whole = Date.UTC(2024, 2, 31, 2, 30);
    await adapter.write(async (query) => {
      await query('note').insert({
        id: 1,
        label: 'fraction',
        at: adapter.encodeInstant(instant),
        big: 2 ** 40,
      });
      await query('note').insert({ id: 2, label: 'whole', at: adapter.encodeInstant(whole), big: 7 });
    });
    const rows = await adapter.read((query) => query('note').select('id', 'at', 'big').orderBy('id'));
    expect(rows.map((row: { at: unknown }) => adapter.decodeInstant(row.at))).toEqual([instant, whole]);
    expect(rows.map((row: { big: unknown }) => row.big)).toEqual([2 ** 40, 7]);
  });

  it('refuses to write in a reading transaction', async () => {
    const error = await failure(adapter.read((query) => query('note').insert({ id: 9, label: 'no' })));
    expect(error.code).toBe('database-read-only');
  });

  it('leaves nothing behind after a rehearsal', async () => {
    await adapter.rehearse(async (query) => {
      await query('note').insert({ id: 10, label: 'rehearsed' });
    });
    expect(await adapter.read((query) => query('note').where({ id: 10 }))).toEqual([]);
  });

  it('names a missing table, a missing column and a refused value', async () => {
    expect((await failure(adapter.read((q) => q('absent').select('id')))).code).toBe(
      'database-table-missing',
    );
    expect((await failure(adapter.read((q) => q('note').select('absent')))).code).toBe(
      'database-column-missing',
    );
    const refused = await failure(adapter.write((q) => q('note').insert({ id: 11, label: null })));
    expect(refused.code).toBe('database-value-refused');
    expect(refused.message).not.toContain('insert into');
  });

  it('starts over when another writer holds the lock, and gives up in time', async () => {
    await adapter.write((query) => query('note').insert({ id: 20, label: 'locked' }));
    const other = openDatabase(settingsOf(database.url));
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let started: () => void = () => undefined;
    const isHeld = new Promise<void>((resolve) => (started = resolve));
    const holder = other.write(async (query) => {
      await query('note').where({ id: 20 }).update({ big: 1 });
      started();
      await held;
    });
    await isHeld;
    let tries = 0;
    const startedAt = Date.now();
    const waiting = adapter.write(async (query) => {
      tries++;
      await query('note').where({ id: 20 }).update({ big: 2 });
    });
    const error = await failure(waiting);
    expect(error.code).toBe('database-busy');
    expect(Date.now() - startedAt).toBeLessThan(6000);
    if (engine !== 'sqlite') expect(tries).toBe(3);
    const second = adapter.write((query) => query('note').where({ id: 20 }).update({ big: 3 }));
    setTimeout(release, 100);
    await holder;
    await second;
    const [row] = await adapter.read((query) => query('note').where({ id: 20 }).select('big'));
    expect(row.big).toBe(3);
    await other.close();
  });

  it('lends its lock to one at a time', async () => {
    const options = { stateDirectory: mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-locks-')) };
    const one = openDatabase(settingsOf(database.url), options);
    const two = openDatabase(settingsOf(database.url), options);
    const lock = await one.tryLock('migrate');
    expect(lock).not.toBeNull();
    expect(await two.tryLock('migrate')).toBeNull();
    const otherName = await two.tryLock('annotate');
    expect(otherName).not.toBeNull();
    await otherName?.release();
    await lock?.release();
    const again = await two.tryLock('migrate');
    expect(again).not.toBeNull();
    await again?.release();
    await one.close();
    await two.close();
    rmSync(options.stateDirectory, { recursive: true });
  });

  it('describes columns', async () => {
    const columns = await adapter.listColumns(['note', 'absent']);
    const label = columns.find(({ column }) => column === 'label');
    expect(label).toMatchObject({ table: 'note', type: 'varchar', length: 20, nullable: false });
    expect(columns).toHaveLength(4);
    expect(await adapter.serverVersion()).toMatch(/^(SQLite|MariaDB|PostgreSQL) \d+/);
  });
});

describe.each(['mysql', 'postgresql'] as const)('what the %s server refuses', (engine) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createDatabase(engine);
  });
  afterAll(() => database.drop());

  const open = (change: (url: URL) => void): SqlDatabase => {
    const url = new URL(database.url);
    change(url);
    return openDatabase(settingsOf(url.toString()));
  };

  it('is told apart: login, database, port, TLS; the password never shows', async () => {
    const cases = [
      ['database-login-refused', (url: URL) => (url.password = 'very-secret-word')],
      ['database-unknown', (url: URL) => (url.pathname = '/no_such_database')],
      ['database-unreachable', (url: URL) => (url.port = '1')],
      ['database-tls', (url: URL) => (url.search = '?tls=verify')],
    ] as const;
    for (const [code, change] of cases) {
      const adapter = open(change);
      const error = await failure(adapter.read((query) => query.raw('SELECT 1')));
      expect([error.code, error.remedy !== '']).toEqual([code, true]);
      expect(`${error.message}${error.remedy}${JSON.stringify(error.parameters)}`).not.toMatch(
        /very-secret-word|throw-away/,
      );
      await adapter.close();
    }
  });

  it('gives a statement 30 s, a lock 2 s and a plan two connections, unless told otherwise', async () => {
    const adapter = openDatabase(settingsOf(database.url));
    const limits =
      engine === 'mysql'
        ? 'SELECT @@max_statement_time AS statement, @@innodb_lock_wait_timeout AS lck, connection_id() AS id, SLEEP(0.2)'
        : `SELECT extract(epoch FROM current_setting('statement_timeout')::interval) AS statement,
             extract(epoch FROM current_setting('lock_timeout')::interval) AS lck, pg_backend_pid() AS id, pg_sleep(0.2)`;
    type Row = Record<'statement' | 'lck' | 'id', unknown>;
    const ask = async (): Promise<Row> => {
      const answer: unknown = await adapter.read((query) => query.raw(limits));
      const rows = engine === 'mysql' ? (answer as [Row[]])[0] : (answer as { rows: Row[] }).rows;
      return rows[0]!;
    };
    const answers = await Promise.all([1, 2, 3, 4, 5].map(ask));
    for (const { statement, lck } of answers) expect([Number(statement), Number(lck)]).toEqual([30, 2]);
    expect(new Set(answers.map(({ id }) => id)).size).toBe(2);
    await adapter.close();
  });

  it('limits how long one statement runs', async () => {
    const adapter = openDatabase(settingsOf(database.url), { statementTimeoutMs: 300 });
    const slow = engine === 'mysql' ? 'SELECT SLEEP(5)' : 'SELECT pg_sleep(5)';
    const startedAt = Date.now();
    expect((await failure(adapter.read((query) => query.raw(slow)))).code).toBe('database-too-slow');
    expect(Date.now() - startedAt).toBeLessThan(3000);
    await adapter.close();
  });

  it('a killed connection is said so, and reading goes on', async () => {
    const adapter = openDatabase(settingsOf(database.url));
    const pid = engine === 'mysql' ? 'SELECT CONNECTION_ID() AS id' : 'SELECT pg_backend_pid() AS id';
    const kill = (id: number): string =>
      engine === 'mysql' ? `KILL ${id}` : `SELECT pg_terminate_backend(${id})`;
    const idOf = async (query: { raw(sql: string): PromiseLike<unknown> }): Promise<number> => {
      const answer = (await query.raw(pid)) as { rows?: { id: number }[] } & { id: number }[][];
      return Number((answer.rows ?? answer[0] ?? [])[0]?.id);
    };
    const lost = await failure(
      adapter.write(async (query) => {
        await database.admin.raw(kill(await idOf(query)));
        await query.raw('SELECT 1');
      }),
    );
    expect(lost.code).toBe('database-connection-lost');
    let tries = 0;
    const answer = await adapter.read(async (query) => {
      if (tries++ === 0) await database.admin.raw(kill(await idOf(query)));
      await query.raw('SELECT 1');
      return 'read again';
    });
    expect([answer, tries]).toEqual(['read again', 2]);
    await adapter.close();
  });
});
