import type {
  ImportResult,
  ImportWrite,
  NewPodUser,
  PodExternalRecording,
  WrittenPodUser,
} from '../../migrate/pod-port.js';
import type { Query } from '../../kit/adapters/sql/database.js';
import { selectInBatches } from '../../kit/adapters/sql/statements.js';
import { newRecording, RECORDINGS, selectRecordings } from './external-recordings.js';
import { fitText } from './fit-text.js';
import type { OwnRows } from './own-rows.js';
import type { UserContext } from './user-rows.js';
import { selectUsersByUsername } from './users.js';
import { texts } from '../texts.js';

/** A write whose owner is known, with the row as it will be stored. */
export interface Resolved {
  readonly write: ImportWrite;
  readonly userId: number;
  readonly row: Omit<PodExternalRecording, 'id'>;
  readonly replaced: boolean;
}

export const done = (
  { write, userId, replaced }: Resolved,
  row: PodExternalRecording,
  createdUser: WrittenPodUser | undefined,
  tookOverFrom?: number | null,
): ImportResult => ({
  actionId: write.actionId,
  state: 'done',
  rowId: row.id,
  userId,
  written: row,
  ...(createdUser === undefined ? {} : { createdUser }),
  ...(replaced ? { charactersReplaced: true as const } : {}),
  ...(tookOverFrom === undefined || tookOverFrom === null ? {} : { tookOverFrom }),
});

/** The first outcome that belongs to a created user carries it; `undo` needs it once. */
export function announceOnce(
  created: ReadonlyMap<number, WrittenPodUser>,
): (userId: number) => WrittenPodUser | undefined {
  const left = new Map(created);
  return (userId) => {
    const user = left.get(userId);
    left.delete(userId);
    return user;
  };
}

export interface ImportContext extends UserContext {
  /** Names, in lower case, that several users share but for their case, when the migration began. */
  readonly namesakes: ReadonlySet<string>;
  readonly own: OwnRows;
}

/** One user per name whatever the case; two of them would be a guess. */
export async function findByName(
  { namesakes }: ImportContext,
  query: Query,
  wanted: readonly NewPodUser[],
): Promise<Map<string, number>> {
  if (wanted.length === 0) return new Map();
  const found = new Map<string, number>();
  const names = wanted.map(({ username }) => username);
  for (const { id, username } of await selectUsersByUsername(query, names, namesakes)) {
    const name = username.toLowerCase();
    if (found.has(name)) throw texts.podUsernameAmbiguous({ username });
    found.set(name, Number(id));
  }
  return found;
}

/** The row as the columns can hold it, for the owner that `users` (by lower-case name) gives. */
export function resolve(
  context: UserContext,
  write: ImportWrite,
  users: ReadonlyMap<string, number>,
): Resolved {
  const { owner, row } = write;
  const userId = 'userId' in owner ? owner.userId : users.get(owner.create.username.toLowerCase());
  if (userId === undefined) throw texts.podRowVanished({ url: row.sourceUrl });
  const { text: name, replaced } = fitText(row.name, {
    length: context.schema.lengthOf(RECORDINGS, 'name'),
    characterSet: context.schema.characterSetOf(RECORDINGS, 'name'),
  });
  return {
    write,
    userId,
    replaced,
    row: newRecording(userId, { ...row, name }),
  };
}

/** What says that an owner has a link, or one to that recording, already. */
export const keysOf = ({ userId, row, write }: Resolved): [byUrl: string, byRecord: string] => [
  `${userId} ${row.sourceUrl}`,
  `${userId} ${write.recordId}`,
];

/** What tells one row from another without its id. */
export const naturalKey = (row: Omit<PodExternalRecording, 'id'>): string =>
  `${row.ownerId} ${row.siteId} ${row.startAt} ${row.sourceUrl}\n${row.name}`;

/**
 * The new rows, found by what they hold: the id that a driver reports counts in steps of one, which is wrong
 * under Galera. None of them was there before, so the youngest of each is ours.
 */
export async function readBack(
  context: UserContext,
  query: Query,
  items: readonly Resolved[],
): Promise<Map<string, PodExternalRecording>> {
  const urls = [...new Set(items.map(({ row }) => row.sourceUrl))];
  const found = await selectInBatches(
    items.map(({ userId }) => userId),
    (owners) =>
      selectRecordings(context, query, (rows) =>
        rows.whereIn('owner_id', owners).whereIn('source_url', urls).orderBy('id'),
      ),
  );
  return new Map(found.map((recording) => [naturalKey(recording), recording]));
}
