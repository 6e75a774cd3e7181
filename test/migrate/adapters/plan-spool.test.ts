import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sweepOwnDirectories } from '../../../src/kit/adapters/files/own-directory.js';
import {
  exportPlan,
  openExportedPlan,
  readPlan,
  spoolExported,
  writePlan,
} from '../../../src/migrate/adapters/plan-spool.js';
import type { PlannedAction } from '../../../src/kit/batch/action.js';

/** No process has it: pids end at 4194304. */
const DEAD = 4_194_303;
let directory = '';
beforeAll(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'plan-spool-test-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const action = (index: number): PlannedAction => ({
  id: `import ${index}`,
  recordId: `é${index}`,
  kind: 'import',
  reason: 'annotate-nothing',
});

async function spool(name: string, count: number): Promise<string> {
  const spooled = path.join(directory, name);
  const writer = writePlan(spooled);
  await writer.append(Array.from({ length: count }, (_, index) => action(index)));
  await writer.finish({ run: 'r', command: 'migrate recordings', mode: 'import', plannedAt: 0, facts: {} });
  return spooled;
}

describe('exportPlan', () => {
  it('gives one file that says what the spool says', async () => {
    const spooled = await spool('whole', 3000);
    const file = path.join(directory, 'plan.jsonl');
    await exportPlan(spooled, file);
    const plan = await openExportedPlan(file);
    expect(plan.header).toEqual(readPlan(spooled).header);
    const recordIds = [];
    for await (const { recordId } of plan.actions()) recordIds.push(recordId);
    expect(recordIds).toEqual(Array.from({ length: 3000 }, (_, index) => action(index).recordId));
  });

  it('is spooled again where its run is gone on with', async () => {
    const spooled = await spool('approved', 3);
    const file = path.join(directory, 'approved.plan');
    await exportPlan(spooled, file);
    const run = path.join(directory, 'runs', 'r');
    await spoolExported(file, run);
    // A second application finds it there.
    rmSync(file);
    await spoolExported(file, run);
    const plan = readPlan(run);
    expect(plan.header).toEqual(readPlan(spooled).header);
    const recordIds = [];
    for await (const { recordId } of plan.actions()) recordIds.push(recordId);
    expect(recordIds).toEqual(['é0', 'é1', 'é2']);
  });

  it('leaves nothing under the name, nor beside it, when it cannot end', async () => {
    const spooled = await spool('half', 2);
    rmSync(path.join(spooled, 'actions.jsonl'));
    const target = path.join(directory, 'exports');
    mkdirSync(target);
    await expect(exportPlan(spooled, path.join(target, 'plan.jsonl'))).rejects.toThrow();
    expect(readdirSync(target)).toEqual([]);
  });

  it('takes away the half of a writer that was killed, and of no other', async () => {
    const saved = path.join(directory, 'saved');
    mkdirSync(saved);
    const living = `.plan.jsonl.${process.pid}-0123abcd.part`;
    for (const name of [`.plan.jsonl.${DEAD}-0123abcd.part`, living])
      writeFileSync(path.join(saved, name), '');
    await exportPlan(await spool('after', 2), path.join(saved, 'plan.jsonl'));
    expect(readdirSync(saved).sort()).toEqual([living, 'plan.jsonl']);
  });
});

it('sweeps the directories of the dead alone', () => {
  const place = path.join(directory, 'own');
  for (const name of [`planning-${DEAD}-abc123`, `planning-${process.pid}-abc123`, `others-${DEAD}-abc123`])
    mkdirSync(path.join(place, name), { recursive: true });
  sweepOwnDirectories(place, 'planning');
  expect(readdirSync(place).sort()).toEqual(
    [`others-${DEAD}-abc123`, `planning-${process.pid}-abc123`].sort(),
  );
});
