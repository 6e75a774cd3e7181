import type {
  HighestIds,
  ImportResult,
  ImportWrite,
  PodExternalRecording,
  WrittenPodUser,
} from '../../migrate/pod-port.js';
import type { Query } from '../../kit/adapters/sql/database.js';
import { selectInBatches } from '../../kit/adapters/sql/statements.js';
import { sameRecording, selectRecordings } from './external-recordings.js';
import {
  announceOnce,
  done,
  findByName,
  type ImportContext,
  naturalKey,
  readBack,
  resolve,
  type Resolved,
} from './import-rows.js';
import { readUserRows } from './user-rows.js';

/** After a crash: which of these writes reached the database. All of a chunk did, or none. */
export async function recoverImports(
  context: ImportContext,
  writes: readonly ImportWrite[],
  above: HighestIds,
): Promise<ImportResult[]> {
  if (writes.length === 0) return [];
  const { database } = context;
  return database.read(async (query) => {
    const wanted = writes.flatMap(({ owner }) => ('create' in owner ? [owner.create] : []));
    const users = await findByName(context, query, wanted);
    const known = writes.filter(
      ({ owner }) => 'userId' in owner || users.has(owner.create.username.toLowerCase()),
    );
    const resolved = known.map((write) => resolve(context, write, users));
    const young = [...users.values()].filter((id) => id > above.user);
    const created = new Map(
      [...(await readUserRows(context, query, young))].filter(([, { rows }]) => isUntouched(rows)),
    );
    const announce = announceOnce(created);
    const inserted = await readBack(context, query, resolved);
    const moved = await readWithoutLock(context, query, resolved);
    return resolved.flatMap((item): ImportResult[] => {
      const row = inserted.get(naturalKey(item.row));
      if (row !== undefined && row.id > above.externalRecording)
        return [done(item, row, announce(item.userId))];
      const expected = item.write.takeOver;
      const taken = expected === undefined ? undefined : moved.get(expected.id);
      if (expected === undefined || taken === undefined || item.userId === expected.ownerId) return [];
      if (!sameRecording({ ...expected, ownerId: item.userId }, taken)) return [];
      return [done({ ...item, replaced: false }, taken, announce(item.userId), expected.ownerId)];
    });
  });
}

/** Nobody has logged in as that user: it is still as we made it. */
const isUntouched = (rows: WrittenPodUser['rows']): boolean => rows['auth_user']?.['last_login'] === null;

async function readWithoutLock(
  context: ImportContext,
  query: Query,
  resolved: readonly Resolved[],
): Promise<Map<number, PodExternalRecording>> {
  const ids = resolved.flatMap(({ write }) => write.takeOver?.id ?? []);
  const found = await selectInBatches(ids, (batch) =>
    selectRecordings(context, query, (rows) => rows.whereIn('id', batch)),
  );
  return new Map(found.map((row) => [row.id, row]));
}
