import { createHash } from 'node:crypto';
import path from 'node:path';
import { isThisMachine } from '../../cluster/adapters/machine/identity.js';
import { readCheckMemory, writeCheckMemory } from '../../cluster/adapters/check-memory.js';
import { runClusterCheck, type CheckReport } from '../../cluster/check/run-check.js';
import type { ClusterTargets } from '../../cluster/check/targets.js';
import { targetsOf } from '../../cluster/check/targets-of-inventory.js';
import type { Inventory } from '../../cluster/inventory/schema.js';
import { demandsOf } from '../../cluster/plan/demand.js';
import { planStreaming } from '../../cluster/plan/plan-capacity.js';
import type { Context } from '../kit/context.js';
import { openCheckPorts } from './check-ports.js';
import { openInventory } from './inventory.js';
import { runnerTablesOf } from './runner-tables.js';
import { readNamedFile } from '../../kit/adapters/files/read-named-file.js';
import { clusterCheckTexts } from '../../cluster/texts/check.js';

export interface CheckFlags {
  readonly inventory: string | undefined;
  readonly only: readonly string[];
  readonly passive: boolean;
  readonly probe: boolean;
  readonly timeoutMs: number;
}

/** A check that is set up: `run` may be called again and again (--watch). */
export interface PreparedCheck {
  readonly targets: ClusterTargets;
  run(): Promise<CheckReport>;
}

/** Kept for rendering and leaving after the last answer, within the limit that a supervisor gives us. */
const LEAVING_MS = 700;
const SHORTEST_MS = 1000;
/** jicofo's defaults: stress 0.01 per participant against a threshold of 0.8. */
const BRIDGE_CAPACITY = 80;

/** `cluster check`: the inventory, the ports, the memory of the last run. */
export function prepareCheck(context: Context, flags: CheckFlags): PreparedCheck {
  const { inventory, file } = openInventory(context, flags.inventory);
  const targets = targetsOfInventory(inventory, path.dirname(file));
  const { streaming, jitsi, pod, runners } = targets;
  if ([streaming, jitsi, pod, runners].every((system) => system === null))
    throw clusterCheckTexts.clusterNothing({ file });
  const memoryFile = path.join(context.stateDirectory, memoryName(file));
  const podRunnerTables = runners === null ? undefined : runnerTablesOf(context);
  let ran = false;
  return {
    targets,
    run: async () => {
      // A supervisor counts from the start of the process, which takes a second on a busy machine.
      const spentMs = ran ? 0 : Math.ceil(performance.now());
      ran = true;
      const limitMs = Math.max(SHORTEST_MS, flags.timeoutMs - LEAVING_MS - spentMs);
      const signal = AbortSignal.any([context.signal, AbortSignal.timeout(limitMs)]);
      const ports = openCheckPorts({
        timeoutMs: limitMs,
        ffprobe: context.configuration.recorder.ffprobe,
        signal,
        allowHosts: context.configuration.allow_hosts,
        ...(podRunnerTables === undefined ? {} : { podRunnerTables }),
      });
      const memory = await readCheckMemory(memoryFile);
      const report = await runClusterCheck(targets, ports, { ...flags, memory });
      context.signal.throwIfAborted();
      if (!(await writeCheckMemory(memoryFile, report.memory)))
        context.log('info', `no state file ${memoryFile}: differences between runs are not judged`);
      return report;
    },
  };
}

/** Each inventory remembers its own cluster. */
const memoryName = (inventory: string): string =>
  `cluster-check-${createHash('sha256').update(inventory).digest('hex').slice(0, 8)}.json`;

/** What one check asks, from an inventory; paths in it are relative to its directory. */
export function targetsOfInventory(inventory: Inventory, directory: string): ClusterTargets {
  const demand = demandsOf({}, inventory).streaming;
  return targetsOf(inventory, {
    isLocal: isThisMachine,
    readText: (file) => readNamedFile(path.resolve(directory, file)),
    resolvePath: (file) => path.resolve(directory, file),
    bridgeCapacity: BRIDGE_CAPACITY,
    neededBroadcasts: demand === null ? null : Math.max(1, planStreaming(demand).nodesLikeOurs - 1),
  });
}
