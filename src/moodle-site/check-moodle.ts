import { checkResult, type CheckResult } from '../kit/checks/check-result.js';
import { OperatorError } from '../kit/errors/operator-error.js';
import { describeSite, listMoodleTables, table, type MoodleSite } from './site.js';
import { READ_TABLES, readGrants } from './tables.js';
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
  const server = await site.sql.serverVersion();
  const answers = checkResult('moodle-database-answers', subject, {
    server,
    database: site.sql.settings.label,
  });
  const tables = await site.sql.read((query) => listMoodleTables(site, query));
  if (!tables.includes(table(site, 'bigbluebuttonbn'))) return [answers, await prefixResult(site, subject)];
  const results = [answers, ...(await readResults(site, subject, tables))];
  if (results.length > 1) return [...results, ...(await writeResults(writing, subject))];
  const { release, hasRecordingsTable } = await describeSite(site);
  const code = hasRecordingsTable ? 'moodle-schema-current' : 'moodle-schema-old';
  results.push(
    checkResult(code, subject, { release: release === '' ? 'unknown' : release, prefix: site.prefix }),
  );
  results.push(...(await characterResult(site, subject)), ...(await writeResults(writing, subject)));
  return results;
}

async function prefixResult(site: MoodleSite, subject: string): Promise<CheckResult> {
  try {
    await describeSite(site);
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

/** One result per table that cannot be read whole: missing columns, or missing rights with all grants. */
async function readResults(
  site: MoodleSite,
  subject: string,
  tables: readonly string[],
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  const refused: string[] = [];
  for (const { name, columns, optional } of READ_TABLES) {
    const full = table(site, name);
    if (optional === true && !tables.includes(full)) continue;
    try {
      await site.sql.read((query) => query(full).select(columns).limit(1));
    } catch (error) {
      if (!(error instanceof OperatorError)) throw error;
      // MariaDB hides tables without any right; PostgreSQL shows them.
      if (error.code === 'database-right-missing' || error.code === 'database-table-missing')
        refused.push(full);
      else if (error.code === 'database-column-missing')
        results.push(
          checkResult(
            'moodle-column-missing',
            subject,
            {
              table: full,
              detail: String(error.parameters['detail'] ?? ''),
            },
            { id: `moodle-column-missing@${full}` },
          ),
        );
      else throw error;
    }
  }
  if (refused.length > 0)
    results.push(
      checkResult('moodle-right-missing', subject, {
        tables: refused.join(', '),
        grants: readGrants(site, [...tables, ...refused]).join(' '),
      }),
    );
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
    const grants = annotateGrants(writing).join(' ');
    return [checkResult(error.code, own, { ...error.parameters, grants }, { status: 'critical' })];
  }
}
