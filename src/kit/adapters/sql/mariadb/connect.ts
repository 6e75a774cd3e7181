import type { Socket } from 'node:net';
import knex, { type Knex } from 'knex';
import { readNamedText } from '../../files/open-named-file.js';
import { silentLog, type ConnectOptions } from '../dialect.js';
import type { DatabaseSettings } from '../settings.js';

interface RawConnection {
  readonly stream: Socket;
  query(sql: string, done: (error: unknown) => void): void;
}

/** Grace over the server's own limit before a silent connection is given up. */
const SILENCE_GRACE_MS = 15_000;

/** The driver's connection settings, also for the lock's own connection. */
export const connectionSettings = (settings: DatabaseSettings): Record<string, unknown> => ({
  ...(settings.host.startsWith('/')
    ? { socketPath: settings.host }
    : { host: settings.host, port: settings.port }),
  user: settings.user,
  password: settings.password?.reveal() ?? '',
  database: settings.name,
  connectTimeout: settings.connectTimeoutMs,
  charset: 'utf8mb4',
  timezone: 'Z',
  dateStrings: true,
  supportBigNumbers: true,
  // Strings only beyond 2^53: ids stay numbers, as under the other drivers.
  bigNumberStrings: false,
  ...tls(settings),
});

function tls(settings: DatabaseSettings): Record<string, unknown> {
  if (settings.tls === 'off') return {};
  const ca = settings.caFile === undefined ? {} : { ca: readNamedText(settings.caFile) };
  const verify = settings.tls === 'verify';
  return { ssl: { rejectUnauthorized: verify, verifyIdentity: verify, ...ca } };
}

/** Opens a pool; every connection gets UTC, strict mode and the limits before its first query. */
export function connect(settings: DatabaseSettings, options: ConnectOptions): Knex {
  return knex({
    client: 'mysql2',
    connection: connectionSettings(settings),
    compileSqlOnError: false,
    log: silentLog,
    acquireConnectionTimeout: settings.connectTimeoutMs + 2000,
    pool: {
      min: 0,
      max: options.maximumConnections,
      afterCreate: (raw: RawConnection, done: (error: unknown, connection: RawConnection) => void) => {
        const silenceMs = options.statementTimeoutMs + SILENCE_GRACE_MS;
        raw.stream.setTimeout(silenceMs, () => raw.stream.destroy(new Error('the server fell silent')));
        prepare(raw, options, (error) => done(error, raw));
      },
    },
  });
}

/** STRICT_TRANS_TABLES as Django sets it: a value that does not fit is refused, never cut. */
function prepare(raw: RawConnection, options: ConnectOptions, done: (error: unknown) => void): void {
  const lockSeconds = Math.max(1, Math.ceil(options.lockTimeoutMs / 1000));
  const common =
    `SET SESSION time_zone = '+00:00', sql_mode = 'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION', ` +
    `innodb_lock_wait_timeout = ${lockSeconds}, lock_wait_timeout = ${lockSeconds}`;
  const statementSeconds = options.statementTimeoutMs / 1000;
  raw.query(`${common}, max_statement_time = ${statementSeconds}`, (error) => {
    // MySQL has no max_statement_time; its own limit concerns SELECT alone.
    if (error === null || error === undefined) done(null);
    else raw.query(`${common}, max_execution_time = ${Math.round(options.statementTimeoutMs)}`, done);
  });
}
