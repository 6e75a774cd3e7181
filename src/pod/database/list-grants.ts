import type { SqlDatabase } from '../../kit/adapters/sql/database.js';
import { renderGrants } from './grants.js';
import type { PodSchema } from './schema.js';

/** Undo asks which rows lead to a user before it removes one. */
export const USER_TABLES = [
  'auth_user',
  'authentication_owner',
  'playlist_playlist',
  'podfile_userfolder',
] as const;

/** The GRANT statements that the account in use needs; none for SQLite. */
export async function listGrants(database: SqlDatabase, schema: PodSchema): Promise<string[]> {
  if (database.engine === 'sqlite') return [];
  const keys = await database.listForeignKeys(USER_TABLES);
  return renderGrants({
    engine: database.engine,
    database: database.settings.name,
    ...(await whoAmI(database)),
    has: (table) => schema.has(table),
    lookedAtByUndo: [...new Set(keys.map(({ table }) => table))],
  });
}

/** The account in use, as its engine spells it, and the schema it works in. */
export async function whoAmI(database: SqlDatabase): Promise<{ account: string; schema: string }> {
  return database.read(async (query) => {
    if (database.engine === 'postgresql') {
      const { rows } = await query.raw<{ rows: { account: string; name: string | null }[] }>(
        'SELECT current_user AS account, current_schema() AS name',
      );
      return { account: rows[0]?.account ?? '', schema: rows[0]?.name ?? 'public' };
    }
    const rows = (await query.raw<{ account: string }[][]>('SELECT CURRENT_USER() AS account'))[0];
    const [user = '', host = '%'] = (rows?.[0]?.account ?? '').split('@');
    return { account: `'${user}'@'${host}'`, schema: '' };
  });
}
