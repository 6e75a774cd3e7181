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
    const lists = [
      ...(text.unique ?? []).map((list) => ({ list, unique: 'UNIQUE ' })),
      ...(text.indexes ?? []).map((list) => ({ list, unique: '' })),
    ];
    const nameOf = (i: number): string =>
      quote(`${prefix}${name.replaceAll('bigbluebuttonbn', 'bbb')}_ix${i}`, engine);
    // MariaDB builds a table again for every index that comes later.
    const keys = lists.map(
      ({ list, unique }, i) => `${unique}KEY ${nameOf(i)} (${list.split(',').join(', ')})`,
    );
    const inside = engine === 'mysql' ? [...columns, ...keys] : columns;
    statements.push(`CREATE TABLE ${table} (${[idSql(engine), ...inside].join(', ')})${tail}`);
    if (engine === 'postgresql')
      statements.push(
        ...lists.map(
          ({ list, unique }, i) =>
            `CREATE ${unique}INDEX ${nameOf(i)} ON ${table} (${list.split(',').join(', ')})`,
        ),
      );
  }
  await database.admin.raw(statements.join(';\n'));
  const config: SeedRow[] = [...(seed['config'] ?? []), { name: 'release', value: step.release }];
  for (const [name, rows] of Object.entries({ ...seed, config })) {
    if (step.drop?.includes(name) === true) continue;
    for (let i = 0; i < rows.length; i += 200)
      await database.admin(prefix + name).insert(rows.slice(i, i + 200));
  }
  if (engine === 'postgresql') {
    const names = Object.keys(schema.tables).filter((name) => step.drop?.includes(name) !== true);
    const next = names.map(
      (name) =>
        `SELECT setval(pg_get_serial_sequence('${prefix}${name}', 'id'), (SELECT COALESCE(MAX(id), 0) + 1 FROM ${quote(prefix + name, engine)}), false)`,
    );
    await database.admin.raw(next.join(';\n'));
  }
}

/** Puts the rows of some tables back as the seed has them. */
export async function resetMoodleSite(
  database: TestDatabase,
  seed: Seed,
  tables: readonly string[],
): Promise<void> {
  for (const name of tables) {
    await database.admin(`mdl_${name}`).del();
    await database.admin(`mdl_${name}`).insert(seed[name] ?? []);
  }
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
