import { connect } from 'node:net';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import knex, { type Knex } from 'knex';
import { startMariadb } from '../../src/kit/adapters/sql/mariadb/throw-away-server.js';
import { startPostgresql } from '../../src/kit/adapters/sql/postgresql/throw-away-server.js';
import { LibsqlClient } from '../../src/kit/adapters/sql/sqlite/libsql-client.js';
import type { ThrowAwayServer } from '../../src/kit/adapters/sql/throw-away.js';

export type ServerEngine = 'mysql' | 'postgresql';
export type ServerAddress = Omit<ThrowAwayServer, 'stop'>;

const own = new Map<string, Promise<ThrowAwayServer>>();

/**
 * The throw-away server of that engine: one per vitest run, shared by all files; outside vitest (bench, prove) one
 * per process. `durable` gives another one that really syncs, for figures.
 */
export async function useServer(
  engine: ServerEngine,
  options: { durable?: boolean } = {},
): Promise<ServerAddress> {
  const durable = options.durable === true;
  const socketPath = process.env['BBB2POD_TEST_SERVERS'];
  if (socketPath !== undefined)
    return askMainProcess(socketPath, `${engine} ${durable ? 'durable' : 'fast'}`);
  const key = `${engine} ${durable}`;
  const starting =
    own.get(key) ?? (engine === 'mysql' ? startMariadb({ durable }) : startPostgresql({ durable }));
  own.set(key, starting);
  return starting;
}

/** Stops what `useServer` started outside vitest. */
export async function stopOwnServers(): Promise<void> {
  for (const starting of own.values()) await (await starting).stop();
  own.clear();
}

const askMainProcess = (socketPath: string, question: string): Promise<ServerAddress> =>
  new Promise((resolve, reject) => {
    const socket = connect(socketPath, () => socket.write(question));
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    socket.on('error', reject);
    socket.on('end', () => {
      const parsed = JSON.parse(text) as ServerAddress & { error?: string };
      if (parsed.error === undefined) resolve(parsed);
      else reject(new Error(parsed.error));
    });
  });

export interface TestDatabase {
  readonly engine: 'sqlite' | ServerEngine;
  /** As `[pod] database` would name it. */
  readonly url: string;
  readonly name: string;
  readonly server: ServerAddress | null;
  /** An administrator's own connection, for seeding and looking. */
  readonly admin: Knex;
  drop(): Promise<void>;
}

/** An empty database of its own, removed by `drop()`. */
export async function createDatabase(
  engine: 'sqlite' | ServerEngine,
  options: { durable?: boolean } = {},
): Promise<TestDatabase> {
  if (engine === 'sqlite') return createSqlite();
  const server = await useServer(engine, options);
  const name = `t_${randomBytes(6).toString('hex')}`;
  const maintenance = connectAs(server, engine === 'mysql' ? 'mysql' : 'postgres');
  await maintenance.raw(
    engine === 'mysql' ? `CREATE DATABASE ${name} CHARACTER SET utf8mb4` : `CREATE DATABASE ${name}`,
  );
  const admin = connectAs(server, name);
  const scheme = engine === 'mysql' ? 'mysql' : 'postgresql';
  return {
    engine,
    url: `${scheme}://${server.user}:${server.password}@${server.host}:${server.port}/${name}`,
    name,
    server,
    admin,
    drop: async () => {
      await admin.destroy();
      await maintenance.raw(
        engine === 'mysql' ? `DROP DATABASE ${name}` : `DROP DATABASE ${name} WITH (FORCE)`,
      );
      await maintenance.destroy();
    },
  };
}

function createSqlite(): TestDatabase {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-sqlite-'));
  const file = path.join(directory, 'db.sqlite3');
  const admin = sqliteAdmin(file);
  return {
    engine: 'sqlite',
    url: `sqlite:${file}`,
    name: file,
    server: null,
    admin,
    drop: async () => {
      await admin.destroy();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Creates the file when it is missing, as Django does. */
function sqliteAdmin(file: string): Knex {
  return knex({
    client: LibsqlClient as unknown as typeof Knex.Client,
    connection: { filename: file },
    useNullAsDefault: true,
    pool: {
      min: 0,
      max: 1,
      afterCreate: (connection: { exec(sql: string): void }, done: (error: null) => void) => {
        connection.exec('PRAGMA busy_timeout = 2000');
        done(null);
      },
    },
  });
}

/** Several statements at once are allowed for MariaDB: schemas are loaded whole. */
export const connectAs = (server: ServerAddress, database: string): Knex =>
  knex({
    client: server.engine === 'mysql' ? 'mysql2' : 'pg',
    connection: {
      host: server.host,
      port: server.port,
      user: server.user,
      password: server.password,
      database,
      ...(server.engine === 'mysql' ? { multipleStatements: true, dateStrings: true, timezone: 'Z' } : {}),
    },
    pool: { min: 0, max: 2 },
  });
