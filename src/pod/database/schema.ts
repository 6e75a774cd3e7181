import type { PodDescription } from '../../migrate/pod-port.js';
import type { SqlDatabase } from '../../kit/adapters/sql/database.js';
import type { Column } from '../../kit/adapters/sql/dialect.js';
import { probeColumns } from '../../kit/adapters/sql/probe-columns.js';
import { TABLES, VERSION_TABLES, written, type TableUse } from './tables.js';
import { OperatorError } from '../../kit/errors/operator-error.js';
import { texts } from '../texts.js';

/** Signs of Pod 4.3 and later that are no table of a known name. */
interface NewerSigns {
  /** A table such as video_encode_transcript_priorityuser, with a key to auth_user. */
  readonly hasPriorityUsers: boolean;
  readonly hashesPlaylists: boolean;
}

/** A Pod's database with what its catalogue says. */
export interface PodTables {
  readonly database: SqlDatabase;
  readonly schema: PodSchema;
}

/** What the catalogue says of this Pod's tables; read once per command. */
export class PodSchema {
  readonly #columns: ReadonlyMap<string, Column>;
  readonly #tables: ReadonlySet<string>;
  /** Tables we write whose storage engine knows no transaction. */
  readonly withoutTransactions: readonly string[];
  readonly #signs: NewerSigns;

  constructor(
    columns: readonly Column[],
    withoutTransactions: readonly string[],
    signs: NewerSigns = { hasPriorityUsers: false, hashesPlaylists: false },
  ) {
    this.#signs = signs;
    this.#columns = new Map(columns.map((column) => [`${column.table}.${column.column}`, column]));
    this.#tables = new Set(columns.map(({ table }) => table));
    this.withoutTransactions = withoutTransactions;
  }

  has(table: string, column?: string): boolean {
    return column === undefined ? this.#tables.has(table) : this.#columns.has(`${table}.${column}`);
  }

  column(table: string, column: string): Column | undefined {
    return this.#columns.get(`${table}.${column}`);
  }

  lengthOf(table: string, column: string): number {
    return this.column(table, column)?.length ?? Number.MAX_SAFE_INTEGER;
  }

