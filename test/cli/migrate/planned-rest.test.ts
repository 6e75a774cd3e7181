import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Migration } from '../../../src/cli/migrate/open.js';
import { plannedRest } from '../../../src/cli/migrate/plan.js';
import { renderPlanHead } from '../../../src/cli/migrate/render/plan.js';
import { openJournal } from '../../../src/kit/adapters/state/journal.js';
import type { MigrateAction } from '../../../src/migrate/actions.js';
import { readPlan, writePlan } from '../../../src/migrate/adapters/plan-spool.js';

let directory: string;
beforeEach(() => (directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-rest-'))));
afterEach(() => rmSync(directory, { recursive: true }));

const action = (recordId: string, owner: string, isNew: boolean) =>
  ({
    ...{ id: `import/${recordId}/${owner}`, kind: 'import', recordId, reason: 'owner-pod-meeting', owner },
    ...{ title: 'T', startAt: 1, marks: [], isHidden: false, url: 'https://x/' },
    write: { owner: isNew ? { create: { firstName: 'A', lastName: owner, email: '', isStaff: true } } : {} },
  }) as unknown as MigrateAction;

it('shows of a run that goes on what is left of it, and whom it would still create', async () => {
  const writer = writePlan<MigrateAction>(path.join(directory, 'run'));
  const [done, made, left, failed] = [
    action('r1', 'ann', true),
    action('r2', 'ann', true),
    action('r2', 'bob', true),
    action('r3', 'carol', false),
  ];
  await writer.append([done, made, left, failed] as MigrateAction[]);
  const facts = { recordings: 3, usersToCreate: 2, knownUpToId: 0 };
  await writer.finish({ run: 'R', command: 'migrate recordings', mode: 'import', plannedAt: 0, facts });
  const journal = openJournal(directory);
  journal.startRun({ id: 'R', command: 'migrate recordings', target: 't', header: {} });
  journal.recordIntents('R', [done, failed] as MigrateAction[]);
  journal.recordOutcomes('R', [
    { actionId: done.id, state: 'done', reason: 'owner-pod-meeting' },
    { actionId: failed.id, state: 'failed', reason: 'interrupted' },
  ]);
  const migration = {
    ...{ mode: 'import', target: { site: { domain: 'pod.univ.fr' } }, journal, freeBytes: () => null },
    ...{ context: { stateDirectory: directory }, pod: { findUsersByUsername: () => [{ username: 'Ann' }] } },
  } as unknown as Migration;
  const { plan, facts: shown } = await plannedRest(migration, readPlan(path.join(directory, 'run')));
  const ids: string[] = [];
  for await (const { id } of plan.actions()) ids.push(id);
  journal.close();
  expect(ids).toEqual([made.id, left.id, failed.id]);
  expect(shown.accounts.map(({ username }) => username)).toEqual(['bob']);
  expect(renderPlanHead(plan.header, shown).split('\n').slice(1, 3)).toEqual([
    'Left of that run: 3 of 4; nothing was listed anew.',
    '3 to write, 0 skipped, 1 Pod account to create',
  ]);
});
