import { checkResult, type CheckResult } from '../../kit/checks/check-result.js';
import { OperatorError } from '../../kit/errors/operator-error.js';
import type { CheckPodDatabase, PodExpectations, PodFindings } from '../../doctor/ports.js';
import type { Query, SqlDatabase } from '../../kit/adapters/sql/database.js';
import { probeColumns } from '../../kit/adapters/sql/probe-columns.js';
import { findRecorder } from './claims.js';
import { adminResults, otherSiteResults, recorderResults, siteResults } from './check-expectations.js';
import { pagesOfRecordings, RECORDINGS } from './external-recordings.js';
import { findDoubledAccounts, namesOfDoubled } from './doubled-accounts.js';
import {
  findMissingGrants,
  grantsToEnter,
  isShutOut,
  USER_TABLES,
  type MissingGrants,
} from './missing-grants.js';
import { writeResults } from './rehearse-write.js';
import { readSchemaUnchecked, type PodSchema, type PodTables } from './schema.js';
import { TABLES, written } from './tables.js';
import { findUsersById } from './users.js';

const SUBJECT = 'pod.database';

/** doctor's look at Pod's database: everything a migration will need, proven and put back. */
export const checkPodDatabase =
  (database: SqlDatabase): CheckPodDatabase =>
  async (expected) => {
    const server = await database.serverVersion().catch(async (error: unknown) => {
      if (isShutOut(error)) return null;
      throw error;
    });
    if (server === null) {
      const grants = (await grantsToEnter(database)).join(' ');
      return { results: [rightMissing([`database ${database.settings.name}`], grants)], facts: null };
    }
    const schema = await readSchemaUnchecked(database);
    const results: CheckResult[] = [
      checkResult('pod-database-answers', SUBJECT, { server, database: database.settings.label }),
    ];
    if (schema.isFive()) {
      const five = checkResult(
        'pod-five',
        SUBJECT,
        { database: database.settings.label },
        { status: 'critical' },
      );
      return { results: [...results, five], facts: null };
    }
    const lacking = await findMissingGrants(database, schema);
    const grants = lacking.statements.join(' ');
    // What the account may not see is not missing.
    const missing = schema.missing().filter((name) => !isHidden(name, schema, lacking));
    const isClosed = lacking.on.some((name) => isHidden(name, schema, lacking) && !schema.has(name));
    const isDark = database.engine === 'mysql' || lacking.on.some((name) => name.startsWith('schema '));
    const hidden = isDark && isClosed;
    if (!hidden || missing.length > 0) results.push(...tableResults(schema, missing));
    if (hidden) results.push(rightMissing(lacking.on, grants));
    if (hidden || missing.length > 0) return { results, facts: null };
    results.push(checkResult('pod-version', SUBJECT, { version: schema.version() }));
    results.push(...storageResults(database, schema));
    const readable = await readResults(database, schema, grants);
    results.push(...readable);
    if (readable.some(({ status }) => status === 'critical')) return { results, facts: null };
    if (lacking.unseen.length > 0)
      results.push(checkResult('pod-tables-unseen', SUBJECT, { tables: lacking.unseen.join(', ') }));
    if (readable.length === 0) results.push(...(await sequenceResults(database, schema)));
    return describeExpected(database, schema, { expected, grants, results });
  };

const rightMissing = (on: readonly string[], grants: string): CheckResult =>
  checkResult('pod-right-missing', SUBJECT, {
    detail: on.length > NAMED_TABLES ? `${on.slice(0, NAMED_TABLES).join(', ')}…` : on.join(', '),
    grants,
  });

/** A table or `table.column` that the account may not see: MariaDB's without a right, PostgreSQL's in a closed schema. */
function isHidden(name: string, schema: PodSchema, { on }: MissingGrants): boolean {
  const [table = name] = name.split('.');
  return on.includes(table) || (!schema.has(table) && on.some((one) => one.startsWith('schema ')));
}

async function describeExpected(
  database: SqlDatabase,
  schema: PodSchema,
  { expected, grants, results }: { expected: PodExpectations; grants: string; results: CheckResult[] },
): Promise<PodFindings> {
  results.push(...(await accountResults(database)));
  const sites = await listSites(database);
  const site = sites.find(({ id }) => id === expected.siteId);
  results.push(...siteResults(expected.siteId, site, sites), ...otherSiteResults(expected, sites));
  const [admin] = await findUsersById(database, [expected.adminId]);
  results.push(...adminResults(expected, admin));
  const recorder = await findRecorder(database, expected.recorderId);
  results.push(...recorderResults(expected, recorder));
  results.push(
    ...(await writeResults(database, schema, { expected, grants, siteFound: site !== undefined })),
  );
  return {
    results,
    facts: {
      version: schema.version(),
      siteDomain: site?.domain ?? '',
      claimPathLength: Math.min(
        schema.lengthOf('recorder_recordingfiletreatment', 'file'),
        schema.lengthOf('recorder_recording', 'source_file'),
      ),
      recorderDirectory: recorder?.directory ?? null,
      recorderName: recorder?.name ?? null,
      playbackHosts: await waitingHosts({ database, schema }),
    },
  };
}

/** More than these are counted, not named. */
const NAMED = 20;
const NAMED_TABLES = 6;

/** People with two accounts: OIDC refuses them, and nobody can tell which one a recording should go to. */
async function accountResults(database: SqlDatabase): Promise<CheckResult[]> {
  const doubled = await findDoubledAccounts(database);
  if (doubled.length === 0) return [];
  return [
    checkResult('pod-accounts-doubled', SUBJECT, {
      count: doubled.length,
      accounts: namesOfDoubled(doubled, NAMED),
    }),
  ];
}

