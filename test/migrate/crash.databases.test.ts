import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openJournal } from '../../src/kit/adapters/state/journal.js';
import { settleIntents } from '../../src/migrate/settle-intents.js';
import { findUndoableRun, undoRun } from '../../src/migrate/undo-run.js';
import { isFatal } from '../../src/migrate/apply-migration.js';
import { applyImportPlan, importPlan, noClaimFiles } from '../support/import-run.js';
import { createPod, ENGINES, type TestPod } from '../support/pod.js';
import { builtScript } from '../support/built-script.js';
import { visible } from '../support/crash/visible-pod.js';

const RECORDINGS = 9;
const run = promisify(execFile);
const child = path.resolve(import.meta.dirname, '../support/crash-child.ts');

describe.each(ENGINES)('a migration killed at any step, on %s', (engine) => {
  let uninterrupted: unknown;
  let before: Record<string, string[]>;
  let pod: TestPod;
  const journals: string[] = [];
  const newState = (): string => {
    const directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-'));
    journals.push(directory);
    return directory;
  };

  beforeAll(async () => {
    pod = await createPod({ engine, version: '3.8.4' });
    before = await pod.dump();
    const state = newState();
    const journal = openJournal(state);
    const opened = pod.open({ stateDirectory: state }).pod;
    const { target } = await opened.describe();
    await applyImportPlan(importPlan('WHOLE', RECORDINGS), journal, opened, target);
    uninterrupted = await visible(pod);
    await undo(journal, opened, 'WHOLE', state);
    journal.close();
  });
  afterAll(async () => {
    await pod.drop();
    for (const directory of journals) rmSync(directory, { recursive: true });
  });

  async function undo(
    journal: ReturnType<typeof openJournal>,
    opened: ReturnType<TestPod['open']>['pod'],
    id: string,
    state: string,
  ): Promise<void> {
    const { tally } = await undoRun({
      journal,
      pod: opened,
      files: noClaimFiles,
      signal: new AbortController().signal,
      isFatal,
      run: findUndoableRun(journal, id, state),
      undoRun: `undo-${id}`,
    });
    expect(tally.byState.failed).toBe(0);
  }

  it('undo restores every table', async () => {
    expect(await pod.dump()).toEqual(before);
  });

  // SQLite takes every step; the servers, whose protocol differs only inside a transaction, each third one.
  const steps = Array.from({ length: 30 }, (_, i) => i + 1).filter(
    (step) => engine === 'sqlite' || step % 3 === 0,
  );
  it(`ends as an uninterrupted one after kills at ${steps.length} steps, and is taken back whole`, async () => {
    let kills = 0;
    for (const step of steps) {
      const state = newState();
      const url = pod.test.url;
      const killed = await run(process.execPath, [
        builtScript(child),
        url,
        state,
        String(RECORDINGS),
        String(step),
      ]).then(
        () => false,
        (error: unknown) => (error as { signal?: string }).signal === 'SIGKILL',
      );
      if (killed) kills++;
      const journal = openJournal(state);
      const opened = pod.open({ stateDirectory: state }).pod;
      const { target } = await opened.describe();
      await settleIntents(journal, target, opened, noClaimFiles);
      await applyImportPlan(importPlan('SECOND', RECORDINGS), journal, opened, target);
      expect(await visible(pod), `after a kill at step ${step}`).toEqual(uninterrupted);
      for (const { id } of journal.listRuns({ command: 'migrate recordings' }).reverse())
        await undo(journal, opened, id, state);
      expect(await pod.dump(), `undone after a kill at step ${step}`).toEqual(before);
      journal.close();
      await opened.close();
    }
    expect(kills).toBeGreaterThanOrEqual(Math.floor((steps.length * 2) / 3));
  });
});
