import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openMoodleDatabase } from '../../src/moodle-site/database.js';
import { openDatabase } from '../../src/kit/adapters/sql/database.js';
import { databaseSettings } from '../../src/kit/adapters/sql/settings.js';
import { openJournal } from '../../src/kit/adapters/state/journal.js';
import { readPlan, writePlan } from '../../src/migrate/adapters/plan-spool.js';
import { openRowIndex } from '../../src/migrate/adapters/row-index.js';
import { Secret } from '../../src/kit/config/secret.js';
import type { MigrateAction } from '../../src/migrate/actions.js';
import { applyMigration } from '../../src/migrate/apply-migration.js';
import { planRun } from '../../src/migrate/plan-run.js';
import { emptyOwnersFile } from '../../src/owners/owners-file.js';
import { defaultOwnerPolicy } from '../../src/owners/policy.js';
import { choosePlayback } from '../../src/bbb/choose-playback.js';
import { titleOf } from '../../src/bbb/recording-names.js';
import type { Recording } from '../../src/bbb/recording.js';
import { parseRecordings } from '../../src/bbb-server/parse-recordings.js';
import { createLargeSite } from '../support/large-site.js';
import { manyRecordings } from '../support/many-recordings.js';
import { createPod, ENGINES } from '../support/pod.js';
import { createDatabase, type TestDatabase } from '../support/servers.js';
export { stopOwnServers as stop } from '../support/servers.js';
import { elapsed, type Bench } from './bench.js';
import { syncedWrites } from './synced-writes.js';

const RECORDINGS = 2000;
const OWNERS_EACH = 3;
const TEACHERS = 400;

interface Prepared {
  readonly moodle: TestDatabase;
  readonly recordings: readonly Recording[];
}

async function prepare(): Promise<Prepared> {
  const moodle = await createDatabase('postgresql', { durable: true });
  await createLargeSite(moodle, RECORDINGS, TEACHERS);
  const recordings: Recording[] = [];
  await parseRecordings(manyRecordings(RECORDINGS), {
    source: 'bench',
    server: 'default',
    onRecording: (recording) => void recordings.push(recording),
  });
  return { moodle, recordings };
}

/** Plan and apply in one process, from parsed recordings to the last outcome: what the Django command takes 22 ms for. */
async function migrate(engine: (typeof ENGINES)[number], { moodle, recordings }: Prepared): Promise<number> {
  const test = await createPod({ engine, version: '3.8.4', durable: true });
  const state = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-bench-'));
  const { pod } = test.open({ stateDirectory: state });
  const site = openMoodleDatabase(
    openDatabase(databaseSettings('[moodle.default]', { database: new Secret(moodle.url) })),
    { prefix: 'mdl_', name: 'default' },
  );
  const journal = openJournal(state);
  const rows = openRowIndex(path.join(state, 'rows'));
  const { signal } = new AbortController();
  const { target } = await pod.describe();
  await site.describe();
  const plan = path.join(state, 'plan');
  let done = 0;
  const ms = await elapsed(async () => {
    await planRun({
      run: 'BENCH',
      target,
      recordings: pagesOf(recordings),
      choosePlayback: (recording) => choosePlayback(recording, { playback23: true }),
      titleOf,
      siteOf: () => 1,
      policy: {
        mode: 'import',
        includeUnpublished: false,
        recreate: false,
        admin: { userId: 1, username: 'admin' },
        newUsers: { authType: 'CAS', affiliation: 'student', establishment: 'Etab_1' },
        excluded: new Set(),
        skippedServers: new Set(),
        onlyOwners: [],
        limit: null,
        podMisreads20Links: false,
        unresolved: 'admin',
      },
      owners: {
        pod,
        moodles: new Map([['default', site]]),
        ownersFile: emptyOwnersFile,
        policyFor: () => defaultOwnerPolicy,
        ignoredServers: [],
      },
      rows,
      knownUpToId: 0,
      claims: null,
      journal,
      writer: writePlan<MigrateAction>(plan),
      onActions: () => undefined,
      signal,
      now: 0,
    });
    const { tally } = await applyMigration({
      plan: readPlan(plan),
      journal,
      target,
      pod,
      claims: null,
      jobs: 1,
      signal,
      onItem: () => undefined,
    });
    done = tally.byState.done;
  });
  rows.close();
  journal.close();
  await site.close();
  await test.drop();
  rmSync(state, { recursive: true });
  if (done !== RECORDINGS * OWNERS_EACH)
    throw new Error(`${done} rows instead of ${RECORDINGS * OWNERS_EACH}`);
  return ms / RECORDINGS;
}

async function* pagesOf(recordings: readonly Recording[]): AsyncGenerator<readonly Recording[]> {
  for (let from = 0; from < recordings.length; from += 500) yield recordings.slice(from, from + 500);
}

export const benches: Bench[] = ENGINES.map((engine) => ({
  name: `migrate ${RECORDINGS} x ${OWNERS_EACH} owners, ${engine}`,
  unit: 'ms/recording',
  runs: 5,
  goal: 0.5,
  begin: prepare,
  run: (state) => migrate(engine, state as Prepared),
  baseline: {
    name: 'three synced writes of 64 kB a chunk: journal, database, journal',
    run: () => syncedWrites(((RECORDINGS * OWNERS_EACH) / 500) * 3, RECORDINGS),
  },
  end: async (state) => {
    await (state as Prepared).moodle.drop();
  },
}));
