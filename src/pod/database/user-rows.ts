import { createHash, randomBytes, randomInt } from 'node:crypto';
import type { Secret } from '../../kit/config/secret.js';
import type { NewPodUser, WrittenPodUser } from '../../migrate/pod-port.js';
import type { Query, SqlDatabase } from '../../kit/adapters/sql/database.js';
import { asBoolean, insertRows, selectInBatches } from '../../kit/adapters/sql/statements.js';
import { fitText } from './fit-text.js';
import type { PodSchema, PodTables } from './schema.js';
import { FOLDER_COLUMNS, OWNER_COLUMNS, PLAYLIST_COLUMNS, USER_COLUMNS } from './tables.js';

/* What Django's signals do when a user is created, and raw SQL must do itself: auth_user, its owner, the owner's
   site, the "Favorites" playlist (without it every page of that user is an error 500) and the folder "home"
   (docs/domain/pod.md, "Accounts"). */

export interface UserContext extends PodTables {
  readonly secretKey: Secret | undefined;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Django's unusable password: "!" and 40 random characters, so that no password can be reset either. */
const unusablePassword = (): string =>
  `!${Array.from({ length: 40 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')}`;

/** Names the user's media directory. Without Pod's SECRET_KEY a random one, which Pod recomputes at the next login. */
const hashKeyOf = (username: string, secretKey: Secret | undefined): string =>
  secretKey === undefined
    ? randomBytes(32).toString('hex')
    : createHash('sha256').update(`${secretKey.reveal()}${username}`).digest('hex');

/** Inserts the rows of these users, who must not exist, and gives them back as they now stand. */
export async function insertUsers(
  { database, schema, secretKey }: UserContext,
  query: Query,
  users: readonly NewPodUser[],
): Promise<Map<string, WrittenPodUser>> {
  if (users.length === 0) return new Map();
  const now = database.encodeInstant(Date.now());
  await insertRows(
    query,
    'auth_user',
    schema.insertable('auth_user', USER_COLUMNS),
    users.map((user) => accountRow(user, schema, now)),
  );
  const ids = await idsBy(
    query,
    'auth_user',
    'username',
    users.map(({ username }) => username),
  );
  const byUser = users.map((user) => ({ user, userId: ids.get(user.username) ?? 0 }));
  await insertOwners(query, schema, byUser, secretKey);
  if (schema.has('playlist_playlist')) await insertFavorites(schema, query, byUser, now);
  if (schema.has('podfile_userfolder')) {
    await insertRows(
      query,
      'podfile_userfolder',
      schema.insertable('podfile_userfolder', FOLDER_COLUMNS),
      byUser.map(({ userId }) => ({ name: 'home', created_at: now, owner_id: userId })),
    );
  }
  const written = await readUserRows({ database, schema }, query, [...ids.values()]);
  return new Map(
    byUser.flatMap(({ user, userId }) => {
      const rows = written.get(userId);
      return rows === undefined ? [] : [[user.username, rows] as const];
    }),
  );
}

interface InsertedUser {
  readonly user: NewPodUser;
  readonly userId: number;
}

/** The row of `auth_user`. */
function accountRow(user: NewPodUser, schema: PodSchema, now: string) {
  const fit = (column: string, text: string): string =>
    fitText(text, {
      length: schema.lengthOf('auth_user', column),
      characterSet: schema.characterSetOf('auth_user', column),
    }).text;
  return {
    password: unusablePassword(),
    last_login: null,
    is_superuser: false,
    username: user.username,
    first_name: fit('first_name', user.firstName),
    last_name: fit('last_name', user.lastName),
    email: fit('email', user.email),
    is_staff: user.isStaff,
    is_active: true,
    date_joined: now,
  };
}

/** The owner of each account, and the owner's site. */
async function insertOwners(
  query: Query,
  schema: PodSchema,
  users: readonly InsertedUser[],
  secretKey: Secret | undefined,
): Promise<void> {
  await insertRows(
    query,
    'authentication_owner',
    schema.insertable('authentication_owner', OWNER_COLUMNS),
    users.map(({ user, userId }) => ({
      user_id: userId,
      auth_type: user.authType,
      affiliation: user.affiliation,
      commentaire: '',
      hashkey: hashKeyOf(user.username, secretKey),
      establishment: user.establishment,
    })),
  );
  const owners = await idsBy(
    query,
    'authentication_owner',
    'user_id',
    users.map(({ userId }) => userId),
  );
  await insertRows(
    query,
    'authentication_owner_sites',
    ['owner_id', 'site_id'],
    users.map(({ user, userId }) => ({ owner_id: owners.get(userId) ?? 0, site_id: user.siteId })),
  );
}

/** The slug holds the playlist's own id: a random one first, then the real one, for all in one statement. */
async function insertFavorites(
  schema: PodSchema,
  query: Query,
  users: readonly InsertedUser[],
  now: string,
): Promise<void> {
  const slugs = users.map(() => randomBytes(16).toString('hex'));
  const description = await describedByPod(query);
  await insertRows(
    query,
    'playlist_playlist',
    schema.insertable('playlist_playlist', PLAYLIST_COLUMNS),
    users.map(({ user, userId }, i) => ({
      name: 'Favorites',
      description,
      password: '',
      visibility: 'private',
      autoplay: true,
      promoted: false,
      editable: false,
      slug: slugs[i] ?? '',
      date_created: now,
      date_updated: now,
      owner_id: userId,
      site_id: user.siteId,
    })),
  );
  await query('playlist_playlist')
    .whereIn('slug', slugs)
    .update({ slug: query.raw("CONCAT(id, '-favorites')") });
}

/**
 * Pod describes the playlist in the language of its process (pod/playlist/signals.py, gettext): as the newest one that
 * is there says it, English without any.
 */
async function describedByPod(query: Query): Promise<string> {
  const [newest] = await query('playlist_playlist')
    .where({ name: 'Favorites', editable: false })
    .whereNot({ description: '' })
    .orderBy('id', 'desc')
    .limit(1)
    .select<{ description: string }[]>('description');
  return newest?.description ?? 'Your favorites videos.';
}

async function idsBy<Key extends string | number>(
  query: Query,
  table: string,
  column: string,
  keys: readonly Key[],
): Promise<Map<Key, number>> {
  const rows = (await selectInBatches(keys, (batch) =>
    query(table)
      .select({ id: 'id', key: column })
      .whereIn(column, batch as (string | number)[]),
  )) as { id: unknown; key: Key }[];
  return new Map(rows.map(({ id, key }) => [key, Number(id)]));
}

/** The rows that make each of these users, as they stand: undo compares them with what was written. */
export async function readUserRows(
  { database, schema }: PodTables,
  query: Query,
  userIds: readonly number[],
): Promise<Map<number, WrittenPodUser>> {
  const read = async (
    table: string,
    columns: readonly string[],
    key: string,
    values: readonly number[],
  ): Promise<Map<number, Record<string, unknown>>> => {
    const found = new Map<number, Record<string, unknown>>();
    if (!schema.has(table)) return found;
    const rows = (await selectInBatches(values, (batch) =>
      query(table).select(schema.present(table, columns)).whereIn(key, batch).orderBy('id'),
    )) as Record<string, unknown>[];
    for (const row of rows) {
      const at = Number(row[key]);
      const earlier = found.get(at);
      found.set(
        at,
        earlier === undefined
          ? plainRow(database, row)
          : { ...earlier, rows: Number(earlier['rows'] ?? 1) + 1 },
      );
    }
    return found;
  };
  const users = await read('auth_user', USER_COLUMNS, 'id', userIds);
  const owners = await read('authentication_owner', OWNER_COLUMNS, 'user_id', userIds);
  const ownerIds = [...owners.values()].map((row) => Number(row['id']));
  const sites = await read('authentication_owner_sites', ['id', 'owner_id', 'site_id'], 'owner_id', ownerIds);
  const playlists = await read('playlist_playlist', PLAYLIST_COLUMNS, 'owner_id', userIds);
  const folders = await read('podfile_userfolder', FOLDER_COLUMNS, 'owner_id', userIds);
  return new Map(
    [...users].map(([userId, user]) => {
      const ownerId = Number(owners.get(userId)?.['id'] ?? 0);
      const rows = {
        auth_user: user,
        authentication_owner: owners.get(userId),
        authentication_owner_sites: sites.get(ownerId),
        playlist_playlist: playlists.get(userId),
        podfile_userfolder: folders.get(userId),
      };
      const present = Object.entries(rows).filter(([, row]) => row !== undefined);
      return [
        userId,
        { userId, ownerId, rows: Object.fromEntries(present) as Record<string, Record<string, unknown>> },
      ];
    }),
  );
}

const BOOLEANS = new Set(['is_superuser', 'is_staff', 'is_active', 'autoplay', 'promoted', 'editable']);
const INSTANTS = new Set(['last_login', 'date_joined', 'created_at', 'date_created', 'date_updated']);
/** Compared by digest: the journal has no business with them. */
const PRIVATE = new Set(['password', 'hashkey']);

function plainRow(database: SqlDatabase, row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => {
      if (BOOLEANS.has(column)) return [column, asBoolean(value)];
      if (INSTANTS.has(column)) return [column, database.decodeInstant(value)];
      if (PRIVATE.has(column)) return [column, digest(String(value))];
      return [column, value ?? null];
    }),
  );
}

const digest = (text: string): string =>
  `sha256:${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
