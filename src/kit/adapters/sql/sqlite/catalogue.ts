import type { Knex } from 'knex';
import type { Column, ForeignKey } from '../dialect.js';

const TYPE = /^\s*([a-z]+)[^(]*(?:\((\d+)\))?/i;

export async function listColumns(query: Knex, tables: readonly string[]): Promise<Column[]> {
  const rows = await query.raw<
    { table: string; column: string; type: string; required: number; filled: number }[]
  >(
    `SELECT m.name AS "table", c.name AS "column", c.type AS type, c."notnull" AS required,
            c.dflt_value IS NOT NULL OR c.pk > 0 AS filled
     FROM sqlite_master m JOIN pragma_table_info(m.name) c
     WHERE m.type IN ('table', 'view') AND m.name IN (${tables.map(() => '?').join(',')})`,
    [...tables],
  );
  return rows.map(({ table, column, type, required, filled }) => {
    const [, word = '', length] = TYPE.exec(type) ?? [];
    return {
      table,
      column,
      type: word.toLowerCase(),
      length: length === undefined ? null : Number(length),
      nullable: required === 0,
      hasDefault: filled === 1,
      characterSet: null,
    };
  });
}

export async function listForeignKeys(query: Knex, targets: readonly string[]): Promise<ForeignKey[]> {
  return query.raw<ForeignKey[]>(
    `SELECT m.name AS "table", f."from" AS "column", f."table" AS "references"
     FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f
     WHERE m.type = 'table' AND f."table" IN (${targets.map(() => '?').join(',')})`,
    [...targets],
  );
}

export const listWithoutTransactions = async (): Promise<string[]> => [];

export async function serverVersion(query: Knex): Promise<string> {
  const rows = await query.raw<{ version: string }[]>('SELECT sqlite_version() AS version');
  return `SQLite ${rows[0]?.version ?? ''}`;
}
