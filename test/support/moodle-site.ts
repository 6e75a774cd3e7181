/* Builds a Moodle database of our own: tables from fixtures/schemas/moodle, any prefix, in its 2.4, 4.5 or 5.1 form. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { TestDatabase } from './servers.js';

export type MoodleForm = '2.4' | '4.5' | '5.1';
export type SeedRow = Readonly<Record<string, string | number | null>>;
export type Seed = Readonly<Record<string, readonly SeedRow[]>>;

interface TableText {
  readonly columns: readonly string[];
  readonly indexes?: readonly string[];
  readonly unique?: readonly string[];
}
interface StepText {
  readonly drop?: readonly string[];
  readonly without?: Readonly<Record<string, readonly string[]>>;
  readonly with?: Readonly<Record<string, readonly string[]>>;
  readonly retype?: Readonly<Record<string, readonly string[]>>;
  readonly release: string;
}
interface SchemaText {
  readonly tables: Readonly<Record<string, TableText>>;
  readonly steps: Readonly<Record<MoodleForm, StepText>>;
}

const schema = JSON.parse(
  readFileSync(path.resolve(import.meta.dirname, '../../fixtures/schemas/moodle/tables.json'), 'utf8'),
) as SchemaText;

interface SiteOptions {
  readonly prefix?: string;
  readonly form?: MoodleForm;
  /** MariaDB's character set of the tables. */
  readonly characterSet?: 'utf8mb4' | 'utf8mb3';
  readonly storage?: 'InnoDB' | 'MyISAM';
}

/** Creates the tables and fills them; rows of tables that the form lacks are left out. */
export async function createMoodleSite(
  database: TestDatabase,
  seed: Seed,
  { prefix = 'mdl_', form = '4.5', characterSet = 'utf8mb4', storage = 'InnoDB' }: SiteOptions = {},
): Promise<void> {
  const step = schema.steps[form];
  const engine = database.engine === 'mysql' ? 'mysql' : 'postgresql';
  const tail = engine === 'mysql' ? ` ENGINE=${storage} DEFAULT CHARSET=${characterSet}` : '';
  const statements: string[] = [];
  for (const [name, text] of Object.entries(schema.tables)) {
    if (step.drop?.includes(name) === true) continue;
    const columns = columnsOf(name, text, step).map((column) => columnSql(column, engine));
    const table = quote(prefix + name, engine);
    statements.push(`CREATE TABLE ${table} (${[idSql(engine), ...columns].join(', ')})${tail}`);
    const index = (list: string, i: number, unique: string): string =>
      `CREATE ${unique}INDEX ${quote(`${prefix}${name.replaceAll('bigbluebuttonbn', 'bbb')}_${unique === '' ? 'ix' : 'ux'}${i}`, engine)} ON ${table} (${list.split(',').join(', ')})`;
    statements.push(...(text.unique ?? []).map((list, i) => index(list, i, 'UNIQUE ')));
    statements.push(...(text.indexes ?? []).map((list, i) => index(list, i, '')));
  }
  // One statement at a time: some prefixes of long text keys warn on MariaDB, and the first error should name its table.
  for (const statement of statements) await database.admin.raw(statement);
  const config: SeedRow[] = [...(seed['config'] ?? []), { name: 'release', value: step.release }];
  for (const [name, rows] of Object.entries({ ...seed, config })) {
    if (step.drop?.includes(name) === true) continue;
    for (let i = 0; i < rows.length; i += 200)
      await database.admin(prefix + name).insert(rows.slice(i, i + 200));
  }
  if (engine === 'postgresql')
    for (const name of Object.keys(schema.tables).filter((table) => step.drop?.includes(table) !== true))
      await database.admin.raw(
        `SELECT setval(pg_get_serial_sequence('${prefix}${name}', 'id'), (SELECT COALESCE(MAX(id), 0) + 1 FROM ${quote(prefix + name, engine)}), false)`,
      );
}

function columnsOf(name: string, { columns }: TableText, step: StepText): string[] {
  const word = (column: string): string => column.split(' ')[0] ?? '';
  const retyped = step.retype?.[name] ?? [];
  return [...columns, ...(step.with?.[name] ?? [])]
    .filter((column) => step.without?.[name]?.includes(word(column)) !== true)
    .map((column) => retyped.find((other) => word(other) === word(column)) ?? column);
}

type Engine = 'mysql' | 'postgresql';
const quote = (name: string, engine: Engine): string => (engine === 'mysql' ? `\`${name}\`` : `"${name}"`);
const idSql = (engine: Engine): string =>
  engine === 'mysql' ? '`id` bigint(10) NOT NULL AUTO_INCREMENT PRIMARY KEY' : '"id" bigserial PRIMARY KEY';

/** `name int10 =0`, `name char255 null`, `name text null`: as Moodle's own generator turns them into SQL. */
function columnSql(column: string, engine: Engine): string {
  const [name = '', type = '', rest = ''] = column.split(' ');
  const [, kind = '', digits = ''] = /^([a-z]+)(\d*)$/.exec(type) ?? [];
  const value = rest.slice(1);
  const missing =
    rest === 'null' ? 'DEFAULT NULL' : `NOT NULL DEFAULT ${kind === 'int' ? value : `'${value}'`}`;
  const sqlType =
    kind === 'char'
      ? `varchar(${digits})`
      : kind === 'text'
        ? textType(engine)
        : intType(Number(digits), engine);
  return `${quote(name, engine)} ${sqlType} ${missing}`;
}

const textType = (engine: Engine): string => (engine === 'mysql' ? 'longtext' : 'text');

function intType(digits: number, engine: Engine): string {
  if (engine === 'postgresql') return digits >= 10 ? 'bigint' : digits >= 5 ? 'integer' : 'smallint';
  if (digits >= 10) return `bigint(${digits})`;
  if (digits >= 7) return `int(${digits})`;
  if (digits >= 5) return `mediumint(${digits})`;
  return digits >= 3 ? `smallint(${digits})` : `tinyint(${digits})`;
}
