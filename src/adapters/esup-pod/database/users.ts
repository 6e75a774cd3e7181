import type { PodUser } from '../../../migrate/pod-port.js';
import type { Query, SqlDatabase } from '../../sql/database.js';
import { asBoolean, selectInBatches } from '../../sql/statements.js';

const COLUMNS = ['id', 'username', 'email', 'is_staff', 'is_active'] as const;

interface UserRow {
  id: unknown;
  username: string;
  email: string;
  is_staff: unknown;
  is_active: unknown;
}

/**
 * Users of these names whatever their case, on every engine: LOWER() knows only ASCII on SQLite, so the spelling
 * asked for and its all-capitals form are asked too, and JavaScript decides.
 */
export async function selectUsersByName(
  query: Query,
  column: 'username' | 'email',
  names: readonly string[],
): Promise<UserRow[]> {
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  const rows = await selectInBatches(names, (batch) => {
    const spellings = batch.flatMap((name) => [name, name.toUpperCase(), name.toLowerCase()]);
    return query('auth_user')
      .select(COLUMNS)
      .whereRaw(`LOWER(??) IN (${batch.map(() => '?').join(',')})`, [
        column,
        ...batch.map((name) => name.toLowerCase()),
      ])
      .orWhereIn(column, [...new Set(spellings)])
      .orderBy('id');
  });
  const unique = new Map((rows as UserRow[]).map((row) => [Number(row.id), row]));
  return [...unique.values()].filter((row) => wanted.has(row[column].toLowerCase()));
}

export const findUsersByName = (
  database: SqlDatabase,
  column: 'username' | 'email',
  names: readonly string[],
): Promise<PodUser[]> => {
  const asked = names.filter((name) => name !== '');
  if (asked.length === 0) return Promise.resolve([]);
  return database.read(async (query) => withSites(query, await selectUsersByName(query, column, asked)));
};

export const findUsersById = (database: SqlDatabase, ids: readonly number[]): Promise<PodUser[]> => {
  if (ids.length === 0) return Promise.resolve([]);
  return database.read(async (query) =>
    withSites(
      query,
      (await selectInBatches(ids, (batch) =>
        query('auth_user').select(COLUMNS).whereIn('id', batch),
      )) as UserRow[],
    ),
  );
};

/** Adds the sites of the owner rows, in one query. */
async function withSites(query: Query, users: readonly UserRow[]): Promise<PodUser[]> {
  const rows = (await selectInBatches(
    users.map(({ id }) => Number(id)),
    (batch) =>
      query('authentication_owner as o')
        .join('authentication_owner_sites as s', 's.owner_id', 'o.id')
        .select('o.user_id', 's.site_id')
        .whereIn('o.user_id', batch)
        .orderBy('s.site_id'),
  )) as { user_id: unknown; site_id: unknown }[];
  const sites = new Map<number, number[]>();
  for (const { user_id, site_id } of rows) {
    const user = Number(user_id);
    sites.set(user, [...(sites.get(user) ?? []), Number(site_id)]);
  }
  return users.map((user) => ({
    id: Number(user.id),
    username: user.username,
    email: user.email,
    isStaff: asBoolean(user.is_staff),
    isActive: asBoolean(user.is_active),
    siteIds: sites.get(Number(user.id)) ?? [],
  }));
}
