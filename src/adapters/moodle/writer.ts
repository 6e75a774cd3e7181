import { OperatorError } from '../../codes/operator-error.js';
import type { IntroChange, IntroResult, MoodleWriter } from '../../moodle/ports.js';
import type { Query } from '../sql/database.js';
import { accountOf, asNumber, asText, rowsOf, table, type MoodleSite, type Row } from './site.js';

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
  for (const { id, from, to } of changes) {
    const row = byId.get(id);
    if (row === undefined) results.push({ id, state: 'gone' });
    else if (introOf(row) !== from) results.push({ id, state: 'changed', intro: introOf(row) });
    else {
      await query(name)
        .where('id', id)
        .update({
          intro: to,
          timemodified: query.raw('CASE WHEN timemodified < ? THEN ? ELSE timemodified END', [
            nowSeconds,
            nowSeconds,
          ]),
        });
      courses.add(asNumber(row['course']));
      results.push({ id, state: 'written' });
    }
  }
  await outdateCaches(
    query,
    site,
    [...courses].sort((a, b) => a - b),
    nowSeconds,
  );
  return results;
}

export const introOf = (row: Row): string | null => (row['intro'] === null ? null : asText(row['intro']));

/**
 * Raises course.cacherev as Moodle does: to now, or by one. Moodle also lowers a revision of the far future, which
 * would keep the old text in its caches for good: that one is raised too.
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
  if (replica) throw new OperatorError('moodle-read-replica', { database: label });
  const tables = [name, table(site, 'course')];
  const [without] = await site.sql.listWithoutTransactions(tables);
  if (without !== undefined)
    throw new OperatorError('moodle-without-transactions', { database: label, table: without });
  try {
    await site.sql.rehearse(async (query) => {
      await query(name).select('id', 'course', 'intro').where('id', 0).forUpdate();
      await query(name).where('id', 0).update({ intro: '', timemodified: 0 });
      await query(table(site, 'course'))
        .where('id', 0)
        .update({ cacherev: query.raw('cacherev + 1') });
    });
  } catch (error) {
    if (error instanceof OperatorError && error.code === 'database-right-missing')
      throw new OperatorError(
        'moodle-write-right-missing',
        { database: label, grants: annotateGrants(site).join(' ') },
        { cause: error },
      );
    throw error;
  }
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

/** Exact statements that give the writing account what it needs, no more. */
export function annotateGrants(site: MoodleSite, account = accountOf(site)): string[] {
  const on = (name: string): string =>
    site.sql.engine === 'mysql'
      ? `\`${site.sql.settings.name}\`.\`${table(site, name)}\``
      : `${site.sql.settings.schema ?? 'public'}.${table(site, name)}`;
  return [
    `GRANT SELECT, UPDATE (intro, timemodified) ON ${on('bigbluebuttonbn')} TO ${account};`,
    `GRANT SELECT, UPDATE (cacherev) ON ${on('course')} TO ${account};`,
  ];
}
