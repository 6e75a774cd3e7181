import type { NewExternalRecording, PodExternalRecording, RowRemoval } from '../../migrate/pod-port.js';
import type { Query, SqlDatabase } from '../../kit/adapters/sql/database.js';
import {
  asNumberOrNull,
  BATCH,
  insertRows,
  selectInBatches,
  type SqlValue,
} from '../../kit/adapters/sql/statements.js';
import { lockUsers } from './lock-users.js';
import type { PodTables } from './schema.js';
import { RECORDING_COLUMNS } from './tables.js';
import { append } from '../../kit/groups.js';

export const RECORDINGS = 'import_video_externalrecording';
const PAGE = 2000;

type Column = (typeof RECORDING_COLUMNS)[number];
/** Columns that this Pod lacks are undefined. */
type Row = Readonly<Record<Column, unknown>>;
type WithoutId = Omit<PodExternalRecording, 'id'>;

/** A row that nobody has brought into Pod yet, as Pod's own form would make it. */
export const newRecording = (ownerId: number, row: NewExternalRecording): WithoutId => ({
  ownerId,
  siteId: row.siteId,
  name: row.name,
  startAt: row.startAt,
  type: 'bigbluebutton',
  sourceUrl: row.sourceUrl,
  state: null,
  uploadedToPodById: null,
});

/** A row as the port shows it. */
const asRecording = (database: SqlDatabase, row: Row): PodExternalRecording => ({
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

/** The same values as a row of the table, id included. */
const asRow = (database: SqlDatabase, row: WithoutId & { readonly id?: number }) =>
  ({
    id: row.id ?? null,
    owner_id: row.ownerId,
    site_id: row.siteId,
    name: row.name,
    start_at: database.encodeInstant(row.startAt),
    type: row.type,
    source_url: row.sourceUrl,
    state: row.state,
    uploaded_to_pod_by_id: row.uploadedToPodById,
  }) satisfies Record<Column, SqlValue>;

/**
 * Inserts rows under ids that the database gives.
 * @returns them as they stand now; null from MySQL and MariaDB, of which only the latter gives rows back
 */
export async function insertRecordings(
  { database, schema }: PodTables,
  query: Query,
  rows: readonly WithoutId[],
): Promise<PodExternalRecording[] | null> {
  const returning = database.engine === 'mysql' ? [] : schema.present(RECORDINGS, RECORDING_COLUMNS);
  const given = await insertRows(
    query,
    RECORDINGS,
    schema.insertable(RECORDINGS, RECORDING_COLUMNS),
    rows.map((row) => asRow(database, row)),
    returning,
  );
  return database.engine === 'mysql' ? null : (given as Row[]).map((row) => asRecording(database, row));
}

type Narrow = (rows: ReturnType<typeof wholeRows>) => PromiseLike<unknown>;

const wholeRows = ({ schema }: PodTables, query: Query) =>
  query(RECORDINGS).select(schema.present(RECORDINGS, RECORDING_COLUMNS));

/** Rows that `narrow` chooses. */
export async function selectRecordings(
  tables: PodTables,
  query: Query,
  narrow: Narrow,
): Promise<PodExternalRecording[]> {
  const rows = (await narrow(wholeRows(tables, query))) as Row[];
  return rows.map((row) => asRecording(tables.database, row));
}

/** Pages through all rows by id: the table is never read whole at once. */
export async function* pagesOfRecordings(
  tables: PodTables,
  afterId: number,
): AsyncIterable<PodExternalRecording[]> {
  let after = afterId;
  while (true) {
    const page = await tables.database.read((query) =>
      selectRecordings(tables, query, (rows) => rows.where('id', '>', after).orderBy('id').limit(PAGE)),
    );
    if (page.length === 0) return;
    yield page;
    after = page.at(-1)?.id ?? after;
  }
}

/** Rows by id. */
export const findRecordings = (tables: PodTables, ids: readonly number[]): Promise<PodExternalRecording[]> =>
  tables.database.read((query) =>
    selectInBatches(ids, (batch) => selectRecordings(tables, query, (rows) => rows.whereIn('id', batch))),
  );

/** Rows by id, locked until the transaction ends. */
export async function lockRecordings(
  tables: PodTables,
  query: Query,
  ids: readonly number[],
): Promise<Map<number, PodExternalRecording>> {
  const found = await selectInBatches(ids, (batch) =>
    selectRecordings(tables, query, (rows) => rows.whereIn('id', batch).forUpdate()),
  );
  return new Map(found.map((row) => [row.id, row]));
}

/** Whether a row still holds exactly what the journal says we wrote; a journal of before may know less of it. */
export const sameRecording = (written: PodExternalRecording, present: PodExternalRecording): boolean =>
  (Object.keys(written) as (keyof PodExternalRecording)[]).every((key) => written[key] === present[key]);

/** Removes the rows that still equal what was written. */
export const removeRecordings = (
  tables: PodTables,
  rows: readonly PodExternalRecording[],
): Promise<RowRemoval[]> =>
  tables.database.write(async (query) => {
    const present = await lockRecordings(
      tables,
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
  tables: PodTables,
  rows: readonly { readonly written: PodExternalRecording; readonly formerOwnerId: number }[],
): Promise<RowRemoval[]> =>
  tables.database.write(async (query) => {
    const present = await lockRecordings(
      tables,
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
      if (state === 'removed') append(byOwner, formerOwnerId, id);
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

/**
 * Puts whole rows back under their old ids; those whose id is taken are left alone, as are those of an account that Pod
 * has no more: SQLite would take a row of nobody.
 */
export const restoreRecordings = (
  tables: PodTables,
  rows: readonly PodExternalRecording[],
): Promise<{ id: number; state: 'restored' | 'present' | 'ownerless' }[]> =>
  tables.database.write(async (query) => {
    const present = await lockRecordings(
      tables,
      query,
      rows.map(({ id }) => id),
    );
    const people = await lockUsers(tables.database, query, rows.flatMap(peopleOf));
    const isWhole = (row: PodExternalRecording): boolean => peopleOf(row).every((id) => people.has(id));
    const missing = rows.filter((row) => !present.has(row.id) && isWhole(row));
    await insertRows(
      query,
      RECORDINGS,
      tables.schema.present(RECORDINGS, RECORDING_COLUMNS),
      missing.map((row) => asRow(tables.database, row)),
    );
    return rows.map((row) => ({
      id: row.id,
      state: present.has(row.id) ? 'present' : isWhole(row) ? 'restored' : 'ownerless',
    }));
  });

const peopleOf = ({ ownerId, uploadedToPodById }: PodExternalRecording): number[] =>
  [ownerId, uploadedToPodById].filter((id) => id !== null);
