import { randomBytes } from 'node:crypto';
import { checkResult, type CheckResult } from '../../../checks/check-result.js';
import { OperatorError } from '../../../codes/operator-error.js';
import type { CheckPodDatabase, PodExpectations, PodFindings } from '../../../doctor/ports.js';
import type { PodRecorder, PodUser } from '../../../migrate/pod-port.js';
import type { Query, SqlDatabase } from '../../sql/database.js';
import { findRecorder } from './claims.js';
import { RECORDINGS } from './external-recordings.js';
import { renderGrants } from './grants.js';
import { readSchemaUnchecked, type PodSchema } from './schema.js';
import { TABLES, written } from './tables.js';
import { insertUsers } from './user-rows.js';
import { findUsersById } from './users.js';

const SUBJECT = 'pod.database';
/** Undo asks which rows lead to a user before it removes one. */
const USER_TABLES = ['auth_user', 'authentication_owner', 'playlist_playlist', 'podfile_userfolder'] as const;

/** doctor's look at Pod's database: everything a migration will need, proven and put back. */
export const checkPodDatabase =
  (database: SqlDatabase): CheckPodDatabase =>
  async (expected) => {
    const server = await database.serverVersion();
    const schema = await readSchemaUnchecked(database);
    const results: CheckResult[] = [
      checkResult('pod-database-answers', SUBJECT, { server, database: database.settings.label }),
    ];
    const missing = schema.missing();
    if (database.engine === 'mysql' && !TABLES.some(({ table }) => schema.has(table)))
      return { results: [...results, await nothingVisible(database)], facts: null };
    results.push(...tableResults(schema, missing));
    if (missing.length > 0) return { results, facts: null };
    results.push(checkResult('pod-version', SUBJECT, { version: schema.version() }));
    results.push(...storageResults(database, schema));
    const grants = await grantText(database, schema);
    const readable = await readResults(database, schema, grants);
    results.push(...readable);
    if (readable.length > 0) return { results, facts: null };
    results.push(...(await sequenceResults(database, schema)));
    return describeExpected(database, schema, { expected, grants, results });
  };

/** MariaDB does not show an account the tables on which it has no right. */
const nothingVisible = async (database: SqlDatabase): Promise<CheckResult> => {
  const grants = renderGrants({
    engine: 'mysql',
    database: database.settings.name,
    ...(await whoAmI(database)),
    has: () => true,
    lookedAtByUndo: [],
  });
  return checkResult('pod-right-missing', SUBJECT, {
    detail: 'no table of Pod is visible to it in this database',
    grants: grants.join(' '),
  });
};

async function describeExpected(
  database: SqlDatabase,
  schema: PodSchema,
  { expected, grants, results }: { expected: PodExpectations; grants: string; results: CheckResult[] },
): Promise<PodFindings> {
  const sites = await listSites(database);
  const site = sites.find(({ id }) => id === expected.siteId);
  results.push(...siteResults(expected.siteId, site, sites));
  const [admin] = await findUsersById(database, [expected.adminId]);
  results.push(...adminResults(expected, admin));
  const recorder = await findRecorder(database, expected.recorderId);
  results.push(...recorderResults(expected, recorder));
  results.push(await writeResult(database, schema, { expected, grants, siteFound: site !== undefined }));
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
    },
  };
}

function tableResults(schema: PodSchema, missing: readonly string[]): CheckResult[] {
  const problems = missing.map((name) =>
    name.includes('.')
      ? checkResult('pod-column-missing', SUBJECT, { column: name }, { id: `pod-column-missing@${name}` })
      : checkResult('pod-table-missing', SUBJECT, { table: name }, { id: `pod-table-missing@${name}` }),
  );
  const surprises = unexpectedColumns(schema).map((column) =>
    checkResult('pod-column-unexpected', SUBJECT, { column }, { id: `pod-column-unexpected@${column}` }),
  );
  if (problems.length > 0) return [...problems, ...surprises];
  const present = TABLES.filter(({ table }) => schema.has(table));
  const columns = present.reduce((sum, { columns: names }) => sum + names.length, 0);
  return [checkResult('pod-tables-present', SUBJECT, { tables: present.length, columns }), ...surprises];
}

