import type {
  ImportResult,
  ImportWrite,
  NewPodUser,
  PodExternalRecording,
  WrittenPodUser,
} from '../../migrate/pod-port.js';
import type { Query } from '../../kit/adapters/sql/database.js';
import { selectInBatches } from '../../kit/adapters/sql/statements.js';
import {
  changeOwners,
  insertRecordings,
  lockRecordings,
  RECORDINGS,
  sameRecording,
} from './external-recordings.js';
import { lockUsers } from './lock-users.js';
import {
  announceOnce,
  done,
  findByName,
  keysOf,
  naturalKey,
  readBack,
  resolve,
  type ImportContext,
  type Resolved,
} from './import-rows.js';
import { recordIdOfUrl } from '../../bbb/playback-url.js';
import type { OwnRows } from './own-rows.js';
import { insertUsers } from './user-rows.js';
import { selectNamesTakenFor, selectUsersByEmail } from './users.js';
import { databaseTexts } from '../../kit/errors/database.js';
import { texts } from '../texts.js';
import { append } from '../../kit/groups.js';

/**
 * Writes one chunk in one transaction: missing users, then rows that change owner, then new rows. What the plan
 * found is checked again inside: an exact URL, or any younger row of that owner that leads to the same recording.
 */
export async function writeImports(
  context: ImportContext,
  writes: readonly ImportWrite[],
  knownUpToId: number,
): Promise<ImportResult[]> {
  if (writes.length === 0) return [];
  const { database, schema } = context;
  if (schema.withoutTransactions.length > 0)
    throw databaseTexts.databaseWithoutTransactions({
      database: database.settings.label,
      tables: schema.withoutTransactions.join(', '),
      table: schema.withoutTransactions[0] ?? '',
    });
  refuseLongUrls(context, writes);
  const results = await database.write((query) => writeChunk(context, query, writes, knownUpToId), {
    retryConflicts: true,
  });
  rememberOwn(context, writes, results);
  return results;
}

/** What is committed need not be read again. */
function rememberOwn(
  { own }: ImportContext,
  writes: readonly ImportWrite[],
  results: readonly ImportResult[],
): void {
  const recordIds = new Map(writes.map(({ actionId, recordId }) => [actionId, recordId]));
  own.remember(
    results.flatMap((result) => {
      if (result.state !== 'done' || result.tookOverFrom !== undefined) return [];
      const { userId, rowId, written, actionId } = result;
      const recordId = recordIds.get(actionId) ?? '';
      return [{ id: rowId, keys: [`${userId} ${written.sourceUrl}`, `${userId} ${recordId}`] }];
    }),
  );
}

async function writeChunk(
  context: ImportContext,
  query: Query,
  writes: readonly ImportWrite[],
  knownUpToId: number,
): Promise<ImportResult[]> {
  const { users, created, refused } = await ensureUsers(context, query, writes);
  const refusals = writes.flatMap((write) => accountRefused(write, users, refused) ?? []);
  const without = new Set(refusals.map(({ actionId }) => actionId));
  const named = writes
    .filter(({ actionId }) => !without.has(actionId))
    .map((write) => resolve(context, write, users));
  const owners = await lockOwners(context, query, named);
  const resolved = named.filter(({ userId }) => owners.has(userId));
  const present = await presentRows(context, query, resolved, knownUpToId);
  const results = new Map<string, ImportResult>(refusals.map((result) => [result.actionId, result]));
  for (const { userId, write } of named)
    if (!owners.has(userId)) results.set(write.actionId, { actionId: write.actionId, state: 'owner-gone' });
  const announce = announceOnce(created);
  await takeOver(context, query, resolved, { results, present, announce });

  // Two writes of one chunk may want the same row: the first one writes it.
  const fresh = new Map<string, Resolved>();
  for (const item of resolved) {
    if (results.has(item.write.actionId)) continue;
    const already = present.find(item);
    if (already !== undefined)
      results.set(item.write.actionId, {
        actionId: item.write.actionId,
        state: 'already-there',
        rowId: already,
      });
    else if (!fresh.has(keyOf(item))) fresh.set(keyOf(item), item);
  }
  const written = await insertFresh(context, query, [...fresh.values()]);
  for (const item of resolved) {
    const { actionId } = item.write;
    if (results.has(actionId)) continue;
    const row = written.get(naturalKey(item.row));
    if (row === undefined) throw texts.podRowVanished({ url: item.row.sourceUrl });
    results.set(
      actionId,
      fresh.get(keyOf(item)) === item
        ? done(item, row, announce(item.userId))
        : { actionId, state: 'already-there', rowId: row.id },
    );
  }
  return writes.flatMap(({ actionId }) => results.get(actionId) ?? []);
}

