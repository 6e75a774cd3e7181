import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import Database from 'libsql';
import { errorField } from '../dialect.js';

const require = createRequire(import.meta.url);

/** knex's own classes, of which its types say nothing. */
type KnexClient = new (configuration: Knex.Config) => {
  _query(connection: unknown, query: { sql: string }): Promise<unknown>;
};
interface KnexTransaction {
  readonly trxClient: { query(connection: unknown, sql: string): Promise<unknown> };
}
const BetterSqlite3 = require('knex/lib/dialects/better-sqlite3/index.js') as KnexClient;
const SqliteTransaction = require('knex/lib/dialects/sqlite3/execution/sqlite-transaction.js') as new (
  ...parameters: unknown[]
) => KnexTransaction;

/** Takes the write lock at once: a transaction that reads first and writes later could not wait for another writer. */
class ImmediateTransaction extends SqliteTransaction {
  begin(connection: unknown): Promise<unknown> {
    // Not this.query(): it would run the work, and later a ROLLBACK, although the lock was refused.
    return this.trxClient.query(connection, 'BEGIN IMMEDIATE;');
  }
}

interface Connection {
  exec(sql: string): void;
}

const COMMIT_TIMEOUT_MS = 2000;

/** COMMIT waits for the readers of the file; the transaction that cannot end is rolled back. */
async function commit(connection: Connection): Promise<void> {
  const deadline = Date.now() + COMMIT_TIMEOUT_MS;
  while (true) {
    try {
      connection.exec('COMMIT');
      return;
    } catch (error) {
      if (errorField(error, 'code') !== 'SQLITE_BUSY' || Date.now() > deadline) {
        connection.exec('ROLLBACK');
        throw error;
      }
    }
    await sleep(10);
  }
}

/** libsql has better-sqlite3's interface but ignores its options, so the file name says the mode. */
export class LibsqlClient extends BetterSqlite3 {
  _driver(): unknown {
    return Database;
  }

  /** libsql never resets a prepared statement that met SQLITE_BUSY; one left of a BEGIN would forbid every COMMIT. */
  override async _query(connection: Connection, query: { sql: string }): Promise<unknown> {
    const word = /^(BEGIN|COMMIT|ROLLBACK)\b/.exec(query.sql)?.[1];
    if (word === undefined || query.sql.includes('SAVEPOINT')) return super._query(connection, query);
    if (word === 'COMMIT') await commit(connection);
    else connection.exec(query.sql);
    return Object.assign(query, { response: [] });
  }
}
export class LibsqlWriterClient extends LibsqlClient {
  transaction(...parameters: unknown[]): KnexTransaction {
    return new ImmediateTransaction(this, ...parameters);
  }
}
