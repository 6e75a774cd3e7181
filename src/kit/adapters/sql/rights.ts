import { OperatorError } from '../../errors/operator-error.js';
import { identifier } from './account.js';
import type { SqlDatabase } from './database.js';
import { probeColumns } from './probe-columns.js';

export type Right = 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE';

/** A table, the columns that are named in statements, and what is done with them. */
export interface TableNeed {
  readonly table: string;
  readonly columns: readonly string[];
  readonly rights: readonly Right[];
}

/** Rights that the account lacks. Tables that need none are left out. */
export interface Lacking {
  readonly tables: readonly TableNeed[];
  /** PostgreSQL: sequences of ids that may not be used. */
  readonly sequences: readonly string[];
  /** PostgreSQL: the schema may not be entered. */
  readonly schema: boolean;
}

/**
 * What the account in use lacks of these rights, roles and rights of columns counted. PostgreSQL is asked; MariaDB,
 * which hides what others may do, is tried with statements that touch no row. On tables without transactions
 * (MyISAM) only reading is tried.
 * @param schema PostgreSQL's, as `whoAmI` tells it.
 */
export function findLacking(
  database: SqlDatabase,
  needs: readonly TableNeed[],
  schema: string,
): Promise<Lacking> {
  return database.engine === 'postgresql'
    ? askPostgresql(database, needs, schema)
    : tryMariadb(database, needs);
}

interface CatalogueRow {
  readonly t: string;
  readonly whole: readonly Right[];
  readonly readable: readonly string[];
  readonly writable: readonly string[];
  readonly updatable: readonly string[];
}

async function askPostgresql(
  database: SqlDatabase,
  needs: readonly TableNeed[],
  schema: string,
): Promise<Lacking> {
  const inserted = needs.filter(({ rights }) => rights.includes('INSERT')).map(({ table }) => table);
  return database.read(async (query) => {
    const all = async <Row>(sql: string, values: readonly string[][]): Promise<Row[]> =>
      (await query.raw<{ rows: Row[] }>(sql, [schema, ...values])).rows;
    const [entered] = await all<{ may: boolean }>(
      "SELECT has_schema_privilege(oid, 'USAGE') AS may FROM pg_namespace WHERE nspname = ?",
      [],
    );
    const found = await all<CatalogueRow>(
      `SELECT c.relname AS t,
        array_remove(ARRAY[
          CASE WHEN has_table_privilege(c.oid, 'SELECT') THEN 'SELECT' END,
          CASE WHEN has_table_privilege(c.oid, 'INSERT') THEN 'INSERT' END,
          CASE WHEN has_table_privilege(c.oid, 'UPDATE') THEN 'UPDATE' END,
          CASE WHEN has_table_privilege(c.oid, 'DELETE') THEN 'DELETE' END], NULL) AS whole,
        ${columnsWith('SELECT')} AS readable, ${columnsWith('INSERT')} AS writable,
        ${columnsWith('UPDATE')} AS updatable
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname = ? AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relname = ANY(?)`,
      [needs.map(({ table }) => table)],
    );
    const sequences = await all<{ s: string }>(
      `SELECT DISTINCT s.relname AS s FROM pg_depend d
       JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S' JOIN pg_class c ON c.oid = d.refobjid
       JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname = ? AND c.relname = ANY(?) AND d.deptype IN ('a', 'i')
         AND NOT (has_sequence_privilege(s.oid, 'USAGE') AND has_sequence_privilege(s.oid, 'SELECT'))
       ORDER BY 1`,
      [inserted],
    );
    return {
      tables: needs.flatMap((need) => lackingOf(need, found)),
      sequences: sequences.map(({ s }) => s),
      schema: entered?.may === false,
    };
  });
}

const columnsWith = (right: Right): string =>
  `ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0
    AND NOT a.attisdropped AND has_column_privilege(c.oid, a.attnum, '${right}'))`;

function lackingOf(need: TableNeed, found: readonly CatalogueRow[]): TableNeed[] {
  const row = found.find(({ t }) => t === need.table);
  if (row === undefined) return [];
  const byColumn = { SELECT: row.readable, INSERT: row.writable, UPDATE: row.updatable, DELETE: [] };
  const rights = need.rights.filter(
    (right) =>
      !row.whole.includes(right) &&
      (right === 'DELETE' || need.columns.some((column) => !byColumn[right].includes(column))),
  );
  return rights.length === 0 ? [] : [{ ...need, rights }];
}