function tableResults(schema: PodSchema, missing: readonly string[]): CheckResult[] {
  const problems = missing.map((name) =>
    name.includes('.')
      ? checkResult('pod-column-missing', SUBJECT, { column: name }, { id: `pod-column-missing@${name}` })
      : checkResult('pod-table-missing', SUBJECT, { table: name }, { id: `pod-table-missing@${name}` }),
  );
  const surprises = schema
    .unexpected()
    .map((column) =>
      checkResult('pod-column-unexpected', SUBJECT, { column }, { id: `pod-column-unexpected@${column}` }),
    );
  if (problems.length > 0) return [...problems, ...surprises];
  const present = TABLES.filter(({ table }) => schema.has(table));
  const columns = present.reduce((sum, { columns: names }) => sum + names.length, 0);
  return [checkResult('pod-tables-present', SUBJECT, { tables: present.length, columns }), ...surprises];
}

function storageResults(database: SqlDatabase, schema: PodSchema): CheckResult[] {
  const results: CheckResult[] = [];
  const [first] = schema.withoutTransactions;
  if (first !== undefined)
    results.push(
      checkResult('database-without-transactions', SUBJECT, {
        database: database.settings.label,
        tables: schema.withoutTransactions.join(', '),
        table: first,
      }),
    );
  if (!schema.storesAllCharacters())
    results.push(
      checkResult('pod-character-set', SUBJECT, {
        characterSet: schema.characterSetOf(RECORDINGS, 'name') ?? '',
        table: RECORDINGS,
      }),
    );
  return results;
}

/** After an import with given ids (as from Pod 3 to 4) a sequence may hand out ids that exist. */
async function sequenceResults(database: SqlDatabase, schema: PodSchema): Promise<CheckResult[]> {
  if (database.engine !== 'postgresql') return [];
  const behind: string[] = [];
  for (const table of written().filter((name) => schema.has(name))) {
    if (await database.read((query) => isSequenceBehind(query, table))) behind.push(table);
  }
  return behind.map((table) =>
    checkResult('pod-sequence-behind', SUBJECT, { table }, { id: `pod-sequence-behind@${table}` }),
  );
}

async function isSequenceBehind(query: Query, table: string): Promise<boolean> {
  const found = await query.raw<{ rows: { schema: string; name: string }[] }>(
    `SELECT n.nspname AS schema, c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.oid = pg_get_serial_sequence(?, 'id')::regclass`,
    [table],
  );
  const [sequence] = found.rows;
  if (sequence === undefined) return false;
  const { rows } = await query.raw<{ rows: { behind: boolean }[] }>(
    `SELECT (SELECT COALESCE(MAX(id), 0) FROM ??) >= last_value + CASE WHEN is_called THEN 1 ELSE 0 END AS behind
     FROM ??.??`,
    [table, sequence.schema, sequence.name],
  );
  return rows[0]?.behind === true;
}

/** Every column we select, selected once; also those that only undo looks at. */
async function readResults(database: SqlDatabase, schema: PodSchema, grants: string): Promise<CheckResult[]> {
  const keys = await database.listForeignKeys(USER_TABLES);
  const closed = await refusedTables(database, [
    ...TABLES.filter(({ table }) => schema.has(table)),
    ...keys.map(({ table, column }) => ({ table, columns: [column] })),
  ]);
  const needed = new Set(TABLES.map(({ table }) => table));
  const refused = closed.filter((table) => needed.has(table));
  const spared = closed.filter((table) => !needed.has(table));
  if (refused.length === 0 && !(await maySeeSequences(database, schema))) spared.push('the id sequences');
  const results: CheckResult[] = [];
  if (refused.length > 0)
    results.push(
      checkResult('pod-right-missing', SUBJECT, { detail: `SELECT on ${refused.join(', ')}`, grants }),
    );
  // A run does without these: undo looks there before it removes an account, doctor before it trusts a sequence.
  if (spared.length > 0)
    results.push(
      checkResult(
        'pod-right-missing',
        SUBJECT,
        { detail: `SELECT on ${spared.join(', ')} (only for undo and doctor)`, grants },
        { status: 'warning', id: `pod-right-missing@undo` },
      ),
    );
  return results;
}

/** Those of which the account may not select every column. */
async function refusedTables(
  database: SqlDatabase,
  uses: readonly { readonly table: string; readonly columns: readonly string[] }[],
): Promise<string[]> {
  const refused = new Set<string>();
  for (const { table, columns } of uses)
    if ((await probeColumns(database, table, columns)) === 'refused') refused.add(table);
  return [...refused];
}

async function maySeeSequences(database: SqlDatabase, schema: PodSchema): Promise<boolean> {
  try {
    await sequenceResults(database, schema);
    return true;
  } catch (error) {
    if (error instanceof OperatorError && error.code === 'database-right-missing') return false;
    throw error;
  }
}

/** Hosts of the links that nobody imported yet; no more than are worth a line. */
async function waitingHosts(tables: PodTables): Promise<string[]> {
  const hosts = new Set<string>();
  for await (const page of pagesOfRecordings(tables, 0)) {
    for (const row of page)
      if (row.type === 'bigbluebutton' && row.uploadedToPodById === null && URL.canParse(row.sourceUrl))
        hosts.add(new URL(row.sourceUrl).hostname);
    if (hosts.size >= NAMED) break;
  }
  return [...hosts].slice(0, NAMED);
}

const listSites = (database: SqlDatabase): Promise<{ id: number; domain: string }[]> =>
  database.read(async (query) => {
    const rows = await query('django_site')
      .select<{ id: unknown; domain: string }[]>('id', 'domain')
      .orderBy('id');
    return rows.map(({ id, domain }) => ({ id: Number(id), domain }));
  });
