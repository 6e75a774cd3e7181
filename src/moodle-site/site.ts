import { asText } from '../kit/adapters/sql/as-text.js';
import type { Knex } from 'knex';
import { OperatorError } from '../kit/errors/operator-error.js';
import type { MoodlePermission, MoodleRole } from '../owners/moodle-facts.js';
import type { Query, SqlDatabase } from '../kit/adapters/sql/database.js';
import { texts } from './texts.js';

/** One Moodle database with its table prefix: what every file of this folder works with. */
export interface MoodleSite {
  readonly sql: SqlDatabase;
  readonly prefix: string;
  /** Name of the configuration section, for messages: `default`. */
  readonly name: string;
}

/** What is read once per connection: configuration, roles, and which tables exist. */
export interface SiteDescription {
  readonly identifier: string;
  readonly release: string;
  readonly version: string;
  readonly hasRecordingsTable: boolean;
  readonly roles: readonly MoodleRole[];
  readonly moderatorDefault: string;
  readonly localHostId: number;
  readonly defaultLanguage: string;
  /** Rows of moodle/site:accessallgroups; null where role_capabilities cannot be read. */
  readonly groupRules: readonly MoodlePermission[] | null;
}

const CONFIG = [
  'siteidentifier',
  'release',
  'version',
  'mnet_localhost_id',
  'bigbluebuttonbn_participant_moderator_default',
  'lang',
];

/** Name of one of Moodle's tables in this database. */
export const table = (site: MoodleSite, name: string): string => site.prefix + name;

/** bigint comes as text from one driver and as number from the other; ids fit a number. */
export const asNumber = (value: unknown): number => Number(value ?? 0);
export const asFlag = (value: unknown): boolean => asNumber(value) !== 0;

/**
 * Describes the site.
 * @throws OperatorError moodle-prefix-unknown with the prefixes found when the tables are not there;
 * database-right-missing when MariaDB hides the table of recordings, which says whose they are and which are deleted
 */
export async function describeSite(site: MoodleSite): Promise<SiteDescription> {
  const description = await describeSeen(site);
  const { hasRecordingsTable, release } = description;
  if (site.sql.engine !== 'mysql' || hasRecordingsTable || !isFour(release)) return description;
  const { user, label } = site.sql.settings;
  const detail = `SELECT on ${table(site, 'bigbluebuttonbn_recordings')}`;
  throw new OperatorError('database-right-missing', { user, database: label, detail });
}

/** Moodle 4.0 and later have the table of recordings for certain. */
export const isFour = (release: string): boolean => Number.parseInt(release, 10) >= 4;

/** The same by what the account sees, for doctor. */
export async function describeSeen(site: MoodleSite): Promise<SiteDescription> {
  const names = ['bigbluebuttonbn', 'bigbluebuttonbn_recordings', 'config', 'role'].map((name) =>
    table(site, name),
  );
  const groupRules = await readGroupRules(site);
  return site.sql.read(async (query) => {
    const tables = await listMoodleTables(site, query);
    if (names.some((name, i) => i !== 1 && !tables.includes(name))) throw prefixUnknown(site, tables);
    const config = new Map<string, string>();
    const rows = await rowsOf(query(table(site, 'config')).select('name', 'value').whereIn('name', CONFIG));
    for (const row of rows) config.set(asText(row['name']), asText(row['value']));
    const roles = await rowsOf(query(table(site, 'role')).select('id', 'shortname', 'archetype'));
    return {
      identifier: config.get('siteidentifier') ?? `${site.sql.settings.label}/${site.prefix}`,
      release: config.get('release') ?? '',
      version: config.get('version') ?? '',
      hasRecordingsTable: tables.includes(names[1] ?? ''),
      roles: roles.map((row) => ({
        id: asNumber(row['id']),
        shortname: asText(row['shortname']),
        archetype: asText(row['archetype']),
      })),
      moderatorDefault: config.get('bigbluebuttonbn_participant_moderator_default') ?? '0',
      localHostId: asNumber(config.get('mnet_localhost_id') ?? 1),
      defaultLanguage: config.get('lang') ?? '',
      groupRules,
    };
  });
}

/** A table of its own rights: an account made before it was needed goes on working, by the roles' archetypes. */
async function readGroupRules(site: MoodleSite): Promise<MoodlePermission[] | null> {
  try {
    const rows = await site.sql.read((query) =>
      rowsOf(
        query(table(site, 'role_capabilities'))
          .select('roleid', 'contextid', 'permission')
          .where('capability', 'moodle/site:accessallgroups')
          .orderBy('id'),
      ),
    );
    return rows.map((row) => ({
      roleId: asNumber(row['roleid']),
      contextId: asNumber(row['contextid']),
      permission: asNumber(row['permission']),
    }));
  } catch (error) {
    const isAbsent = error instanceof OperatorError && ABSENT.has(error.code);
    if (!isAbsent) throw error;
    return null;
  }
}

const ABSENT = new Set<string>(['database-table-missing', 'database-right-missing']);

export type Row = Readonly<Record<string, unknown>>;

/** Runs a query whose rows are read field by field. */
export const rowsOf = async (query: Knex.QueryBuilder): Promise<Row[]> => (await query) as Row[];

/** Tables of this database (MariaDB shows only those on which the account has a right) or schema (PostgreSQL: all). */
export async function listMoodleTables(site: MoodleSite, query: Query): Promise<string[]> {
  const [name, from, schema] =
    site.sql.engine === 'mysql'
      ? ['table_name', 'information_schema.tables', 'table_schema = DATABASE()']
      : ['tablename', 'pg_catalog.pg_tables', 'schemaname = current_schema()'];
  const rows = await rowsOf(
    query
      .select(query.raw(`${name} AS name`))
      .from(from)
      .whereRaw(schema)
      .whereRaw(`(${name} LIKE '%bigbluebuttonbn%' OR ${name} LIKE ?)`, [`${likeLiteral(site.prefix)}%`]),
  );
  return rows.map((row) => asText(row['name']));
}

function prefixUnknown(site: MoodleSite, tables: readonly string[]): OperatorError {
  const found = tables
    .filter((name) => name.endsWith('bigbluebuttonbn'))
    .map((name) => name.slice(0, -'bigbluebuttonbn'.length));
  const nearest = found.length === 0 ? 'none' : found.map((prefix) => `"${prefix}"`).join(', ');
  return texts.moodlePrefixUnknown({
    section: site.name,
    prefix: site.prefix,
    database: site.sql.settings.label,
    found: nearest,
  });
}

/** Cuts a list into parts of at most 500: PostgreSQL takes 65535 parameters, MySQL a packet. */
export function chunksOf<T>(values: readonly T[], size = 500): T[][] {
  const chunks: T[][] = [];
  for (let i = 0; i < values.length; i += size) chunks.push(values.slice(i, i + size));
  return chunks;
}

const likeLiteral = (text: string): string => text.replace(/[\\%_]/g, '\\$&');