async function tryMariadb(database: SqlDatabase, needs: readonly TableNeed[]): Promise<Lacking> {
  const without = await database.listWithoutTransactions(needs.map(({ table }) => table));
  const tables: TableNeed[] = [];
  for (const need of needs) {
    const tried = without.includes(need.table) ? need.rights.filter((r) => r === 'SELECT') : need.rights;
    const rights: Right[] = [];
    for (const right of tried) if (!(await may(database, need, right))) rights.push(right);
    if (rights.length > 0) tables.push({ ...need, rights });
  }
  return { tables, sequences: [], schema: false };
}

/** Rights are checked before a statement runs: none of these ever touches a row. */
async function may(database: SqlDatabase, { table, columns }: TableNeed, right: Right): Promise<boolean> {
  try {
    if (right === 'SELECT') return (await probeColumns(database, table, columns)) !== 'refused';
    await database.rehearse(async (query) => {
      const names = columns.map(() => '??').join(', ');
      const nothing = columns.map(() => '0').join(', ');
      if (right === 'INSERT')
        await query.raw(`INSERT INTO ?? (${names}) SELECT ${nothing} FROM DUAL WHERE 1 = 0`, [
          table,
          ...columns,
        ]);
      else if (right === 'UPDATE')
        await query.raw('UPDATE ?? SET ?? = 0 WHERE 1 = 0', [table, columns[0] ?? 'id']);
      else await query.raw('DELETE FROM ?? WHERE 1 = 0', [table]);
    });
    return true;
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    // "Denied" also stands for a table that is not there, when the account has no right on the whole database.
    if (error.code === 'database-right-missing') return false;
    if (error.code === 'database-unreachable' || error.code === 'database-connection-lost') throw error;
    return true;
  }
}

/** One statement a table on MariaDB. */
export const grantOnMariadb = (
  { table, rights }: Pick<TableNeed, 'table' | 'rights'>,
  where: { readonly database: string; readonly account: string },
): string =>
  `GRANT ${rights.join(', ')} ON ${backquoted(where.database)}.${backquoted(table)} TO ${where.account};`;

/** The same for a table that only some versions have, and that the account cannot see. */
export const grantIfThere = (
  need: Pick<TableNeed, 'table' | 'rights'>,
  where: { readonly database: string; readonly account: string },
): string => onlyIfThere(grantOnMariadb(need, where), { ...where, table: need.table });

/** GRANT fails on MariaDB for a table or a column that is not there: the server looks first. */
export function onlyIfThere(
  statement: string,
  place: { readonly database: string; readonly table: string; readonly column?: string },
): string {
  const text = (value: string): string => `'${value.replace(/['\\]/g, (mark) => mark + mark)}'`;
  const { database, table, column } = place;
  return (
    `SET @bbb2pod = IF(EXISTS(SELECT 1 FROM information_schema.${column === undefined ? 'tables' : 'columns'} ` +
    `WHERE table_schema = ${text(database)} AND table_name = ${text(table)}` +
    `${column === undefined ? '' : ` AND column_name = ${text(column)}`}), ` +
    `${text(statement.replace(/;$/, ''))}, 'DO 0'); PREPARE bbb2pod FROM @bbb2pod; EXECUTE bbb2pod;`
  );
}

/** PostgreSQL's statements: entering, tables by their rights, sequences. */
export function grantsOnPostgresql(
  { tables, sequences, schema: entering }: Lacking,
  where: { readonly account: string; readonly schema: string },
): string[] {
  const named = (names: readonly string[]): string =>
    names.map((name) => `${identifier(where.schema)}.${identifier(name)}`).join(', ');
  const byRights = new Map<string, string[]>();
  for (const { table, rights } of tables) {
    const key = rights.join(', ');
    byRights.set(key, [...(byRights.get(key) ?? []), table]);
  }
  return [
    ...(entering ? [`GRANT USAGE ON SCHEMA ${identifier(where.schema)} TO ${where.account};`] : []),
    ...[...byRights].map(([rights, names]) => `GRANT ${rights} ON ${named(names)} TO ${where.account};`),
    ...(sequences.length === 0
      ? []
      : [`GRANT USAGE, SELECT ON SEQUENCE ${named(sequences)} TO ${where.account};`]),
  ];
}

/** PostgreSQL lets everybody into a database, unless its administrator took that back. */
export const grantEntry = (database: string, role: string): string =>
  `GRANT CONNECT ON DATABASE ${identifier(database)} TO ${role};`;

export const backquoted = (name: string): string => `\`${name.replaceAll('`', '``')}\``;
