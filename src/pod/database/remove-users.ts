import { OperatorError } from '../../kit/errors/operator-error.js';
import type { WrittenPodUser } from '../../migrate/pod-port.js';
import type { Query } from '../../kit/adapters/sql/database.js';
import type { ForeignKey } from '../../kit/adapters/sql/dialect.js';
import { selectInBatches } from '../../kit/adapters/sql/statements.js';
import { readUserRows, type UserContext } from './user-rows.js';

/** Our own rows, in the order in which they can go. */
const OWN_TABLES = [
  'authentication_owner_sites',
  'playlist_playlist',
  'podfile_userfolder',
  'authentication_owner',
  'auth_user',
] as const;

/**
 * Removes created users that nobody touched (`removeUntouched`). A table that the account cannot see may hold a key to
 * one of them (MariaDB hides tables without a right, and a later Pod has more): the database then refuses, and whom it
 * refuses is touched.
 */
export async function removeCreatedUsers(
  context: UserContext,
  users: readonly WrittenPodUser[],
): Promise<UserRemoval[]> {
  try {
    return await removeUntouched(context, users);
  } catch (error) {
    if (!(error instanceof OperatorError) || error.code !== 'database-value-refused') throw error;
    const [only] = users;
    if (users.length === 1 && only !== undefined) return [{ userId: only.userId, state: 'touched' }];
    const results: UserRemoval[] = [];
    for (const user of users) results.push(...(await removeCreatedUsers(context, [user])));
    return results;
  }
}

interface UserRemoval {
  readonly userId: number;
  readonly state: 'removed' | 'touched' | 'gone';
}

/**
 * Removes created users that nobody touched: their five rows still equal what was written, nobody logged in, and
 * no row of any table leads to one of them. Which tables could, the catalogue's foreign keys say.
 */
async function removeUntouched(
  context: UserContext,
  users: readonly WrittenPodUser[],
): Promise<UserRemoval[]> {
  if (users.length === 0) return [];
  const { database } = context;
  const keys = await database.listForeignKeys(OWN_TABLES);
  return database.write(async (query) => {
    const ids = users.map(({ userId }) => userId);
    await selectInBatches(ids, (batch) => query('auth_user').select('id').whereIn('id', batch).forUpdate());
    const present = await readUserRows(context, query, ids);
    const equal = users.filter((user) => sameRows(user, present.get(user.userId)));
    const touched = await findTouched(query, keys, equal);
    const doomed = equal.filter(({ userId }) => !touched.has(userId));
    await remove(query, doomed);
    return users.map((user) => {
      if (!present.has(user.userId)) return { userId: user.userId, state: 'gone' as const };
      return {
        userId: user.userId,
        state: doomed.includes(user) ? ('removed' as const) : ('touched' as const),
      };
    });
  });
}

function sameRows(written: WrittenPodUser, present: WrittenPodUser | undefined): boolean {
  if (present === undefined || present.ownerId !== written.ownerId) return false;
  const tables = Object.keys(written.rows);
  return (
    tables.length === Object.keys(present.rows).length &&
    tables.every((table) => sameRow(written.rows[table] ?? {}, present.rows[table] ?? {}))
  );
}

function sameRow(one: Readonly<Record<string, unknown>>, other: Readonly<Record<string, unknown>>): boolean {
  const columns = Object.keys(one);
  return (
    columns.length === Object.keys(other).length && columns.every((column) => one[column] === other[column])
  );
}

/** Users to whom a row leads, directly or through their owner, playlist or folder, beside the rows we wrote. */
async function findTouched(
  query: Query,
  keys: readonly ForeignKey[],
  users: readonly WrittenPodUser[],
): Promise<Set<number>> {
  const touched = new Set<number>();
  for (const { table, column, references } of keys) {
    const targets = new Map(users.flatMap((user) => idIn(user, references).map((id) => [id, user] as const)));
    const own = OWN_TABLES.find((name) => name === table);
    const columns = own === undefined ? [column] : [column, 'id'];
    const rows = (await selectInBatches([...targets.keys()], (batch) =>
      query(table).select(columns).whereIn(column, batch),
    )) as Record<string, unknown>[];
    for (const row of rows) {
      const user = targets.get(Number(row[column]));
      if (user === undefined) continue;
      if (own === undefined || !idIn(user, own).includes(Number(row['id']))) touched.add(user.userId);
    }
  }
  return touched;
}

const idIn = (user: WrittenPodUser, table: string): number[] => {
  const id = user.rows[table]?.['id'];
  return id === undefined ? [] : [Number(id)];
};

async function remove(query: Query, users: readonly WrittenPodUser[]): Promise<void> {
  for (const table of OWN_TABLES) {
    await selectInBatches(
      users.flatMap((user) => idIn(user, table)),
      async (batch) => {
        await query(table).whereIn('id', batch).delete();
        return [];
      },
    );
  }
}
