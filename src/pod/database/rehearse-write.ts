import { randomBytes } from 'node:crypto';
import { checkResult, type CheckResult } from '../../kit/checks/check-result.js';
import { OperatorError } from '../../kit/errors/operator-error.js';
import type { PodExpectations } from '../../doctor/ports.js';
import type { Query, SqlDatabase } from '../../kit/adapters/sql/database.js';
import { RECORDINGS } from './external-recordings.js';
import type { PodSchema } from './schema.js';
import { insertUsers } from './user-rows.js';

const SUBJECT = 'pod.database';

/** Whether this account may write all that a migration writes: it does, and the database takes it back. */
export async function writeResult(
  database: SqlDatabase,
  schema: PodSchema,
  { expected, siteFound }: { expected: PodExpectations; siteFound: boolean },
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