/** Columns that must have a value, that the database does not fill in and that we do not know. */
function unexpectedColumns(schema: PodSchema): string[] {
  return TABLES.filter(({ rights }) => rights.includes('INSERT')).flatMap(({ table, columns }) =>
    schema
      .columnsOf(table)
      .filter(({ column, nullable, hasDefault }) => !nullable && !hasDefault && !columns.includes(column))
      .map(({ column }) => `${table}.${column}`),
  );
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
  const refused: string[] = [];
  const keys = await database.listForeignKeys(USER_TABLES);
  const uses = [
    ...TABLES.filter(({ table }) => schema.has(table)),
    ...keys.map(({ table, column }) => ({ table, columns: [column] })),
  ];
  for (const { table, columns } of uses) {
    try {
      await database.read((query) =>
        query(table)
          .select([...columns])
          .limit(1),
      );
    } catch (error) {
      if (!(error instanceof OperatorError) || error.code !== 'database-right-missing') throw error;
      if (!refused.includes(table)) refused.push(table);
    }
  }
  if (refused.length === 0 && database.engine === 'postgresql') {
    try {
      await sequenceResults(database, schema);
    } catch (error) {
      if (!(error instanceof OperatorError) || error.code !== 'database-right-missing') throw error;
      refused.push('the id sequences');
    }
  }
  if (refused.length === 0) return [];
  return [checkResult('pod-right-missing', SUBJECT, { detail: `reading ${refused.join(', ')}`, grants })];
}

async function writeResult(
  database: SqlDatabase,
  schema: PodSchema,
  { expected, grants, siteFound }: { expected: PodExpectations; grants: string; siteFound: boolean },
): Promise<CheckResult> {
  if (schema.withoutTransactions.length > 0)
    return checkResult(
      'pod-write-untried',
      SUBJECT,
      {},
      { causedBy: [`database-without-transactions@${SUBJECT}`] },
    );
  if (!siteFound)
    return checkResult('pod-write-untried', SUBJECT, {}, { causedBy: ['pod-site-missing@pod.site_id'] });
  try {
    await database.rehearse((query) => rehearse(database, schema, query, expected.siteId));
    return checkResult('pod-write-works', SUBJECT);
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    if (error.code === 'database-right-missing')
      return checkResult('pod-right-missing', SUBJECT, {
        detail: `writing (${String(error.parameters['detail'] ?? '')})`,
        grants,
      });
    return checkResult(error.code, SUBJECT, error.parameters, { status: 'critical' });
  }
}

/** A user with all rows, a recording and a treatment: inserted, changed and removed again before the roll-back. */
async function rehearse(
  database: SqlDatabase,
  schema: PodSchema,
  query: Query,
  siteId: number,
): Promise<void> {
  const username = `bbb2pod-rehearsal-${randomBytes(6).toString('hex')}`;
  const created = await insertUsers({ database, schema, secretKey: undefined }, query, [
    {
      username,
      firstName: '',
      lastName: '',
      email: '',
      isStaff: false,
      authType: 'CAS',
      affiliation: 'student',
      establishment: '',
      siteId,
    },
  ]);
  const userId = created.get(username)?.userId ?? 0;
  const now = database.encodeInstant(Date.now());
  await query(RECORDINGS).insert({
    name: username,
    start_at: now,
    type: 'bigbluebutton',
    source_url: username,
    site_id: siteId,
    owner_id: userId,
  });
  await query(RECORDINGS).where({ source_url: username }).update({ owner_id: userId });
  await query('recorder_recordingfiletreatment').insert({
    file: username,
    file_size: 0,
    date_added: now,
    require_manual_claim: true,
    email_sent: false,
    type: 'video',
  });
  await query('recorder_recordingfiletreatment').where({ file: username }).delete();
  await query(RECORDINGS).where({ source_url: username }).delete();
}

