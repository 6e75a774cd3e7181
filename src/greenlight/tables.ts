import type { GreenlightDescription, GreenlightSite } from './site.js';

/** One table with the columns that are read of it. */
interface ReadTable {
  readonly table: string;
  readonly columns: readonly string[];
  /** Older releases lack it, or it can be done without. */
  readonly optional?: true;
}

/** Greenlight 3: columns as in db/schema.rb 3.x. */
const THREE: readonly ReadTable[] = [
  { table: 'rooms', columns: ['id', 'user_id', 'name', 'meeting_id'] },
  { table: 'users', columns: ['id', 'name', 'email', 'external_id', 'provider'] },
  { table: 'users', columns: ['status'], optional: true },
  { table: 'shared_accesses', columns: ['user_id', 'room_id'], optional: true },
  { table: 'recordings', columns: ['room_id', 'record_id'], optional: true },
  { table: 'schema_migrations', columns: ['version'], optional: true },
];

/** Greenlight 2: columns as in db/schema.rb 2.x; `deleted` came in August, shared_accesses in November 2019. */
const TWO: readonly ReadTable[] = [
  { table: 'rooms', columns: ['id', 'user_id', 'name', 'bbb_id'] },
  { table: 'rooms', columns: ['deleted'], optional: true },
  { table: 'users', columns: ['id', 'name', 'username', 'email', 'social_uid', 'provider'] },
  { table: 'users', columns: ['deleted'], optional: true },
  { table: 'shared_accesses', columns: ['user_id', 'room_id'], optional: true },
  { table: 'schema_migrations', columns: ['version'], optional: true },
];

export const readTables = (version: 2 | 3): readonly ReadTable[] => (version === 3 ? THREE : TWO);

/** Columns that hold what nobody needs here: an account that may read them has too many rights. */
export const SECRET_COLUMNS = { table: 'users', columns: ['password_digest'] } as const;

/**
 * Statements that let the account read just these columns; never a whole table, for users holds password hashes and
 * session tokens. Columns that this Greenlight lacks are left out when it could be described.
 */
export function readGrants(
  { sql }: GreenlightSite,
  version: 2 | 3,
  seen: Pick<GreenlightDescription, 'deletes' | 'hasStatus'> = {
    deletes: { users: true, rooms: true },
    hasStatus: true,
  },
): string[] {
  const { user, name, schema } = sql.settings;
  if (sql.engine === 'sqlite') return [];
  const isMysql = sql.engine === 'mysql';
  const quoted = (word: string): string =>
    /^[a-z_][a-z0-9_]*$/.test(word) ? word : `"${word.replaceAll('"', '""')}"`;
  const account = isMysql ? `'${user.replaceAll("'", "''")}'@'%'` : quoted(user);
  const place = isMysql ? `\`${name}\`` : quoted(schema ?? 'public');
  const lacks = (table: string, column: string): boolean =>
    (column === 'deleted' && !seen.deletes[table === 'users' ? 'users' : 'rooms']) ||
    (column === 'status' && !seen.hasStatus);
  const columns = new Map<string, string[]>();
  for (const { table, columns: own } of readTables(version))
    columns.set(table, [...(columns.get(table) ?? []), ...own.filter((column) => !lacks(table, column))]);
  const tables = [...columns].map(
    ([table, own]) =>
      `GRANT SELECT (${own.join(', ')}) ON ${place}.${isMysql ? `\`${table}\`` : table} TO ${account};`,
  );
  return isMysql
    ? tables
    : [
        `GRANT CONNECT ON DATABASE ${quoted(name)} TO ${account};`,
        `GRANT USAGE ON SCHEMA ${place} TO ${account};`,
        ...tables,
      ];
}
