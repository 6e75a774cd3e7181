import { identifier, whoAmI, type Account } from '../kit/adapters/sql/account.js';
import { findLacking, grantEntry } from '../kit/adapters/sql/rights.js';
import { OperatorError } from '../kit/errors/operator-error.js';
import type { IntroChange, IntroResult, MoodleWriter } from '../moodle/ports.js';
import type { Query } from '../kit/adapters/sql/database.js';
import { asText } from '../kit/adapters/sql/as-text.js';
import { asNumber, rowsOf, table, type MoodleSite, type Row } from './site.js';
import { texts } from './texts.js';

/** Opens one Moodle for writing intros, with the account of `annotate_database`. */
export function openMoodleWriter(site: MoodleSite): MoodleWriter {
  return {
    checkWritable: () => checkWritable(site),
    writeIntros: (changes) =>
      site.sql.write((query) => writeIntros(query, site, changes, Math.floor(Date.now() / 1000))),
  };
}

/** Locks, compares byte for byte in memory (the databases compare without case or accents), writes what differs. */
async function writeIntros(
  query: Query,
  site: MoodleSite,
  changes: readonly IntroChange[],
  nowSeconds: number,
): Promise<IntroResult[]> {
  const name = table(site, 'bigbluebuttonbn');
  const rows = await rowsOf(
    query(name)
      .select('id', 'course', 'intro')
      .whereIn(
        'id',
        changes.map(({ id }) => id),
      )
      .orderBy('id')
      .forUpdate(),
  );
  const byId = new Map(rows.map((row) => [asNumber(row['id']), row]));
  const results: IntroResult[] = [];
  const courses = new Set<number>();
  const written: IntroChange[] = [];
  for (const change of changes) {
    const row = byId.get(change.id);
    if (row === undefined) results.push({ id: change.id, state: 'gone' });
    else if (introOf(row) !== change.from)
      results.push({ id: change.id, state: 'changed', intro: introOf(row) });
    else {
      written.push(change);
      courses.add(asNumber(row['course']));
      results.push({ id: change.id, state: 'written' });
    }
  }
  for (const batch of batchesOf(written)) await updateIntros(query, site, batch, nowSeconds);
  await outdateCaches(
    query,
    site,
    [...courses].sort((a, b) => a - b),
    nowSeconds,
  );
  return results;
}

/** One statement stays far below the smallest usual packet limit (16 MB). */
const MAX_STATEMENT_CHARACTERS = 1_000_000;

function batchesOf(changes: readonly IntroChange[]): IntroChange[][] {
  const batches: IntroChange[][] = [];
  let size = Infinity;
  for (const change of changes) {
    const length = change.to?.length ?? 0;
    if (size + length > MAX_STATEMENT_CHARACTERS) {
      batches.push([]);
      size = 0;
    }
    batches.at(-1)?.push(change);
    size += length;
  }
  return batches;
}

/** One UPDATE for many texts: a round trip each would cost more than the writing. */
async function updateIntros(
  query: Query,
  site: MoodleSite,
  changes: readonly IntroChange[],
  nowSeconds: number,
): Promise<void> {
  const isPostgresql = site.sql.engine === 'postgresql';
  const when = isPostgresql ? 'WHEN CAST(? AS bigint) THEN CAST(? AS text)' : 'WHEN ? THEN ?';
  const cases = changes.map(() => when).join(' ');
  await query(table(site, 'bigbluebuttonbn'))
    .whereIn(
      'id',
      changes.map(({ id }) => id),
    )
    .update({
      intro: query.raw(
        `CASE id ${cases} ELSE intro END`,
        changes.flatMap(({ id, to }) => [id, to]),
      ),
      timemodified: query.raw('CASE WHEN timemodified < ? THEN ? ELSE timemodified END', [
        nowSeconds,
        nowSeconds,
      ]),
    });
}

export const introOf = (row: Row): string | null => (row['intro'] === null ? null : asText(row['intro']));

/**
 * Raises course.cacherev as Moodle does (lib/datalib.php, increment_revision_number): to now, or by one. Moodle also
 * lowers a revision of the far future, which would keep the old text in its caches for good: that one is raised too.
 */
