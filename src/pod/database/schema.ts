import type { PodDescription } from '../../migrate/pod-port.js';
import type { SqlDatabase } from '../../kit/adapters/sql/database.js';
import type { Column } from '../../kit/adapters/sql/dialect.js';
import { TABLES, VERSION_TABLES, written } from './tables.js';
import { texts } from '../texts.js';

/** What the catalogue says of this Pod's tables; read once per command. */
export class PodSchema {
  readonly #columns: ReadonlyMap<string, Column>;
  readonly #tables: ReadonlySet<string>;
  /** Tables we write whose storage engine knows no transaction. */
  readonly withoutTransactions: readonly string[];
  /** Both collations of usernames: MariaDB's usual ones compare without case. */
  constructor(columns: readonly Column[], withoutTransactions: readonly string[]) {
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

  /** Needed tables (`table`) and columns (`table.column`) that are not there. */
  missing(): string[] {
    return TABLES.flatMap(({ table, columns, optional }) => {
      if (!this.has(table)) return optional === true ? [] : [table];
      return columns.filter((column) => !this.has(table, column)).map((column) => `${table}.${column}`);
    });
  }

  version(): PodDescription['version'] {
    if (!this.has('recorder_recorder', 'tags') && this.has('recorder_recorder', 'publication_auto'))
      return this.lengthOf('recorder_recordingfiletreatment', 'file') >= 200 ? '4.0.1' : '4.0';
    if (this.has('recorder_recorder', 'publication_auto')) return this.has('bbb_bbb_meeting') ? '3.7' : '3.8';
    return this.has('meeting_meetingsessionlog') ? '3.6' : '3.5';
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
  const missing = schema.missing();
  if (missing.length > 0)
    throw texts.podSchemaUnsupported({
      database: database.settings.label,
      missing: missing.slice(0, 8).join(', '),
    });
  return schema;
}

/** As `readSchema`, for doctor, which lists what is missing by itself. */
export async function readSchemaUnchecked(database: SqlDatabase): Promise<PodSchema> {
  const tables = [...TABLES.map(({ table }) => table), ...VERSION_TABLES];
  const columns = await database.listColumns(tables);
  return new PodSchema(columns, await database.listWithoutTransactions(written()));
}