  columnsOf(table: string): Column[] {
    return [...this.#columns.values()].filter((column) => column.table === table);
  }

  /** Those of these columns that this Pod's table has. */
  present<Name extends string>(table: string, columns: readonly Name[]): Name[] {
    return columns.filter((column) => this.has(table, column));
  }

  /** As `present`, for a row whose id the database gives. */
  insertable<Name extends string>(table: string, columns: readonly Name[]): Exclude<Name, 'id'>[] {
    return this.present(table, columns).filter((column): column is Exclude<Name, 'id'> => column !== 'id');
  }

  /** Needed tables (`table`) and columns (`table.column`) that are not there. */
  missing(tables: readonly TableUse[] = TABLES): string[] {
    return tables.flatMap(({ table, columns, varying = [], optional }) => {
      if (!this.has(table)) return optional === true ? [] : [table];
      return columns
        .filter((column) => !varying.includes(column) && !this.has(table, column))
        .map((column) => `${table}.${column}`);
    });
  }

  /** Columns of tables that we insert into that must have a value, that the database does not fill in and that we do not know. */
  unexpected(tables: readonly TableUse[] = TABLES): string[] {
    return tables
      .filter(({ rights }) => rights.includes('INSERT'))
      .flatMap(({ table, columns }) =>
        this.columnsOf(table)
          .filter(({ column, nullable, hasDefault }) => !nullable && !hasDefault && !columns.includes(column))
          .map(({ column }) => `${table}.${column}`),
      );
  }

  /**
   * Pod 5 is another schema: externalrecording.source_type (ExternalRecording.py), owner.comment (Owner.py), the
   * collection app, server roles.
   */
  isFive(): boolean {
    return (
      this.has('import_video_externalrecording', 'source_type') ||
      this.has('authentication_owner', 'comment') ||
      this.has('authentication_serverrole') ||
      this.has('collection_playlist')
    );
  }

  version(): PodDescription['version'] {
    if (this.has('runner_manager') || this.#signs.hasPriorityUsers) return this.#newerVersion();
    if (!this.has('recorder_recorder', 'tags') && this.has('recorder_recorder', 'publication_auto'))
      return this.lengthOf('recorder_recordingfiletreatment', 'file') >= 200 ? '4.0.1' : '4.0';
    if (this.has('recorder_recorder', 'publication_auto')) return this.has('bbb_bbb_meeting') ? '3.7' : '3.8';
    return this.has('meeting_meetingsessionlog') ? '3.6' : '3.5';
  }

  /** 4.4 hashes playlist passwords; 4.3 brought PriorityUser and runner_manager.is_active; 4.2 the runner manager. */
  #newerVersion(): PodDescription['version'] {
    if (this.#signs.hashesPlaylists) return '4.4';
    return this.#signs.hasPriorityUsers || this.has('runner_manager', 'is_active') ? '4.3' : '4.2';
  }

  /** Character sets of the columns that receive people's words. */
  characterSetOf(table: string, column: string): string | null {
    return this.column(table, column)?.characterSet ?? null;
  }

  storesAllCharacters(): boolean {
    return TEXT_COLUMNS.every(([table, column]) => {
      const characterSet = this.characterSetOf(table, column);
      return characterSet === null || characterSet === 'utf8mb4';
    });
  }
}

const TEXT_COLUMNS = [
  ['import_video_externalrecording', 'name'],
  ['auth_user', 'first_name'],
  ['auth_user', 'last_name'],
] as const;

/**
 * Reads the catalogue.
 * @throws OperatorError `pod-schema-unsupported` naming what is missing.
 */
export async function readSchema(database: SqlDatabase): Promise<PodSchema> {
  const schema = await readSchemaUnchecked(database);
  if (schema.isFive()) throw texts.podFive({ database: database.settings.label });
  const missing = schema.missing();
  if (missing.length > 0)
    throw texts.podSchemaUnsupported({
      database: database.settings.label,
      missing: missing.slice(0, 8).join(', '),
    });
  await refuseHidden(database, schema);
  return schema;
}

/**
 * MariaDB hides a table on which the account has no right: whose meeting a recording is would be decided without it, or
 * an account made without its Favorites. PostgreSQL shows the table, and says so when it is read.
 */
async function refuseHidden(database: SqlDatabase, schema: PodSchema): Promise<void> {
  if (database.engine !== 'mysql') return;
  const hidden: string[] = [];
  // An account that may read the whole database knows what there is not.
  for (const { table, columns } of TABLES.filter(
    (use) => !schema.has(use.table) && isOfEveryPod(use, schema),
  ))
    if ((await probeColumns(database, table, columns)) === 'refused') hidden.push(table);
  if (hidden.length === 0) return;
  const { user, label } = database.settings;
  throw new OperatorError('database-right-missing', {
    ...{ user, database: label },
    detail: `SELECT on ${hidden.join(', ')}`,
  });
}

/** Whether this Pod has the table for certain. */
export const isOfEveryPod = (use: TableUse, schema: PodSchema): boolean =>
  use.varies !== true ||
  // Pod 3.7 and later.
  (use.table === 'meeting_meetingsessionlog' && schema.has('recorder_recorder', 'publication_auto'));

/** As `readSchema`, for doctor, which lists what is missing by itself. */
export async function readSchemaUnchecked(database: SqlDatabase): Promise<PodSchema> {
  const tables = [...TABLES.map(({ table }) => table), ...VERSION_TABLES];
  const columns = await database.listColumns(tables);
  const withoutTransactions = await database.listWithoutTransactions(written());
  return new PodSchema(columns, withoutTransactions, await newerSigns(database));
}

/** Django's default name of the table is not certain: it is found by its key to auth_user. */
async function newerSigns(database: SqlDatabase): Promise<NewerSigns> {
  const keys = await database.listForeignKeys(['auth_user']);
  const hasPriorityUsers = keys.some(({ table }) => /priority_?user/i.test(table));
  return { hasPriorityUsers, hashesPlaylists: await hashesPlaylists(database) };
}

/** Whether a protected playlist's password is a hash of Django's, as from 4.4 on; false where it cannot be read. */
async function hashesPlaylists(database: SqlDatabase): Promise<boolean> {
  try {
    const rows = await database.read((query) =>
      query('playlist_playlist').select('id').where('password', 'like', 'pbkdf2_%').limit(1),
    );
    return rows.length > 0;
  } catch (error) {
    if (error instanceof OperatorError && UNSEEN.has(error.code)) return false;
    throw error;
  }
}

const UNSEEN = new Set<string>([
  'database-table-missing',
  'database-column-missing',
  'database-right-missing',
]);
