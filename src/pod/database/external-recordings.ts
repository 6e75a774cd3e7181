import type { PodExternalRecording, RowRemoval } from '../../migrate/pod-port.js';
import type { Query, SqlDatabase } from '../../kit/adapters/sql/database.js';
import { asNumberOrNull, BATCH, insertRows, selectInBatches } from '../../kit/adapters/sql/statements.js';
import { RECORDING_COLUMNS } from './tables.js';

export const RECORDINGS = 'import_video_externalrecording';
const PAGE = 2000;

type Row = Record<(typeof RECORDING_COLUMNS)[number], unknown>;

/** A row as the port shows it. */
export const asRecording = (database: SqlDatabase, row: Row): PodExternalRecording => ({
  id: Number(row.id),
  ownerId: asNumberOrNull(row.owner_id),
  siteId: Number(row.site_id),
  name: String(row.name),
  startAt: database.decodeInstant(row.start_at) ?? 0,
  type: String(row.type),
  sourceUrl: String(row.source_url),
  state: typeof row.state === 'string' ? row.state : null,
  uploadedToPodById: asNumberOrNull(row.uploaded_to_pod_by_id),
});

/** Pages through all rows by id: the table is never read whole at once. */
export async function* pagesOfRecordings(
  database: SqlDatabase,
  afterId: number,
): AsyncIterable<PodExternalRecording[]> {
  let after = afterId;
  while (true) {
    const rows = await database.read<Row[]>((query) =>
      query(RECORDINGS).select(RECORDING_COLUMNS).where('id', '>', after).orderBy('id').limit(PAGE),
    );
    if (rows.length === 0) return;
    const page = rows.map((row) => asRecording(database, row));
    yield page;
    after = page.at(-1)?.id ?? after;
  }
}

/** Rows by id. */
export const findRecordings = (
  database: SqlDatabase,
  ids: readonly number[],
): Promise<PodExternalRecording[]> =>
  database.read(async (query) => {
    const rows = (await selectInBatches(ids, (batch) =>
      query(RECORDINGS).select(RECORDING_COLUMNS).whereIn('id', batch),
    )) as Row[];
    return rows.map((row) => asRecording(database, row));
  });

/** Rows by id, locked until the transaction ends. */
export async function lockRecordings(
  database: SqlDatabase,
  query: Query,
  ids: readonly number[],
): Promise<Map<number, PodExternalRecording>> {
  const rows = await selectInBatches(ids, (batch) =>
    query(RECORDINGS).select(RECORDING_COLUMNS).whereIn('id', batch).forUpdate(),
  );
  return new Map((rows as Row[]).map((row) => [Number(row.id), asRecording(database, row)]));
}

/** Whether a row still holds exactly what the journal says we wrote. */
export const sameRecording = (one: PodExternalRecording, other: PodExternalRecording): boolean =>
  one.id === other.id &&
  one.ownerId === other.ownerId &&
  one.siteId === other.siteId &&
  one.name === other.name &&
  one.startAt === other.startAt &&
  one.type === other.type &&
  one.sourceUrl === other.sourceUrl &&
  one.state === other.state &&
  one.uploadedToPodById === other.uploadedToPodById;

/** Removes the rows that still equal what was written. */
export const removeRecordings = (
  database: SqlDatabase,
  rows: readonly PodExternalRecording[],
): Promise<RowRemoval[]> =>
  database.write(async (query) => {
    const present = await lockRecordings(
      database,
      query,
      rows.map(({ id }) => id),
    );
    const judged = rows.map((row) => judge(row, present.get(row.id)));
    const doomed = judged.filter(({ state }) => state === 'removed').map(({ id }) => id);
    await inIdBatches(doomed, (batch) => query(RECORDINGS).whereIn('id', batch).delete());
    return judged;
  });

const judge = (written: PodExternalRecording, present: PodExternalRecording | undefined): RowRemoval => {
  const { id } = written;
  if (present === undefined) return { id, state: 'gone' };
  return sameRecording(written, present) ? { id, state: 'removed' } : { id, state: 'changed', present };
};

/** Gives rows back to their former owner where they still equal what was written. */
export const giveRecordingsBack = (
  database: SqlDatabase,
  rows: readonly { readonly written: PodExternalRecording; readonly formerOwnerId: number }[],
): Promise<RowRemoval[]> =>
  database.write(async (query) => {
    const present = await lockRecordings(
      database,
      query,
      rows.map(({ written }) => written.id),
    );
    const judged = rows.map(({ written, formerOwnerId }) => ({
      formerOwnerId,
      removal: judge(written, present.get(written.id)),
    }));
    const byOwner = new Map<number, number[]>();
    for (const {
      removal: { id, state },
      formerOwnerId,
    } of judged)
      if (state === 'removed') byOwner.set(formerOwnerId, [...(byOwner.get(formerOwnerId) ?? []), id]);
    await changeOwners(query, byOwner);
    return judged.map(({ removal }) => removal);
  });

/** One UPDATE per new owner. */
export async function changeOwners(
  query: Query,
  idsByOwner: ReadonlyMap<number, readonly number[]>,
): Promise<void> {
  for (const [owner, ids] of idsByOwner)
    await inIdBatches(ids, (batch) => query(RECORDINGS).whereIn('id', batch).update({ owner_id: owner }));
}

async function inIdBatches(
  ids: readonly number[],
  run: (batch: number[]) => PromiseLike<unknown>,
): Promise<void> {
  for (let i = 0; i < ids.length; i += BATCH) await run(ids.slice(i, i + BATCH));
}

/** Puts whole rows back under their old ids; those whose id is taken are left alone. */
export const restoreRecordings = (
  database: SqlDatabase,
  rows: readonly PodExternalRecording[],
): Promise<{ id: number; state: 'restored' | 'present' }[]> =>
  database.write(async (query) => {
    const present = await lockRecordings(
      database,
      query,
      rows.map(({ id }) => id),
    );
    const missing = rows.filter(({ id }) => !present.has(id));
    await insertRows(
      query,
      RECORDINGS,
      RECORDING_COLUMNS,
      missing.map((row) => [row.id, ...valuesOf(database, row)]),
    );
    return rows.map(({ id }) => ({
      id,
      state: present.has(id) ? ('present' as const) : ('restored' as const),
    }));
  });

/** Values of all columns but the id, in the order of RECORDING_COLUMNS. */
export const valuesOf = (
  database: SqlDatabase,
  row: Omit<PodExternalRecording, 'id'>,
): (string | number | null)[] => [
  row.ownerId,
  row.siteId,
  row.name,
  database.encodeInstant(row.startAt),
  row.type,
  row.sourceUrl,
  row.state,
  row.uploadedToPodById,
];
