import type { Knex } from 'knex';
import type { Column, ForeignKey } from '../dialect.js';

const marks = (values: readonly unknown[]): string => values.map(() => '?').join(',');
const rowsOf = async <Row>(query: Knex, sql: string, bindings: readonly string[]): Promise<Row[]> =>
  (await query.raw<Row[][]>(sql, [...bindings]))[0] ?? [];

export async function listColumns(query: Knex, tables: readonly string[]): Promise<Column[]> {
  const rows = await rowsOf<{
    t: string;
    c: string;
    type: string;
    length: number | null;
    nullable: string;
    filled: number;
    characterSet: string | null;
  }>(
    query,
    `SELECT table_name AS t, column_name AS c, data_type AS type, character_maximum_length AS length,
            is_nullable AS nullable, character_set_name AS characterSet,
            column_default IS NOT NULL OR extra <> '' AS filled
     FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name IN (${marks(tables)})`,
    tables,
  );
  return rows.map(({ t, c, type, length, nullable, filled, characterSet }) => ({
    table: t,
    column: c,
    type: type.toLowerCase(),
    length: type.endsWith('char') ? length : null,
    nullable: nullable === 'YES',
    hasDefault: filled === 1,
    characterSet,
  }));
}

export async function listForeignKeys(query: Knex, targets: readonly string[]): Promise<ForeignKey[]> {
  const rows = await rowsOf<{ t: string; c: string; r: string }>(
    query,
    `SELECT table_name AS t, column_name AS c, referenced_table_name AS r
     FROM information_schema.key_column_usage
     WHERE table_schema = DATABASE() AND referenced_table_schema = DATABASE()
       AND referenced_table_name IN (${marks(targets)})`,
    targets,
  );
  return rows.map(({ t, c, r }) => ({ table: t, column: c, references: r }));
}

export async function listWithoutTransactions(query: Knex, tables: readonly string[]): Promise<string[]> {
  const rows = await rowsOf<{ t: string }>(
    query,
    `SELECT t.table_name AS t FROM information_schema.tables t
     JOIN information_schema.engines e ON e.engine = t.engine
     WHERE t.table_schema = DATABASE() AND e.transactions <> 'YES' AND t.table_name IN (${marks(tables)})`,
    tables,
  );
  return rows.map(({ t }) => t).sort();
}

export async function serverVersion(query: Knex): Promise<string> {
  const rows = await rowsOf<{ version: string }>(query, 'SELECT VERSION() AS version', []);
  const version = rows[0]?.version ?? '';
  return `${/mariadb/i.test(version) ? 'MariaDB' : 'MySQL'} ${version.split('-')[0] ?? ''}`;
}
