import { openDatabase, type SqlDatabase } from './database.js';
import { OperatorError } from '../../errors/operator-error.js';

/** The account in use as GRANT names it, and the schema it works in (PostgreSQL; empty on MariaDB). */
export interface Account {
  /** `'user'@'host'` as MariaDB's CURRENT_USER() tells it, or PostgreSQL's role, quoted where it must be. */
  readonly account: string;
  readonly schema: string;
}

/**
 * Who the server says we are: on MariaDB the host part is that of the account that was matched, seldom `%`.
 * Also where the account may not enter the database itself (MariaDB refuses that to an account without any right).
 */
export async function whoAmI(database: SqlDatabase): Promise<Account> {
  if (database.engine === 'postgresql') return whoAmIOnPostgresql(database);
  try {
    return await whoAmIOnMariadb(database);
  } catch (error) {
    if (!(error instanceof OperatorError) || error.code !== 'database-right-missing') throw error;
    const outside = openDatabase({ ...database.settings, name: '' });
    try {
      return await whoAmIOnMariadb(outside);
    } finally {
      await outside.close();
    }
  }
}

const whoAmIOnMariadb = (database: SqlDatabase): Promise<Account> =>
  database.read(async (query) => {
    const rows = (await query.raw<{ account: string }[][]>('SELECT CURRENT_USER() AS account'))[0];
    const text = rows?.[0]?.account ?? '';
    // A user's name may hold an @; a host never does.
    const at = text.lastIndexOf('@');
    const [user, host] = at < 0 ? [text, '%'] : [text.slice(0, at), text.slice(at + 1)];
    return { account: `${literal(user)}@${literal(host)}`, schema: '' };
  });

async function whoAmIOnPostgresql(database: SqlDatabase): Promise<Account> {
  const wanted = database.settings.schema ?? 'public';
  try {
    return await database.read(async (query) => {
      const { rows } = await query.raw<{ rows: { account: string; name: string | null }[] }>(
        'SELECT current_user AS account, current_schema() AS name',
      );
      const [row] = rows;
      return { account: identifier(row?.account ?? ''), schema: row?.name ?? wanted };
    });
  } catch (error) {
    if (!(error instanceof OperatorError) || error.code !== 'database-right-missing') throw error;
    return { account: identifier(database.settings.user), schema: wanted };
  }
}

const literal = (text: string): string => `'${text.replace(/['\\]/g, (mark) => mark + mark)}'`;

/** A name as PostgreSQL's statements take it. */
export const identifier = (name: string): string =>
  /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replace(/"/g, '""')}"`;