async function outdateCaches(
  query: Query,
  site: MoodleSite,
  courses: readonly number[],
  nowSeconds: number,
): Promise<void> {
  if (courses.length === 0) return;
  await query(table(site, 'course'))
    .whereIn('id', courses)
    .update({
      cacherev: query.raw('CASE WHEN cacherev IS NULL OR cacherev < ? THEN ? ELSE cacherev + 1 END', [
        nowSeconds,
        nowSeconds,
      ]),
    });
}

/** See MoodleWriter.checkWritable. */
export async function checkWritable(site: MoodleSite): Promise<void> {
  const name = table(site, 'bigbluebuttonbn');
  const label = site.sql.settings.label;
  const replica = await site.sql.read((query) => isReplica(query, site));
  if (replica) throw texts.moodleReadReplica({ database: label });
  const tables = [name, table(site, 'course')];
  const [without] = await site.sql.listWithoutTransactions(tables);
  if (without !== undefined) throw texts.moodleWithoutTransactions({ database: label, table: without });
  try {
    await site.sql.rehearse(async (query) => {
      await query(name).select('id', 'course', 'intro').where('id', 0).forUpdate();
      await query(name).where('id', 0).update({ intro: '', timemodified: 0 });
      await query(table(site, 'course'))
        .where('id', 0)
        .update({ cacherev: query.raw('cacherev + 1') });
    });
  } catch (error) {
    if (await isRefused(site, error))
      throw texts.moodleWriteRightMissing(
        { database: label, grants: (await annotateGrants(site)).join(' ') },
        { cause: error },
      );
    throw error;
  }
}

/** PostgreSQL shows an account that may not enter the schema no table in it. */
async function isRefused({ sql }: MoodleSite, error: unknown): Promise<boolean> {
  if (!(error instanceof OperatorError)) return false;
  if (error.code === 'database-right-missing') return true;
  if (error.code !== 'database-table-missing' || sql.engine !== 'postgresql') return false;
  return (await findLacking(sql, [], (await whoAmI(sql)).schema)).schema;
}

/** A standby or read-only server takes no writes, or loses them. */
export async function isReplica(query: Query, site: MoodleSite): Promise<boolean> {
  if (site.sql.engine === 'postgresql') {
    const { rows } = await query.raw<{ rows: Row[] }>('SELECT pg_is_in_recovery() AS replica');
    return rows[0]?.['replica'] === true;
  }
  const [rows = []] = await query.raw<[Row[]?]>('SELECT @@global.read_only AS replica');
  const value = rows[0]?.['replica'];
  return value === 1 || value === '1' || value === 'ON';
}

/** Exact statements that give the writing account in use what it needs, no more. */
export const annotateGrants = async (site: MoodleSite): Promise<string[]> =>
  grantsToWrite(site, await whoAmI(site.sql));

/** For a writing account that is not there yet: made, then given its rights. */
export function newWriterGrants(site: MoodleSite, name: string): string[] {
  const { engine, settings } = site.sql;
  const account = engine === 'mysql' ? `'${name}'@'%'` : name;
  const schema = settings.schema ?? 'public';
  return [
    engine === 'mysql'
      ? `CREATE USER ${account} IDENTIFIED BY 'CHOOSE-A-PASSWORD';`
      : `CREATE ROLE ${account} LOGIN PASSWORD 'CHOOSE-A-PASSWORD';`,
    ...grantsToWrite(site, { account, schema }),
  ];
}

function grantsToWrite(site: MoodleSite, { account, schema }: Account): string[] {
  const { engine, settings } = site.sql;
  const on = (name: string): string =>
    engine === 'mysql'
      ? `\`${settings.name}\`.\`${table(site, name)}\``
      : `${identifier(schema)}.${identifier(table(site, name))}`;
  return [
    ...(engine === 'mysql'
      ? []
      : [grantEntry(settings.name, account), `GRANT USAGE ON SCHEMA ${identifier(schema)} TO ${account};`]),
    `GRANT SELECT, UPDATE (intro, timemodified) ON ${on('bigbluebuttonbn')} TO ${account};`,
    `GRANT SELECT, UPDATE (cacherev) ON ${on('course')} TO ${account};`,
  ];
}
