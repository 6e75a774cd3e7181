import { identifier, whoAmI } from '../kit/adapters/sql/account.js';
import { probeColumns } from '../kit/adapters/sql/probe-columns.js';
import { backquoted, findLacking, grantEntry, onlyIfThere } from '../kit/adapters/sql/rights.js';
import { OperatorError } from '../kit/errors/operator-error.js';
import type { GreenlightSite } from './site.js';
import { readTables, type ReadTable } from './tables.js';

/** How columns can be read: yes, `absent` (no such table or column) or `refused` (no right). */
export type Readable = 'yes' | 'absent' | 'refused';

/** What the account in use may not read of a Greenlight, and what lets it. */
export interface Unread {
  /** Names for people: tables, or the schema, or the database. */
  readonly tables: readonly string[];
  /** Exact statements for just what is missing. */
  readonly grants: readonly string[];
  /** What was read is right without it. */
  readonly optional: boolean;
  /** A needed column that is not there: a Greenlight that this tool does not know. */
  readonly absent: ReadTable | null;
}

/**
 * Whether columns can be read. PostgreSQL's catalogue is asked, which hides nothing and tells a closed schema from a
 * table that is not there; MariaDB and SQLite are tried.
 */
export async function readable({ sql }: GreenlightSite, one: ReadTable): Promise<Readable> {
  if (sql.engine !== 'postgresql') return probeColumns(sql, one.table, one.columns);
  const { schema } = await whoAmI(sql);
  const { rows } = await sql.read((query) =>
    query.raw<{ rows: { name: string; may: boolean }[] }>(
      `SELECT a.attname::text AS name, has_column_privilege(c.oid, a.attnum, 'SELECT') AS may
       FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname = ? AND c.relname = ? AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
         AND a.attnum > 0 AND NOT a.attisdropped`,
      [schema, one.table],
    ),
  );
  const found = one.columns.map((column) => rows.find(({ name }) => name === column));
  if (found.some((column) => column === undefined)) return 'absent';
  return found.every((column) => column?.may === true) ? 'yes' : 'refused';
}

/**
 * Compares what the account may read with what is read of this Greenlight. A column that says who is deleted or banned
 * is needed where it is there: without it, others would be given what is theirs.
 * @param version null when the account may not even see which it is.
 */
export async function findUnread(site: GreenlightSite, version: 2 | 3 | null): Promise<Unread> {
  const nothing = { tables: [], grants: [], optional: true, absent: null };
  const { sql } = site;
  if (sql.engine === 'sqlite' && version === null) return nothing;
  const closed = await findClosed(site);
  if (closed === 'database')
    return {
      ...nothing,
      tables: [`database ${sql.settings.name}`],
      grants: [grantEntry(sql.settings.name, (await whoAmI(sql)).account)],
      optional: false,
    };
  const refused: ReadTable[] = [];
  let absent: ReadTable | null = null;
  for (const one of version === null ? [...readTables(3), ...readTables(2)] : readTables(version)) {
    const state = await readable(site, one);
    if (state === 'refused') refused.push(one);
    else if (state === 'absent' && one.optional === undefined && version !== null) absent ??= one;
  }
  if (refused.length === 0 && closed === null) return { ...nothing, absent };
  const { schema } = await whoAmI(sql);
  return {
    tables: [
      ...(closed === null ? [] : [`schema ${schema}`]),
      ...new Set(
        refused.map(({ table, columns, optional }) =>
          optional === 'column' ? `${table}.${columns.join()}` : table,
        ),
      ),
    ],
    grants: await grantsFor(site, refused, { closed: closed !== null, isKnown: version !== null }),
    optional: closed === null && refused.every(({ optional }) => optional === 'table'),
    absent,
  };
}

/** PostgreSQL: whether the database, or its schema, may not be entered. */
async function findClosed({ sql }: GreenlightSite): Promise<'database' | 'schema' | null> {
  if (sql.engine !== 'postgresql') return null;
  try {
    const { schema } = await whoAmI(sql);
    return (await findLacking(sql, [], schema)).schema ? 'schema' : null;
  } catch (error) {
    if (error instanceof OperatorError && error.code === 'database-right-missing') return 'database';
    throw error;
  }
}

/** By columns, never a whole table: users holds password hashes and session tokens. */
async function grantsFor(
  { sql }: GreenlightSite,
  refused: readonly ReadTable[],
  { closed, isKnown }: { readonly closed: boolean; readonly isKnown: boolean },
): Promise<string[]> {
  const { account, schema } = await whoAmI(sql);
  const grant = (table: string, columns: readonly string[]): string => {
    const on =
      sql.engine === 'mysql'
        ? `${backquoted(sql.settings.name)}.${backquoted(table)}`
        : `${identifier(schema)}.${identifier(table)}`;
    return `GRANT SELECT (${columns.join(', ')}) ON ${on} TO ${account};`;
  };
  // What MariaDB hides may be absent, too; PostgreSQL was asked.
  const isSure = (one: ReadTable): boolean =>
    sql.engine !== 'mysql' || (isKnown && one.optional === undefined);
  const columns = new Map<string, string[]>();
  for (const one of refused.filter(isSure))
    columns.set(one.table, [...(columns.get(one.table) ?? []), ...one.columns]);
  return [
    ...(closed ? [`GRANT USAGE ON SCHEMA ${identifier(schema)} TO ${account};`] : []),
    ...[...columns].map(([table, own]) => grant(table, [...new Set(own)])),
    ...refused
      .filter((one) => !isSure(one))
      .map((one) =>
        onlyIfThere(grant(one.table, one.columns), {
          database: sql.settings.name,
          table: one.table,
          // The last one is what a version has and the other has not.
          column: one.columns.at(-1) ?? '',
        }),
      ),
  ];
}