/** The new rows as they stand, by `naturalKey`. */
async function insertFresh(
  context: ImportContext,
  query: Query,
  items: readonly Resolved[],
): Promise<Map<string, PodExternalRecording>> {
  const given = await insertRecordings(
    context,
    query,
    items.map(({ row }) => row),
  );
  return given === null
    ? readBack(context, query, items)
    : new Map(given.map((recording) => [naturalKey(recording), recording]));
}

interface Refused {
  /** Address (lower case) to the account that has it. */
  readonly held: ReadonlyMap<string, string>;
  /** New name (lower case) to the account that the database takes it for. */
  readonly alike: ReadonlyMap<string, string>;
}

/** Users of the writes, by lower-case name; those missing are created, but never a second one for an address. */
async function ensureUsers(
  context: ImportContext,
  query: Query,
  writes: readonly ImportWrite[],
): Promise<{
  users: Map<string, number>;
  created: Map<number, WrittenPodUser>;
  refused: Refused;
}> {
  const wanted = new Map<string, NewPodUser>();
  for (const { owner } of writes) {
    if ('create' in owner && !wanted.has(owner.create.username.toLowerCase()))
      wanted.set(owner.create.username.toLowerCase(), owner.create);
  }
  const created = new Map<number, WrittenPodUser>();
  const users = await findByName(context, query, [...wanted.values()]);
  const unknown = [...wanted].filter(([name]) => !users.has(name)).map(([, user]) => user);
  const held = await selectUsersByEmail(
    query,
    unknown.map(({ email }) => email),
  );
  // Another writer made it since it was looked for by its name.
  const appeared = unknown.filter(
    ({ username, email }) => held.get(email.toLowerCase())?.toLowerCase() === username.toLowerCase(),
  );
  for (const [name, id] of await findByName(context, query, appeared)) users.set(name, id);
  const alike = await selectNamesTakenFor(
    query,
    context.database.engine,
    unknown.map(({ username }) => username),
  );
  const missing = unknown.filter(({ username, email }) => {
    const key = email.toLowerCase();
    const name = username.toLowerCase();
    const isFree = !users.has(name) && (email === '' || !held.has(key)) && !alike.has(name);
    if (isFree && email !== '') held.set(key, username);
    return isFree;
  });
  for (const [username, rows] of await insertUsers(context, query, missing)) {
    users.set(username.toLowerCase(), rows.userId);
    created.set(rows.userId, rows);
  }
  return { users, created, refused: { held, alike } };
}

/** The refusal of a write whose account may not be made; null for all others. */
function accountRefused(
  { actionId, owner }: ImportWrite,
  users: ReadonlyMap<string, number>,
  { held, alike }: Refused,
): ImportResult | null {
  if (!('create' in owner) || users.has(owner.create.username.toLowerCase())) return null;
  const { username: user, email } = owner.create;
  const namesake = alike.get(user.toLowerCase());
  if (namesake !== undefined) return { actionId, state: 'name-taken', user, account: namesake };
  return { actionId, state: 'address-taken', user, email, account: held.get(email.toLowerCase()) ?? '' };
}

function refuseLongUrls({ schema }: ImportContext, writes: readonly ImportWrite[]): void {
  const length = schema.lengthOf(RECORDINGS, 'source_url');
  const long = writes.find(
    ({ row: { sourceUrl } }) => sourceUrl.length > length && Array.from(sourceUrl).length > length,
  );
  if (long !== undefined)
    throw texts.podUrlTooLong({ recordId: long.recordId, url: long.row.sourceUrl, length });
}

