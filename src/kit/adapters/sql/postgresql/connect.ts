import knex, { type Knex } from 'knex';
import pg from 'pg';
import { readNamedText } from '../../files/open-named-file.js';
import { silentLog, type ConnectOptions } from '../dialect.js';
import type { DatabaseSettings } from '../settings.js';

const BIGINT = 20;
const TIMESTAMPS = new Set([1082, 1114, 1184]);
/** Grace over the server's own limit before a silent connection is given up. */
const SILENCE_GRACE_MS = 15_000;

const standardParser = pg.types.getTypeParser as (oid: number, format?: string) => unknown;

/** bigint as a number while it is exact (as under the other drivers), instants as text. */
const types = {
  getTypeParser(oid: number, format?: 'text' | 'binary'): unknown {
    if (oid === BIGINT) return (text: string) => (Number.isSafeInteger(Number(text)) ? Number(text) : text);
    if (TIMESTAMPS.has(oid)) return (text: string) => text;
    return standardParser(oid, format);
  },
};

/** The driver's connection settings, also for the lock's own connection. */
export const connectionSettings = (settings: DatabaseSettings): pg.ClientConfig => ({
  host: settings.host,
  port: settings.port,
  user: settings.user,
  ...(settings.password === undefined ? {} : { password: settings.password.reveal() }),
  database: settings.name,
  connectionTimeoutMillis: settings.connectTimeoutMs,
  application_name: 'bbb2pod',
  keepAlive: true,
  types: types,
  ...tls(settings),
});

function tls(settings: DatabaseSettings): pg.ClientConfig {
  if (settings.tls === 'off') return { ssl: false };
  const ca = settings.caFile === undefined ? {} : { ca: readNamedText(settings.caFile) };
  return { ssl: { rejectUnauthorized: settings.tls === 'verify', ...ca } };
}

interface RawConnection {
  query(sql: string, done: (error: unknown) => void): void;
}

/** Opens a pool; every connection gets UTC, the schema and the limits before its first query. */
export function connect(settings: DatabaseSettings, options: ConnectOptions): Knex {
  return knex({
    client: 'pg',
    connection: {
      ...(connectionSettings(settings) as Knex.PgConnectionConfig),
      query_timeout: options.statementTimeoutMs + SILENCE_GRACE_MS,
    },
    ...(settings.schema === undefined ? {} : { searchPath: settings.schema.split(',').map((s) => s.trim()) }),
    compileSqlOnError: false,
    log: silentLog,
    acquireConnectionTimeout: settings.connectTimeoutMs + 2000,
    pool: {
      min: 0,
      max: options.maximumConnections,
      afterCreate: (raw: RawConnection, done: (error: unknown, connection: RawConnection) => void) => {
        const limits =
          `SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET statement_timeout = ${options.statementTimeoutMs}; ` +
          `SET lock_timeout = ${options.lockTimeoutMs}; SET standard_conforming_strings = on`;
        raw.query(limits, (error) => done(error, raw));
      },
    },
  });
}
