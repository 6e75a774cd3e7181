import type { Engine } from './settings.js';

/** Tables as Django declares them; the format is explained in fixtures/schemas/pod/tables.json. */
export interface SchemaDescription {
  readonly versions: readonly string[];
  readonly tables: Readonly<Record<string, TableDescription>>;
}
export interface TableDescription {
  readonly columns: readonly string[];
  readonly versions?: readonly string[];
  readonly unique?: readonly (readonly string[])[];
  readonly checks?: readonly string[];
}
export interface SchemaOptions {
  readonly engine: Engine;
  readonly version: string;
  /** MariaDB only: `utf8mb4` by default. */
  readonly characterSet?: 'utf8mb4' | 'utf8mb3';
  readonly storageEngine?: 'InnoDB' | 'MyISAM';
}

interface ColumnParts {
  readonly name: string;
  readonly type: string;
  readonly references: string | undefined;
  readonly unique: boolean;
  readonly nullable: boolean;
  readonly primary: boolean;
}

const COLUMN = /^(\w+) ([\w()]+)( primary)?(?: -> (\w+))?( unique)?( null)?(?: @ (.+))?$/;

/** Renders the statements that create the tables of one version on one engine, in an order that runs. */
export function renderSchema(schema: SchemaDescription, options: SchemaOptions): string[] {
  const tables = Object.entries(schema.tables).filter(
    ([, table]) => table.versions === undefined || table.versions.includes(options.version),
  );
  const creates: string[] = [];
  const afterwards: string[] = [];
  for (const [name, table] of tables) {
    const columns = table.columns.map((line) => parseColumn(line, options.version)).filter((c) => c !== null);
    creates.push(createTable(name, columns, table, options));
    afterwards.push(...indexes(name, columns, options));
  }
  if (options.engine !== 'mysql') return [...creates, ...afterwards];
  return ['SET FOREIGN_KEY_CHECKS = 0', ...creates, 'SET FOREIGN_KEY_CHECKS = 1'];
}

function parseColumn(line: string, version: string): ColumnParts | null {
  const match = COLUMN.exec(line);
  if (match === null) throw new Error(`schema description: cannot read \`${line}\``);
  const [, name = '', type = '', primary, references, unique, nullable, versions] = match;
  if (versions !== undefined && !versions.split(' ').includes(version)) return null;
  return {
    name,
    type,
    references,
    unique: unique !== undefined,
    nullable: nullable !== undefined,
    primary: primary !== undefined || type.endsWith('serial'),
  };
}

function createTable(
  name: string,
  columns: readonly ColumnParts[],
  table: TableDescription,
  options: SchemaOptions,
): string {
  const q = quote(options.engine);
  const parts = columns.map((column) => columnLine(column, options.engine));
  for (const unique of table.unique ?? []) parts.push(`UNIQUE (${unique.map(q).join(', ')})`);
  for (const check of table.checks ?? []) parts.push(`CHECK (${check})`);
  if (options.engine === 'mysql') {
    for (const { name: column, references } of columns) {
      if (references !== undefined)
        parts.push(`FOREIGN KEY (${q(column)}) REFERENCES ${q(references)} (${q('id')})`);
    }
  }
  const tail =
    options.engine === 'mysql'
      ? ` ENGINE=${options.storageEngine ?? 'InnoDB'} DEFAULT CHARSET=${options.characterSet ?? 'utf8mb4'}`
      : '';
  return `CREATE TABLE ${q(name)} (${parts.join(', ')})${tail}`;
}

function columnLine(column: ColumnParts, engine: Engine): string {
  const q = quote(engine);
  const words = [q(column.name), TYPES[engine](column.type)];
  if (column.primary && !(engine === 'sqlite' && column.type.endsWith('serial'))) words.push('PRIMARY KEY');
  words.push(column.nullable ? 'NULL' : 'NOT NULL');
  if (column.unique) words.push('UNIQUE');
  if (column.type === 'unsigned') words.push(`CHECK (${q(column.name)} >= 0)`);
  if (engine === 'sqlite' && column.references !== undefined)
    words.push(`REFERENCES ${q(column.references)} (${q('id')}) DEFERRABLE INITIALLY DEFERRED`);
  return words.join(' ');
}

/** Django indexes each foreign key itself (MariaDB does so by itself); PostgreSQL's keys are checked at COMMIT. */
function indexes(table: string, columns: readonly ColumnParts[], { engine }: SchemaOptions): string[] {
  const q = quote(engine);
  return columns
    .filter(({ references }) => references !== undefined)
    .flatMap(({ name, references = '', unique }) => [
      ...(unique ? [] : [`CREATE INDEX ${q(`${table}_${name}`.slice(-60))} ON ${q(table)} (${q(name)})`]),
      ...(engine === 'postgresql'
        ? [
            `ALTER TABLE ${q(table)} ADD FOREIGN KEY (${q(name)}) REFERENCES ${q(references)} (id) DEFERRABLE INITIALLY DEFERRED`,
          ]
        : []),
    ]);
}

const quote =
  (engine: Engine) =>
  (name: string): string =>
    engine === 'mysql' ? `\`${name}\`` : `"${name}"`;

const WORDS: Readonly<Record<Engine, Readonly<Record<string, string>>>> = {
  sqlite: {
    serial: 'integer NOT NULL PRIMARY KEY AUTOINCREMENT',
    bigserial: 'integer NOT NULL PRIMARY KEY AUTOINCREMENT',
    int: 'integer',
    interval: 'bigint',
    inet: 'char(39)',
    unsigned: 'integer unsigned',
  },
  mysql: {
    serial: 'int(11) AUTO_INCREMENT',
    bigserial: 'bigint(20) AUTO_INCREMENT',
    int: 'int(11)',
    bigint: 'bigint(20)',
    bool: 'tinyint(1)',
    datetime: 'datetime(6)',
    text: 'longtext',
    interval: 'bigint(20)',
    inet: 'char(39)',
    unsigned: 'int(10) unsigned',
  },
  postgresql: { int: 'integer', bool: 'boolean', datetime: 'timestamp with time zone', unsigned: 'integer' },
};

const TYPES = {
  sqlite: (type: string) => WORDS.sqlite[type] ?? type,
  mysql: (type: string) => WORDS.mysql[type] ?? type,
  postgresql: (type: string) => WORDS.postgresql[type] ?? type,
} as const;
