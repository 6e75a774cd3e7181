import { whoAmI } from '../../kit/adapters/sql/account.js';
import type { Query, SqlDatabase } from '../../kit/adapters/sql/database.js';
import {
  findLacking,
  grantEntry,
  grantIfThere,
  grantOnMariadb,
  grantsOnPostgresql,
  type TableNeed,
} from '../../kit/adapters/sql/rights.js';
import { OperatorError } from '../../kit/errors/operator-error.js';
import { isOfEveryPod, type PodSchema } from './schema.js';
import { TABLES, type TableUse } from './tables.js';

/** Undo asks which rows lead to a user before it removes one. */
export const USER_TABLES = [
  'auth_user',
  'authentication_owner',
  'playlist_playlist',
  'podfile_userfolder',
] as const;

/** Rights that the account lacks, with the statements that give just these. */
export interface MissingGrants {
  /** Tables and sequences; none: nothing is missing. */
  readonly on: readonly string[];
  readonly statements: readonly string[];
  /** Tables of some versions that MariaDB hides, if they are there: whether they are cannot be said. */
  readonly unseen: readonly string[];
}

/** Compares what the account may with what a migration, its undo and doctor do. Nothing for SQLite. */
export async function findMissingGrants(database: SqlDatabase, schema: PodSchema): Promise<MissingGrants> {
  if (database.engine === 'sqlite') return { on: [], statements: [], unseen: [] };
  return database.engine === 'mysql' ? onMariadb(database, schema) : onPostgresql(database);
}

/** The statements for an account that may not even enter the database: MariaDB's refuses one without any right. */
export async function grantsToEnter(database: SqlDatabase): Promise<string[]> {
  const { account } = await whoAmI(database);
  const where = { database: database.settings.name, account };
  if (database.engine === 'postgresql') return [grantEntry(where.database, account)];
  return statementsFor(TABLES, where, () => false);
}

async function onMariadb(database: SqlDatabase, schema: PodSchema): Promise<MissingGrants> {
  const { account } = await whoAmI(database);
  const where = { database: database.settings.name, account };
  const keys = await database.listForeignKeys(USER_TABLES);
  const lacking = (await findLacking(database, withUndo(TABLES, keys), '')).tables;
  const isSure = (use: TableUse): boolean => schema.has(use.table) || isOfEveryPod(use, schema);
  const sure = lacking.filter(isSure);
  const unseen = lacking.filter((use) => !isSure(use)).map(({ table }) => table);
  if (sure.length === 0) return { on: [], statements: [], unseen };
  return {
    on: sure.map(({ table }) => table),
    statements: statementsFor(lacking, where, isSure),
    unseen: [],
  };
}

const statementsFor = (
  uses: readonly TableUse[],
  where: { database: string; account: string },
  isSure: (use: TableUse) => boolean,
): string[] => {
  const plain = (use: TableUse): boolean => use.varies !== true || isSure(use);
  return [
    ...uses.filter(plain).map((use) => grantOnMariadb(use, where)),
    ...uses.filter((use) => !plain(use)).map((use) => grantIfThere(use, where)),
  ];
};

async function onPostgresql(database: SqlDatabase): Promise<MissingGrants> {
  const where = await whoAmI(database);
  const keys = await database.read((query) => keysToUsers(query, where.schema));
  const lacking = await findLacking(database, withUndo(TABLES, keys), where.schema);
  const { tables, sequences, schema } = lacking;
  return {
    on: [...(schema ? [`schema ${where.schema}`] : []), ...tables.map(({ table }) => table), ...sequences],
    statements: grantsOnPostgresql(lacking, where),
    unseen: [],
  };
}

/** As `listForeignKeys`, also in a schema that the account may not enter yet. */
async function keysToUsers(query: Query, schema: string): Promise<{ table: string; column: string }[]> {
  const { rows } = await query.raw<{ rows: { table: string; column: string }[] }>(
    `SELECT DISTINCT c.relname AS table, a.attname AS column FROM pg_constraint k
     JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class r ON r.oid = k.confrelid
     JOIN pg_namespace n ON n.oid = r.relnamespace AND n.oid = c.relnamespace
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.conkey[1]
     WHERE k.contype = 'f' AND n.nspname = ? AND r.relname = ANY(?)`,
    [schema, [...USER_TABLES]],
  );
  return rows;
}

/** What undo looks at comes last, and only where nothing else needs the table. */
function withUndo(
  uses: readonly TableUse[],
  keys: readonly { readonly table: string; readonly column: string }[],
): TableUse[] {
  const known = new Set(uses.map(({ table }) => table));
  const extra = new Map<string, TableNeed>();
  for (const { table, column } of keys) {
    if (known.has(table)) continue;
    const columns = [...(extra.get(table)?.columns ?? []), column];
    extra.set(table, { table, columns, rights: ['SELECT'] });
  }
  return [...uses, ...[...extra.values()].sort((a, b) => a.table.localeCompare(b.table))];
}

/** The account has no way in at all: doctor cannot look, only say what is needed. */
export const isShutOut = (error: unknown): boolean =>
  error instanceof OperatorError && error.code === 'database-right-missing';
