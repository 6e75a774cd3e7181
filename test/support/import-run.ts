import type { PlanHeader } from '../../src/kit/batch/action.js';
import type { PlanReader } from '../../src/kit/batch/plan.js';
import type { Journal } from '../../src/kit/batch/journal.js';
import type { BatchResult } from '../../src/kit/batch/apply.js';
import { importActionId, type ImportAction, type MigrateAction } from '../../src/migrate/actions.js';
import { applyMigration } from '../../src/migrate/apply-migration.js';
import type { ClaimFiles } from '../../src/migrate/claim-files.js';
import type { ImportWrite, PodDatabase } from '../../src/migrate/pod-port.js';

/** Recording ids that look like BBB's. */
export const recordIdOf = (n: number): string =>
  `${String(n).padStart(40, 'a')}-${1_700_000_000_000 + n * 3_600_000}`;

/** A plan of `recordings` recordings, the n-th first: the teacher (user 2) and, for each third one, an account to create. */
export function importPlan(run: string, recordings: number, first = 1): PlanReader<MigrateAction> {
  const actions: ImportAction[] = [];
  for (let n = first; n < first + recordings; n++) {
    actions.push(importAction(n, 'teacher', { userId: 2 }));
    if (n % 3 !== 0) continue;
    const username = `new${n % 2}`;
    const create = {
      username,
      firstName: 'N',
      lastName: 'W',
      email: `${username}@univ.fr`,
      isStaff: true,
      authType: 'CAS',
      affiliation: 'student',
      establishment: 'Etab_1',
      siteId: 1,
    };
    actions.push(importAction(n, username, { create }));
  }
  const header: PlanHeader = {
    run,
    command: 'migrate recordings',
    mode: 'import',
    plannedAt: 0,
    counts: { import: actions.length },
    digest: 'd',
    facts: { knownUpToId: 0 },
  };
  return {
    header,
    actions: async function* () {
      yield* actions;
    },
  };
}

function importAction(n: number, username: string, owner: ImportWrite['owner']): ImportAction {
  const recordId = recordIdOf(n);
  const id = importActionId(recordId, username);
  const url = `https://bbb.univ.fr/playback/presentation/2.3/${recordId}`;
  return {
    id,
    kind: 'import',
    recordId,
    reason: 'owner-file',
    startAt: 0,
    meetingId: `meeting-of-${recordId}`,
    title: `Cours ${n}`,
    origin: '',
    owner: username,
    url,
    isHidden: false,
    marks: [],
    write: {
      actionId: id,
      owner,
      recordId,
      row: { name: `Cours ${n}`, startAt: 1_700_000_000_000 + n * 3_600_000, sourceUrl: url, siteId: 1 },
    },
  };
}

/** Applies a plan as the command does, in small chunks. */
export const applyImportPlan = (
  plan: PlanReader<MigrateAction>,
  journal: Journal,
  pod: PodDatabase,
  target: string,
  signal = new AbortController().signal,
): Promise<BatchResult> =>
  applyMigration({
    plan,
    journal,
    target,
    pod,
    claims: null,
    jobs: 1,
    signal,
    chunkSize: 4,
    onItem: () => undefined,
  });

/** No claims in these tests: nothing is ever asked of the files. */
export const noClaimFiles: ClaimFiles = {
  stat: async () => null,
  rehearse: () => Promise.reject(new Error('no claims here')),
  place: () => Promise.reject(new Error('no claims here')),
  remove: () => Promise.reject(new Error('no claims here')),
  removePartial: async () => undefined,
  takeWork: async () => null,
  list: async () => null,
  freeBytes: async () => 0,
};
