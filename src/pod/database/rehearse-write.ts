import { randomBytes } from 'node:crypto';
import { checkResult, type CheckResult } from '../../kit/checks/check-result.js';
import { OperatorError } from '../../kit/errors/operator-error.js';
import type { PodExpectations } from '../../doctor/ports.js';
import type { Query, SqlDatabase } from '../../kit/adapters/sql/database.js';
import { RECORDINGS } from './external-recordings.js';
import type { PodSchema } from './schema.js';
import { insertUsers } from './user-rows.js';

const SUBJECT = 'pod.database';

/**
 * Whether this account may write what a migration writes: it does, and the database takes it back. What a plain run
 * does without (registering claims, taking back, accounts where none are made) is no more than a warning.
 */
export async function writeResults(
  database: SqlDatabase,
  schema: PodSchema,
  { expected, grants, siteFound }: { expected: PodExpectations; grants: string; siteFound: boolean },
): Promise<CheckResult[]> {
  if (schema.withoutTransactions.length > 0) return [untried(`database-without-transactions@${SUBJECT}`)];
  if (!siteFound) return [untried('pod-site-missing@pod.site_id')];
  const results: CheckResult[] = [];
  for (const steps of STAGES) {
    let step = steps[0];
    try {
      await database.rehearse(async (query) => {
        for (step of steps) await step.run({ database, schema, query, siteId: expected.siteId });
      });
    } catch (error) {
      if (!(error instanceof OperatorError)) throw error;
      const { what, isNeeded } = step;
      const options = {
        status: isNeeded(expected) ? ('critical' as const) : ('warning' as const),
        id: `${error.code}@${what}`,
      };
      if (error.code !== 'database-right-missing')
        results.push(checkResult(error.code, SUBJECT, error.parameters, options));
      else
        results.push(
          checkResult(
            'pod-right-missing',
            SUBJECT,
            { detail: `${what} (${String(error.parameters['detail'] ?? '')})`, grants },
            options,
          ),
        );
    }
  }
  return results.length > 0 ? results : [checkResult('pod-write-works', SUBJECT)];
}

const untried = (cause: string): CheckResult =>
  checkResult('pod-write-untried', SUBJECT, {}, { causedBy: [cause] });

interface Rehearsal {
  readonly database: SqlDatabase;
  readonly schema: PodSchema;
  readonly query: Query;
  readonly siteId: number;
}

interface Step {
  /** As a message names it. */
  readonly what: string;
  readonly isNeeded: (expected: PodExpectations) => boolean;
  readonly run: (rehearsal: Rehearsal) => Promise<void>;
}

/** What every row of a rehearsal is called, and found again by. */
const NAME = `bbb2pod-rehearsal-${randomBytes(6).toString('hex')}`;

const accounts: Step = {
  what: 'making accounts',
  isNeeded: ({ createsUsers }) => createsUsers,
  run: async ({ database, schema, query, siteId }) => {
    const names = { firstName: '', lastName: '', email: '', establishment: '' };
    await insertUsers({ database, schema, secretKey: undefined }, query, [
      { username: NAME, ...names, isStaff: false, authType: 'CAS', affiliation: 'student', siteId },
    ]);
  },
};

const recordings: Step = {
  what: 'writing',
  isNeeded: () => true,
  run: async ({ database, query, siteId }) => {
    const row = { type: 'bigbluebutton', source_url: NAME, site_id: siteId, owner_id: null };
    await query(RECORDINGS).insert({ name: NAME, start_at: database.encodeInstant(Date.now()), ...row });
    await query(RECORDINGS).where({ source_url: NAME }).update({ owner_id: null });
    // A run holds the owners it writes for.
    const owners = query('auth_user').select('id').orderBy('id').limit(1);
    await (database.engine === 'postgresql' ? owners.forNoKeyUpdate() : owners.forUpdate());
  },
};

const takingBack: Step = {
  what: 'taking back',
  isNeeded: () => false,
  run: async ({ query }) => {
    await query(RECORDINGS).where({ source_url: NAME }).delete();
  },
};

/** Undo removes accounts that a run made and nobody used; rights are looked at before any row is. */
const takingAccountsBack: Step = {
  what: 'taking back accounts',
  isNeeded: () => false,
  run: async ({ schema, query }) => {
    for (const table of ACCOUNT_TABLES) if (schema.has(table)) await query(table).where({ id: 0 }).delete();
  },
};
const ACCOUNT_TABLES = [
  'authentication_owner_sites',
  'playlist_playlist',
  'podfile_userfolder',
  'authentication_owner',
  'auth_user',
];

const claims: Step = {
  what: 'registering claims',
  isNeeded: () => false,
  run: async ({ database, query }) => {
    await query('recorder_recordingfiletreatment').insert({
      file: NAME,
      file_size: 0,
      date_added: database.encodeInstant(Date.now()),
      require_manual_claim: true,
      email_sent: false,
      type: 'video',
    });
    await query('recorder_recordingfiletreatment').where({ file: NAME }).delete();
  },
};

/** One transaction each: what PostgreSQL refuses ends the transaction. */
const STAGES: readonly (readonly [Step, ...Step[]])[] = [
  [accounts],
  [recordings, takingBack],
  [takingAccountsBack],
  [claims],
];