/**
 * Two writers of the same owner's rows follow one another: no unique key would stop the second one's duplicates.
 * @returns the ids of those that are there
 */
const lockOwners = (
  { database }: ImportContext,
  query: Query,
  resolved: readonly Resolved[],
): Promise<ReadonlySet<number>> =>
  lockUsers(
    database,
    query,
    resolved.map(({ userId }) => userId),
  );

interface Present {
  find(item: Resolved): number | undefined;
}

/**
 * Rows of these owners that make a write unnecessary: the same URL, or younger than the plan and the same recording.
 * Those that this process wrote are read only where one of them may be such a row.
 */
async function presentRows(
  { own }: ImportContext,
  query: Query,
  resolved: readonly Resolved[],
  knownUpToId: number,
): Promise<Present> {
  const suspects = resolved.filter((item) => keysOf(item).some((key) => own.mayHold(key)));
  const rows = [
    ...(await rowsLike(query, resolved, knownUpToId, own.ranges)),
    ...(own.ranges.length === 0 ? [] : await rowsLike(query, suspects, knownUpToId, [])),
  ];
  const byUrl = new Map<string, number>();
  const byRecord = new Map<string, number>();
  for (const { id, owner_id, source_url } of rows) {
    byUrl.set(`${Number(owner_id)} ${source_url}`, Number(id));
    const recordId = recordIdOfUrl(source_url);
    if (recordId !== null) byRecord.set(`${Number(owner_id)} ${recordId}`, Number(id));
  }
  return {
    find: (item) => {
      const [url, record] = keysOf(item);
      return byUrl.get(url) ?? byRecord.get(record);
    },
  };
}

/** @param without ids, both ends included, of rows that are not asked for */
async function rowsLike(
  query: Query,
  resolved: readonly Resolved[],
  knownUpToId: number,
  without: OwnRows['ranges'],
): Promise<{ id: unknown; owner_id: unknown; source_url: string }[]> {
  const urls = [...new Set(resolved.map(({ row }) => row.sourceUrl))];
  return (await selectInBatches(
    resolved.map(({ userId }) => userId),
    (owners) => {
      const rows = query(RECORDINGS)
        .select('id', 'owner_id', 'source_url')
        .whereIn('owner_id', owners)
        .where((where) => {
          void where.where('id', '>', knownUpToId).orWhereIn('source_url', urls);
        })
        .orderBy('id');
      for (const range of without) void rows.whereNotBetween('id', range);
      return rows;
    },
  )) as { id: unknown; owner_id: unknown; source_url: string }[];
}

/** Rows that an earlier run gave to the administrator change owner, if they are still as that run left them. */
async function takeOver(
  context: ImportContext,
  query: Query,
  resolved: readonly Resolved[],
  {
    results,
    present,
    announce,
  }: {
    results: Map<string, ImportResult>;
    present: Present;
    announce: (userId: number) => WrittenPodUser | undefined;
  },
): Promise<void> {
  const wanted = resolved.filter(
    (item) => item.write.takeOver !== undefined && present.find(item) === undefined,
  );
  if (wanted.length === 0) return;
  const rows = await lockRecordings(
    context,
    query,
    wanted.flatMap(({ write }) => write.takeOver?.id ?? []),
  );
  const idsByOwner = new Map<number, number[]>();
  for (const item of wanted) {
    const expected = item.write.takeOver;
    const row = expected === undefined ? undefined : rows.get(expected.id);
    if (expected === undefined || row === undefined || !sameRecording(expected, row)) continue;
    // One row has one new owner: a second write that wants it gets a row of its own.
    rows.delete(row.id);
    append(idsByOwner, item.userId, row.id);
    const written = { ...row, ownerId: item.userId };
    results.set(
      item.write.actionId,
      done({ ...item, replaced: false }, written, announce(item.userId), row.ownerId),
    );
  }
  await changeOwners(query, idsByOwner);
}

const keyOf = (item: Resolved): string => keysOf(item)[1];
