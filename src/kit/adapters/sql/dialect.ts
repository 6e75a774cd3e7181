import type { Knex } from 'knex';
import type { DatabaseSettings, Engine } from './settings.js';

/** What went wrong, whatever the driver: each is a code of src/kit/errors/database.ts, `conflict` and `busy` are handled inside. */
export type Failure =
  | 'database-unreachable'
  | 'database-login-refused'
  | 'database-unknown'
  | 'database-tls'
  | 'database-table-missing'
  | 'database-column-missing'
  | 'database-right-missing'
  | 'database-connection-lost'
  | 'database-too-slow'
  | 'database-busy'
  | 'database-conflict'
  | 'database-sequence-behind'
  | 'database-value-refused'
  | 'database-read-only'
  | 'database-full'
  | 'database-not-a-database'
  | 'database-failed';

export interface ConnectOptions {
  /** `read` opens SQLite with mode=ro; servers are told per transaction. */
  readonly purpose: 'read' | 'write';
  readonly lockTimeoutMs: number;
  readonly statementTimeoutMs: number;
  readonly maximumConnections: number;
}

export interface Column {
  readonly table: string;
  readonly column: string;
  /** The engine's own word, lower case, without length: `varchar`, `bigint`, `tinyint`. */
  readonly type: string;
  /** Characters a text column holds; null without a limit. */
  readonly length: number | null;
  readonly nullable: boolean;
  /** The database fills it in by itself: a default, an identity, a generated value. */
  readonly hasDefault: boolean;
  /** MariaDB's character set; null elsewhere (all of Unicode). */
  readonly characterSet: string | null;
}

/** A foreign key as the catalogue describes it. */
export interface ForeignKey {
  readonly table: string;
  readonly column: string;
  readonly references: string;
}

export interface HeldLock {
  release(): Promise<void>;
}

/** One engine's ways. The three folders beside this file hold the same files. */
export interface Dialect {
  readonly engine: Engine;
  connect(settings: DatabaseSettings, options: ConnectOptions): Knex;
  /** Unix milliseconds (a fraction holds microseconds) as Django writes a DateTimeField. */
  encodeInstant(instant: number): string;
  decodeInstant(value: unknown): number | null;
  failureOf(error: unknown): Failure;
  listColumns(query: Knex, tables: readonly string[]): Promise<Column[]>;
  /** Every foreign key of the database that points at one of these tables. */
  listForeignKeys(query: Knex, targets: readonly string[]): Promise<ForeignKey[]>;
  /** Tables among these whose storage engine knows no transaction (MyISAM). */
  listWithoutTransactions(query: Knex, tables: readonly string[]): Promise<string[]>;
  serverVersion(query: Knex): Promise<string>;
  /** A lock on a connection (or file) of its own; null when somebody else holds it. */
  tryLock(settings: DatabaseSettings, name: string, stateDirectory: string): Promise<HeldLock | null>;
}

/** knex prints to the console by itself; what matters reaches the caller as an error. */
export const silentLog: Knex.Logger = {
  warn: () => undefined,
  error: () => undefined,
  debug: () => undefined,
  deprecate: () => undefined,
};

/** Word-for-word error fields of the drivers, without trusting any. */
export function errorField(error: unknown, field: string): string | number | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const value = (error as Record<string, unknown>)[field];
  return typeof value === 'string' || typeof value === 'number' ? value : undefined;
}

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
  'EACCES',
]);
const LOST = new Set(['ECONNRESET', 'EPIPE', 'ERR_STREAM_DESTROYED', 'ERR_STREAM_WRITE_AFTER_END']);

/** Failures of the network and of TLS look alike under every driver. */
export function networkFailure(error: unknown): Failure | null {
  const code = String(errorField(error, 'code') ?? '');
  if (UNREACHABLE.has(code)) return 'database-unreachable';
  if (LOST.has(code)) return 'database-connection-lost';
  if (/^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HANDSHAKE_SSL|HANDSHAKE_NO_SSL)/.test(code))
    return 'database-tls';
  if (errorField(error, 'name') === 'KnexTimeoutError') return 'database-unreachable';
  return null;
}

/** `YYYY-MM-DD HH:MM:SS` and, when there are any, `.ffffff`: str() of Django's naive UTC datetime. */
export function sqlInstant(instant: number): string {
  const microseconds = Math.round(instant * 1000);
  const seconds = Math.floor(microseconds / 1_000_000);
  const fraction = microseconds - seconds * 1_000_000;
  const text = new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
  return fraction === 0 ? text : `${text}.${String(fraction).padStart(6, '0')}`;
}

const INSTANT = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,9}))?(Z|[+-]\d\d(?::?\d\d)?)?$/;

/** Reads what any of the engines gives for an instant; text without zone is UTC. Null for NULL or nonsense. */
export function readInstant(value: unknown): number | null {
  if (typeof value !== 'string') return null;
  const match = INSTANT.exec(value);
  if (match === null) return null;
  const [, day = '', time = '', fraction = '', zone = 'Z'] = match;
  const offset = zone === 'Z' ? 'Z' : /^[+-]\d\d$/.test(zone) ? `${zone}:00` : zone;
  const whole = Date.parse(`${day}T${time.length === 5 ? `${time}:00` : time}${offset}`);
  if (Number.isNaN(whole)) return null;
  return whole + Number(fraction.padEnd(6, '0').slice(0, 6)) / 1000;
}
