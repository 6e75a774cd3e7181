import { realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import knex, { type Knex } from 'knex';
import { messageOf } from '../../../errors/operator-error.js';
import { silentLog, type ConnectOptions } from '../dialect.js';
import type { DatabaseSettings } from '../settings.js';
import { LibsqlClient, LibsqlWriterClient } from './libsql-client.js';
import { databaseTexts } from '../../../errors/database.js';

/**
 * Opens a SQLite file through libsql. The path is checked first (libsql creates what is missing) and must belong
 * to the running user: files that SQLite puts beside it would otherwise stop Pod. The journal mode stays as it is.
 * @throws OperatorError `sqlite-missing`, `sqlite-not-owner`.
 */
export function connect(settings: DatabaseSettings, options: ConnectOptions): Knex {
  const file = checkedPath(settings);
  const mode = options.purpose === 'read' ? 'ro' : 'rw';
  return knex({
    client: (options.purpose === 'read' ? LibsqlClient : LibsqlWriterClient) as unknown as typeof Knex.Client,
    connection: { filename: `file:${encodeURI(file).replace(/[?#]/g, encodeURIComponent)}?mode=${mode}` },
    useNullAsDefault: true,
    compileSqlOnError: false,
    log: silentLog,
    // One connection: libsql answers synchronously, so a second one could only wait for the first.
    pool: {
      min: 0,
      max: 1,
      afterCreate: (connection: { exec(sql: string): void }, done: (error: unknown) => void) => {
        try {
          // A wait inside SQLite blocks the whole process; locks are waited for in JavaScript instead.
          connection.exec('PRAGMA busy_timeout = 20');
          done(null);
        } catch (error) {
          done(error);
        }
      },
    },
  });
}

/** The real path of the file, or the reason why it cannot be used. */
function checkedPath(settings: DatabaseSettings): string {
  const file = path.resolve(settings.name);
  let status;
  try {
    status = statSync(file);
  } catch (error) {
    throw databaseTexts.sqliteMissing(
      { file, section: settings.section, detail: messageOf(error, '') },
      { cause: error },
    );
  }
  if (!status.isFile())
    throw databaseTexts.sqliteMissing({ file, section: settings.section, detail: 'not a file' });
  const user = process.getuid?.();
  if (user !== undefined && status.uid !== user)
    throw databaseTexts.sqliteNotOwner({ file, owner: status.uid, user });
  return realpathSync(file);
}
