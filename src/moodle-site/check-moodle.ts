import { checkResult, type CheckResult } from '../kit/checks/check-result.js';
import { OperatorError } from '../kit/errors/operator-error.js';
import { describeSeen, isFour, listMoodleTables, table, type MoodleSite } from './site.js';
import { findMissingReads, READ_TABLES, readGrantsToEnter } from './tables.js';
import { annotateGrants, checkWritable, isReplica } from './writer.js';

/**
 * doctor's look at one Moodle: engine, prefix, generation of the schema, every column read, and, with an annotate
 * account, its rights, proven in a transaction that is rolled back. Throws an OperatorError when it cannot be reached.
 */
export async function checkMoodleSite(
  site: MoodleSite,
  writing: MoodleSite | null,
): Promise<readonly CheckResult[]> {
  const subject = `moodle.${site.name}`;
  const server = await site.sql.serverVersion().catch((error: unknown) => {
    if (isDenied(error)) return null;
    throw error;
  });
  if (server === null) {
    const { name } = site.sql.settings;
    const refused = rightMissing(subject, [`database ${name}`], await readGrantsToEnter(site));
    return [refused, ...(await writeResults(writing, subject))];
  }
  const answers = checkResult('moodle-database-answers', subject, {
    server,
    database: site.sql.settings.label,
  });
  const tables = await site.sql.read((query) => listMoodleTables(site, query));
  const reads = await findMissingReads(site, await hasRecordings(site, tables));
  const isSeen = tables.includes(table(site, 'bigbluebuttonbn'));
  // Other tables of the plugin that can be seen say that the prefix is wrong; none, that the rights are.
  const isElsewhere =
    !isSeen && (reads.tables.length === 0 || tables.some((name) => name.endsWith('bigbluebuttonbn')));
  if (isElsewhere) return [answers, await prefixResult(site, subject)];
  const lacking =
    reads.tables.length === 0 ? [] : [rightMissing(subject, reads.tables, reads.statements, reads.optional)];
  const results = [answers, ...(isSeen ? await columnResults(site, subject, tables) : []), ...lacking];
  if (results.some(({ status }) => status === 'critical'))
    return [...results, ...(await writeResults(writing, subject))];
  const { release, hasRecordingsTable } = await describeSeen(site);
  const code = hasRecordingsTable ? 'moodle-schema-current' : 'moodle-schema-old';
  results.push(
    checkResult(code, subject, { release: release === '' ? 'unknown' : release, prefix: site.prefix }),
  );
  results.push(...(await characterResult(site, subject)), ...(await writeResults(writing, subject)));
  return results;
}

async function prefixResult(site: MoodleSite, subject: string): Promise<CheckResult> {
  try {
    await describeSeen(site);
  } catch (error) {
    if (error instanceof OperatorError && error.code === 'moodle-prefix-unknown')
      return checkResult(error.code, subject, error.parameters);
    throw error;
  }
  return checkResult('moodle-prefix-unknown', subject, {
    section: site.name,
    prefix: site.prefix,
    database: site.sql.settings.label,
    found: 'none',
  });
}

const isDenied = (error: unknown): boolean =>
  error instanceof OperatorError && error.code === 'database-right-missing';

const rightMissing = (
  subject: string,
  tables: readonly string[],
  statements: readonly string[],
  optional = false,
): CheckResult =>
  checkResult(
    'moodle-right-missing',
    subject,
    { tables: tables.join(', '), grants: statements.join(' ') },
    optional ? { status: 'warning' } : {},
  );

/** Whether this Moodle has the table of recordings: seen, or known by the release. Null when neither can be said. */
async function hasRecordings(site: MoodleSite, tables: readonly string[]): Promise<boolean | null> {
  if (tables.includes(table(site, 'bigbluebuttonbn_recordings'))) return true;
  // PostgreSQL hides nothing.
  if (site.sql.engine === 'postgresql') return false;
  try {
    const { release } = await describeSeen(site);
    return isFour(release) ? true : null;
  } catch (error) {
    if (error instanceof OperatorError) return null;
    throw error;
  }
}

/** One result per table that lacks a column which is read. */
async function columnResults(
  site: MoodleSite,
  subject: string,
  tables: readonly string[],
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const { name, columns } of READ_TABLES) {
    const full = table(site, name);
    if (!tables.includes(full)) continue;
    try {
      await site.sql.read((query) => query(full).select(columns).limit(1));
    } catch (error) {
      if (!(error instanceof OperatorError)) throw error;
      if (isDenied(error)) continue;
      if (error.code !== 'database-column-missing') throw error;
      const detail = String(error.parameters['detail'] ?? '');
      results.push(
        checkResult(
          'moodle-column-missing',
          subject,
          { table: full, detail },
          { id: `moodle-column-missing@${full}` },
        ),
      );
    }
  }
  return results;
}

async function characterResult(site: MoodleSite, subject: string): Promise<CheckResult[]> {
  const columns = await site.sql.listColumns([table(site, 'bigbluebuttonbn')]);
  const set = columns.find(({ column }) => column === 'intro')?.characterSet ?? null;
  if (set === null || set === 'utf8mb4') return [];
  return [checkResult('moodle-character-set', subject, { characterSet: set })];
}

async function writeResults(writing: MoodleSite | null, subject: string): Promise<CheckResult[]> {
  const own = `${subject}.annotate_database`;
  if (writing === null) return [];
  try {
    await checkWritable(writing);
    return [checkResult('moodle-writable', own, { database: writing.sql.settings.label })];
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    const replica =
      error.code === 'database-read-only' && (await writing.sql.read((query) => isReplica(query, writing)));
    if (replica) return [checkResult('moodle-read-replica', own, { database: writing.sql.settings.label })];
    const { label } = writing.sql.settings;
    if (isDenied(error))
      return [
        checkResult('moodle-write-right-missing', own, {
          database: label,
          grants: (await annotateGrants(writing)).join(' '),
        }),
      ];
    return [checkResult(error.code, own, error.parameters, { status: 'critical' })];
  }
}
