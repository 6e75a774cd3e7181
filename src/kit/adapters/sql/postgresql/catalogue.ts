import type { Knex } from 'knex';
import type { Column, ForeignKey } from '../dialect.js';

const rowsOf = async <Row>(query: Knex, sql: string, bindings: readonly unknown[]): Promise<Row[]> =>
  (await query.raw<{ rows: Row[] }>(sql, bindings as Knex.RawBinding[])).rows;

/** Tables are those that an unqualified name reaches: the first schema of the search path wins. */
export async function listColumns(query: Knex, tables: readonly string[]): Promise<Column[]> {
  return (
    await rowsOf<{
      t: string;
      c: string;
      type: string;
      length: number | null;
      required: boolean;
      filled: boolean;
    }>(
      query,
      `SELECT c.relname AS t, a.attname AS c, y.typname AS type,
              CASE WHEN a.atttypmod > 4 AND y.typname IN ('varchar', 'bpchar') THEN a.atttypmod - 4 END AS length,
              a.attnotnull AS required, a.atthasdef OR a.attidentity <> '' AS filled
       FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type y ON y.oid = a.atttypid
       WHERE c.relname = ANY(?) AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND pg_table_is_visible(c.oid)
         AND a.attnum > 0 AND NOT a.attisdropped`,
      [[...tables]],
    )
  ).map(({ t, c, type, length, required, filled }) => ({
    table: t,
    column: c,
    type: TYPE_WORDS[type] ?? type,
    length,
    nullable: !required,
    hasDefault: filled,
    characterSet: null,
  }));
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  int8: 'bigint',
  int4: 'integer',
  int2: 'smallint',
  bool: 'boolean',
  bpchar: 'char',
};

export async function listForeignKeys(query: Knex, targets: readonly string[]): Promise<ForeignKey[]> {
  const rows = await rowsOf<{ t: string; c: string; r: string }>(
    query,
    `SELECT k.conrelid::regclass::text AS t, a.attname AS c, r.relname AS r
     FROM pg_constraint k JOIN pg_class r ON r.oid = k.confrelid
     JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
     WHERE k.contype = 'f' AND pg_table_is_visible(r.oid) AND r.relname = ANY(?)`,
    [[...targets]],
  );
  // regclass quotes names that need it; ours are used as identifiers later.
  return rows.map(({ t, c, r }) => ({ table: t.replace(/"/g, ''), column: c, references: r }));
}

export const listWithoutTransactions = async (): Promise<string[]> => [];

export async function serverVersion(query: Knex): Promise<string> {
  const rows = await rowsOf<{ server_version: string }>(query, 'SHOW server_version', []);
  return `PostgreSQL ${rows[0]?.server_version.split(' ')[0] ?? ''}`;
}
