import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { openJournal } from '../../../src/kit/adapters/state/journal.js';
import { isFatal } from '../../../src/migrate/apply-migration.js';
import { settleIntents } from '../../../src/migrate/settle-intents.js';
import { findUndoableRun, undoRun } from '../../../src/migrate/undo-run.js';
import { applyImportPlan, importPlan, noClaimFiles } from '../import-run.js';
import { createPod, type TestPod } from '../pod.js';
import { startScript, type Scenario } from './scenario.js';
import { visible } from './visible-pod.js';

const child = path.resolve(import.meta.dirname, '../crash-child.ts');

/** `migrate recordings --use-import-video` of that many recordings, in chunks of four. */
export async function importScenario(engine: TestPod['engine'], recordings: number): Promise<Scenario> {
  const pod = await createPod({ engine, version: '3.8.4' });
  const before = await pod.dump();
  let state = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-crash-'));
  return {
    name: `import on ${engine}`,
    start: (step, temporary) =>
      startScript(child, [pod.test.url, state, String(recordings), String(step)], temporary),
    finish: async () => {
      const journal = openJournal(state);
      const opened = pod.open({ stateDirectory: state }).pod;
      const { target } = await opened.describe();
      await settleIntents(journal, target, opened, noClaimFiles);
      await applyImportPlan(importPlan('SECOND', recordings), journal, opened, target);
      journal.close();
      await opened.close();
    },
    look: async () => [
      await visible(pod),
      readdirSync(state).filter((name) => !/^(journal|locks|lock-)/.test(name)),
    ],
    reset: async () => {
      const journal = openJournal(state);
      const opened = pod.open({ stateDirectory: state }).pod;
      const signal = new AbortController().signal;
      for (const { id } of journal.listRuns({ command: 'migrate recordings' }).reverse())
        await undoRun({
          journal,
          pod: opened,
          files: noClaimFiles,
          signal,
          isFatal,
          run: findUndoableRun(journal, id, state),
          undoRun: `undo-${id}`,
        });
      journal.close();
      await opened.close();
      rmSync(state, { recursive: true });
      state = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-crash-'));
      if (!isDeepStrictEqual(await pod.dump(), before)) throw new Error('undo left something behind');
    },
    close: async () => {
      await pod.drop();
      rmSync(state, { recursive: true, force: true });
    },
  };
}
