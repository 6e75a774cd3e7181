import type { PodUser } from '../../migrate/pod-port.js';
import type { Query, SqlDatabase } from '../../kit/adapters/sql/database.js';
import { asBoolean, selectInBatches } from '../../kit/adapters/sql/statements.js';
import { append } from '../../kit/groups.js';

const COLUMNS = ['id', 'username', 'email', 'is_staff', 'is_active'] as const;

interface UserRow {
  id: unknown;
  username: string;
  email: string;
  is_staff: unknown;
  is_active: unknown;
}

/**
 * Users of these names whatever their case, on every engine. No index serves LOWER(), and twenty thousand users times
 * hundreds of chunks are most of a migration's time: the index on `username` is asked first, and the table is read for
 * those names only that it does not have, or that several users share but for their case.
 */
export async function selectUsersByUsername(
  query: Query,
  asked: readonly string[],
  namesakes: ReadonlySet<string>,
): Promise<UserRow[]> {
  // PostgreSQL refuses the whole question for a NUL in one name; MariaDB (Moodle's) may hold one.
  const names = asked.filter((name) => !name.includes('\0'));
  const spelt = (await selectInBatches(names, (batch) =>
    query('auth_user').select(COLUMNS).whereIn('username', spellingsOf(batch)).orderBy('id'),
  )) as UserRow[];
  const known = new Set(spelt.map(({ username }) => username.toLowerCase()));
  const rest = names.filter((name) => !known.has(name.toLowerCase()) || namesakes.has(name.toLowerCase()));
  return matching('username', names, [...spelt, ...(await readWhateverCase(query, 'username', rest))]);
}

/** LOWER() knows only ASCII on SQLite: the spelling asked for and its all-capitals form are asked too. */
const readWhateverCase = async (
  query: Query,
  column: 'username' | 'email',
  names: readonly string[],
): Promise<UserRow[]> =>
  (await selectInBatches(names, (batch) =>
    query('auth_user')
      .select(COLUMNS)
      .whereRaw(`LOWER(??) IN (${batch.map(() => '?').join(',')})`, [
        column,
        ...batch.map((name) => name.toLowerCase()),
      ])
      .orWhereIn(column, spellingsOf(batch))
      .orderBy('id'),
  )) as UserRow[];

const spellingsOf = (names: readonly string[]): string[] => [
  ...new Set(names.flatMap((name) => [name, name.toUpperCase(), name.toLowerCase()])),
];

/** Each of the rows once, if JavaScript finds its name, too: engines differ in what they hold for equal. */
function matching(
  column: 'username' | 'email',
  names: readonly string[],
  rows: readonly UserRow[],
): UserRow[] {
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  const unique = new Map(rows.map((row) => [Number(row.id), row]));
  return [...unique.values()].filter((row) => wanted.has(row[column].toLowerCase()));
}

/** Names, in lower case, that several users share but for their case. */
export const readNamesakes = (database: SqlDatabase): Promise<ReadonlySet<string>> =>
  database.read(async (query) => {
    const rows = await query('auth_user')
      .select({ name: query.raw<string>('LOWER(username)') })
      .groupByRaw('LOWER(username)')
      .havingRaw('COUNT(*) > 1');
    return new Set(rows.map((row) => String((row as { name: unknown }).name).toLowerCase()));
  });

export const findUsersByUsername = (
  database: SqlDatabase,
  names: readonly string[],
  namesakes: ReadonlySet<string>,
): Promise<PodUser[]> =>
  named(names, (asked) =>
    database.read(async (query) => withSites(query, await selectUsersByUsername(query, asked, namesakes))),
  );

/**
 * Names that MariaDB's collation takes for another account's, by their lower-case form: `rené` is `rene` under
 * utf8mb4_general_ci and _unicode_ci, and `username` is unique by it. The database is asked, for each collation has
 * rules of its own; the other engines compare letter by letter.
 */
export async function selectNamesTakenFor(
  query: Query,
  engine: SqlDatabase['engine'],
  names: readonly string[],
): Promise<Map<string, string>> {
  if (engine !== 'mysql') return new Map();
  const asked = names.filter((name) => name !== '' && !name.includes('\0'));
  const holders = async (wanted: readonly string[]): Promise<string[]> => {
    const rows = (await selectInBatches(wanted, (batch) =>
      query('auth_user').select('username').whereIn('username', batch),
    )) as Pick<UserRow, 'username'>[];
    return rows.map(({ username }) => username);
  };
  const found = new Map<string, string>();
  // Hardly ever is there one: then each name is asked for by itself, to know whose it is.
  if ((await holders(asked)).length === 0) return found;
  for (const name of asked) {
    const [holder] = await holders([name]);
    if (holder !== undefined && keyOf(holder) !== keyOf(name)) found.set(keyOf(name), holder);
  }
  return found;
}

const keyOf = (name: string): string => name.normalize('NFKC').toLowerCase();

export const findNamesTakenFor = (
  database: SqlDatabase,
  names: readonly string[],
): Promise<Map<string, string>> =>
  database.engine !== 'mysql' || names.length === 0
    ? Promise.resolve(new Map<string, string>())
    : database.read((query) => selectNamesTakenFor(query, database.engine, names));

/** User names by address (lower case) of the accounts that have one of these addresses. */
export async function selectUsersByEmail(
  query: Query,
  addresses: readonly string[],
): Promise<Map<string, string>> {
  const asked = addresses.filter((address) => address !== '' && !address.includes('\0'));
  const rows = asked.length === 0 ? [] : await readWhateverCase(query, 'email', asked);
  return new Map(matching('email', asked, rows).map((row) => [row.email.toLowerCase(), row.username]));
}

/** Django has no index on addresses. */
export const findUsersByEmail = (database: SqlDatabase, addresses: readonly string[]): Promise<PodUser[]> =>
  named(addresses, (asked) =>
    database.read(async (query) =>
      withSites(query, matching('email', asked, await readWhateverCase(query, 'email', asked))),
    ),
  );

const named = (
  names: readonly string[],
  find: (asked: readonly string[]) => Promise<PodUser[]>,
): Promise<PodUser[]> => {
  const asked = names.filter((name) => name !== '' && !name.includes('\0'));
  return asked.length === 0 ? Promise.resolve([]) : find(asked);
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
    append(sites, user, Number(site_id));
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
