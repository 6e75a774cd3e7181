import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { openJournal } from '../../../src/kit/adapters/state/journal.js';
import { databaseSettings } from '../../../src/kit/adapters/sql/settings.js';
import { OperatorError } from '../../../src/kit/errors/operator-error.js';
import { Secret } from '../../../src/kit/config/secret.js';
import { settleIntents } from '../../../src/migrate/settle-intents.js';
import { applyImportPlan, importPlan, noClaimFiles } from '../import-run.js';
import { counted } from '../killing.js';
import { createPod } from '../pod.js';
import type { ServerEngine } from '../servers.js';
import { startFaultProxy, type FaultMode } from './fault-proxy.js';
import { restorePod, visible } from './visible-pod.js';

export interface FaultTally {
  readonly name: string;
  readonly faults: number;
  /** Runs that ended with one clear error; the others came through. */
  readonly refused: number;
  readonly differences: readonly string[];
}

/** Takes Pod's database away at every step of an import, in each manner, gives it back, and runs again. */
export async function proveDatabaseFaults(
  engine: ServerEngine,
  { recordings, everyStep }: { recordings: number; everyStep: number },
): Promise<FaultTally> {
  const pod = await createPod({ engine, version: '4.1.0' });
  const { host, port } = pod.test.server ?? { host: '', port: 0 };
  const before = await pod.dump();
  const differences: string[] = [];
  let faults = 0;
  let refused = 0;
  const url = (at: number): string => pod.test.url.replace(`:${port}/`, `:${at}/`);
  const through = (at: number) =>
    pod.open({}, databaseSettings('[pod]', { database: new Secret(url(at)), connect_timeout: 2 })).pod;
  const clear = (): Promise<void> => restorePod(pod, before);
  const run = async (id: string, at: number, state: string, tick: () => void): Promise<boolean> => {
    const journal = openJournal(state);
    const opened = through(at);
    try {
      const { target } = await opened.describe();
      await settleIntents(journal, target, opened, noClaimFiles);
      const watched = counted(opened, ['writeImports', 'highestIds'], tick);
      const { stoppedBy } = await applyImportPlan(importPlan(id, recordings), journal, watched, target);
      return stoppedBy !== null;
    } finally {
      journal.close();
      await opened.close();
    }
  };
  const newState = (): string => mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-crash-'));
  let state = newState();
  let steps = 0;
  await run('WHOLE', port, state, () => steps++);
  const uninterrupted = await visible(pod);
  rmSync(state, { recursive: true });
  await clear();
  for (const mode of ['refuse', 'cut', 'hang', 'slow'] as FaultMode[])
    for (let step = 1; step <= steps; step += everyStep) {
      const proxy = await startFaultProxy({ host, port });
      state = newState();
      let at = 0;
      let back: NodeJS.Timeout | undefined;
      faults++;
      try {
        const stopped = await run('FAULTY', proxy.port, state, () => {
          if (++at !== step) return;
          proxy.set(mode);
          back = setTimeout(() => proxy.set('through'), 150);
        });
        if (stopped) refused++;
      } catch (error) {
        if (!(error instanceof OperatorError)) differences.push(`${mode} at step ${step}: ${String(error)}`);
        refused++;
      }
      clearTimeout(back);
      await proxy.close();
      await run('SECOND', port, state, () => undefined);
      if (!isDeepStrictEqual(await visible(pod), uninterrupted)) differences.push(`${mode} at step ${step}`);
      rmSync(state, { recursive: true });
      await clear();
    }
  await pod.drop();
  return { name: `Pod's ${engine} taken away`, faults, refused, differences };
}
