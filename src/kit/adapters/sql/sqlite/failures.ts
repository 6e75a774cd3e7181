import { errorField, type Failure } from '../dialect.js';
import { messageOf } from '../../../errors/operator-error.js';

const SQLITE_READONLY_ROLLBACK = 776;

/** The file's last writer was killed: its journal must be played back before anybody can read, by a connection that may write. */
export const needsRollBack = (error: unknown): boolean =>
  Number(errorField(error, 'rawCode')) === SQLITE_READONLY_ROLLBACK;

/** What a libsql error means. */
export function failureOf(error: unknown): Failure {
  const code = String(errorField(error, 'code') ?? '');
  const message = messageOf(error, '');
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) return 'database-busy';
  if (code === 'SQLITE_CONSTRAINT_UNIQUE' || code === 'SQLITE_CONSTRAINT_PRIMARYKEY')
    return 'database-conflict';
  if (/^UNIQUE constraint failed/.test(message)) return 'database-conflict';
  if (code.startsWith('SQLITE_CONSTRAINT')) return 'database-value-refused';
  if (code.startsWith('SQLITE_READONLY') || code === 'SQLITE_PERM') return 'database-read-only';
  if (code === 'SQLITE_FULL') return 'database-full';
  if (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT')) return 'database-not-a-database';
  if (code.startsWith('SQLITE_CANTOPEN') || message.includes('ConnectionFailed'))
    return 'database-unreachable';
  if (code.startsWith('SQLITE_IOERR')) return 'database-connection-lost';
  if (message.includes('no such table')) return 'database-table-missing';
  if (message.includes('no such column') || message.includes('has no column'))
    return 'database-column-missing';
  return 'database-failed';
}
