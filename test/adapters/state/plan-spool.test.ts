import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportPlan, openExportedPlan, readPlan, writePlan } from '../../../src/adapters/state/plan-spool.js';
import type { PlannedAction } from '../../../src/batch/action.js';

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

  it('leaves nothing under the name, nor beside it, when it cannot end', async () => {
    const spooled = await spool('half', 2);
    rmSync(path.join(spooled, 'actions.jsonl'));
    const target = path.join(directory, 'exports');
    mkdirSync(target);
    await expect(exportPlan(spooled, path.join(target, 'plan.jsonl'))).rejects.toThrow();
    expect(readdirSync(target)).toEqual([]);
  });
});
