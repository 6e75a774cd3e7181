import type { Knex } from 'knex';
import type { Query } from './database.js';

/** Rows of one statement, and values of one IN list. */
export const BATCH = 500;
/** Below SQLite's 32,766 and MariaDB's and PostgreSQL's 65,535. */
const MAXIMUM_BINDINGS = 20_000;

export type SqlValue = string | number | boolean | null;

/**
 * Inserts these columns of rows in as few statements as possible. Columns are always named: databases that
 * were upgraded have them in another order.
 * @param returning columns of the new rows to give back (not on MySQL), in no order
 */
export async function insertRows<Column extends string>(
  query: Query,
  table: string,
  columns: readonly Column[],
  rows: readonly Readonly<Record<NoInfer<Column>, SqlValue>>[],
  returning: readonly string[] = [],
): Promise<unknown[]> {
  const size = Math.min(BATCH, Math.floor(MAXIMUM_BINDINGS / columns.length));
  const one = `(${columns.map(() => '?').join(',')})`;
  const given: unknown[] = [];
  for (const batch of batches(rows, size)) {
    const answer = await query.raw<unknown[] | { rows: unknown[] }>(
      `INSERT INTO ?? (${columns.map(() => '??').join(',')}) VALUES ${batch.map(() => one).join(',')}` +
        (returning.length === 0 ? '' : ` RETURNING ${returning.map(() => '??').join(',')}`),
      [
        table,
        ...columns,
        ...batch.flatMap((row) => columns.map((column) => row[column])),
        ...returning,
      ] as Knex.RawBinding[],
    );
    if (returning.length > 0) for (const row of Array.isArray(answer) ? answer : answer.rows) given.push(row);
  }
  return given;
}

/** Runs one query per 500 distinct values and joins the answers. */
export async function selectInBatches<Value, Row>(
  values: readonly Value[],
  select: (batch: Value[]) => PromiseLike<Row[]>,
): Promise<Row[]> {
  const found: Row[] = [];
  for (const batch of batches([...new Set(values)], BATCH)) {
    for (const row of await select(batch)) found.push(row);
  }
  return found;
}

function* batches<T>(values: readonly T[], size: number): Generator<T[]> {
  for (let i = 0; i < values.length; i += size) yield values.slice(i, i + size);
}

/** 0/1, tinyint and boolean alike. */
export const asBoolean = (value: unknown): boolean => value === true || Number(value) === 1;

export const asNumberOrNull = (value: unknown): number | null =>
  value === null || value === undefined ? null : Number(value);