function siteResults(
  id: number,
  site: { id: number; domain: string } | undefined,
  sites: readonly { id: number; domain: string }[],
): CheckResult[] {
  if (site !== undefined) return [checkResult('pod-site-found', 'pod.site_id', { id, domain: site.domain })];
  const known = sites.map((one) => `${one.id} (${one.domain})`).join(', ');
  return [checkResult('pod-site-missing', 'pod.site_id', { id, known })];
}

function adminResults({ adminId, siteId }: PodExpectations, admin: PodUser | undefined): CheckResult[] {
  const subject = 'pod.admin_id';
  if (admin === undefined) return [checkResult('pod-admin-missing', subject, { id: adminId })];
  const { username, isActive, isStaff, siteIds } = admin;
  const results: CheckResult[] = [];
  if (!isActive || !isStaff)
    results.push(
      checkResult('pod-admin-unfit', subject, {
        username,
        detail: isActive ? 'it is not staff' : 'it is not active',
      }),
    );
  if (!siteIds.includes(siteId))
    results.push(checkResult('pod-admin-elsewhere', subject, { username, site: siteId }));
  return results.length > 0 ? results : [checkResult('pod-admin-found', subject, { id: adminId, username })];
}

function recorderResults(
  { recorderId, recorderPath, siteId }: PodExpectations,
  recorder: PodRecorder | null,
): CheckResult[] {
  const subject = 'pod.recorder_id';
  // Without a recorder path no claim is wanted: a missing recorder is then no fault.
  const status = recorderPath === null ? ('warning' as const) : ('critical' as const);
  if (recorder === null)
    return [checkResult('pod-recorder-missing', subject, { id: recorderId }, { status })];
  const { name, userId, recordingType, siteIds } = recorder;
  const results: CheckResult[] = [];
  if (userId !== null)
    results.push(
      checkResult('pod-recorder-managed', subject, { name, id: recorderId, user: userId }, { status }),
    );
  if (recordingType !== 'video')
    results.push(
      checkResult('pod-recorder-type', subject, { name, id: recorderId, type: recordingType }, { status }),
    );
  if (!siteIds.includes(siteId))
    results.push(
      checkResult('pod-recorder-site', subject, { name, id: recorderId, site: siteId }, { status }),
    );
  return results.length > 0
    ? results
    : [checkResult('pod-recorder-found', subject, { id: recorderId, name, directory: recorder.directory })];
}

/** The GRANT statements for the account in use, on one line. */
async function grantText(database: SqlDatabase, schema: PodSchema): Promise<string> {
  return (await listGrants(database, schema)).join(' ');
}

export async function listGrants(database: SqlDatabase, schema: PodSchema): Promise<string[]> {
  if (database.engine === 'sqlite') return [];
  const keys = await database.listForeignKeys(USER_TABLES);
  return renderGrants({
    engine: database.engine,
    database: database.settings.name,
    ...(await whoAmI(database)),
    has: (table) => schema.has(table),
    lookedAtByUndo: [...new Set(keys.map(({ table }) => table))],
  });
}

async function whoAmI(database: SqlDatabase): Promise<{ account: string; schema: string }> {
  return database.read(async (query) => {
    if (database.engine === 'postgresql') {
      const { rows } = await query.raw<{ rows: { account: string; name: string | null }[] }>(
        'SELECT current_user AS account, current_schema() AS name',
      );
      return { account: rows[0]?.account ?? '', schema: rows[0]?.name ?? 'public' };
    }
    const rows = (await query.raw<{ account: string }[][]>('SELECT CURRENT_USER() AS account'))[0];
    const [user = '', host = '%'] = (rows?.[0]?.account ?? '').split('@');
    return { account: `'${user}'@'${host}'`, schema: '' };
  });
}

const listSites = (database: SqlDatabase): Promise<{ id: number; domain: string }[]> =>
  database.read(async (query) => {
    const rows = await query('django_site')
      .select<{ id: unknown; domain: string }[]>('id', 'domain')
      .orderBy('id');
    return rows.map(({ id, domain }) => ({ id: Number(id), domain }));
  });
