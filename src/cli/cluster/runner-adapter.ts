import path from 'node:path';
import { isThisMachine } from '../../cluster/adapters/machine/identity.js';
import type { RunnerPort, RunnerNodeState } from '../../cluster/drain/apply-runner.js';
import { userUnit } from '../../cluster/drain/runner-commands.js';
import { gatherEsupRunner } from '../../cluster/esup-runner/gather.js';
import type { EsupRunnerFacts } from '../../cluster/esup-runner/facts.js';
import type { Inventory } from '../../cluster/inventory/schema.js';
import { runToEnd } from '../../kit/adapters/process/run-to-end.js';
import { messageOf } from '../../kit/errors/operator-error.js';
import { valueOf } from '../../kit/outcome.js';
import { configurationTexts } from '../../kit/errors/configuration.js';
import { clusterOperationTexts } from '../../cluster/texts/operation.js';
import type { Context } from '../kit/context.js';
import { targetsOfInventory } from './check.js';
import { openCheckPorts } from './check-ports.js';
import { runnerTablesOf } from './runner-tables.js';
import { words } from './words.js';

const LOOK_MS = 8000;
const COMMAND_MS = 30_000;

/** One look at esup-runner, as `cluster check` and `cluster queue` look. Reads only. */
export async function lookAtEsupRunner(
  context: Context,
  inventory: Inventory,
  directory: string,
): Promise<{ facts: EsupRunnerFacts; managerUrl: string } | null> {
  const { runners: targets } = targetsOfInventory(inventory, directory);
  if (targets === null) return null;
  const podRunnerTables = runnerTablesOf(context);
  const ports = openCheckPorts({
    timeoutMs: LOOK_MS,
    ffprobe: context.configuration.recorder.ffprobe,
    signal: context.signal,
    ...(podRunnerTables === undefined ? {} : { podRunnerTables }),
  });
  const facts = await gatherEsupRunner(targets, { probe: false }, ports);
  return { facts, managerUrl: targets.managerUrl };
}

/** A runner's node: its pings, the manager's tasks, and systemctl on it, by ssh when the inventory has it. */
export function runnerAdapter(
  context: Context,
  inventory: Inventory,
  file: string,
  name: string,
): RunnerPort {
  const section = inventory.esup_runner;
  const node = section?.runners[name];
  if (section === undefined || node === undefined) throw new TypeError(`no runner ${name}`);
  const look = async (): Promise<RunnerNodeState> => {
    const seen = await lookAtEsupRunner(context, inventory, path.dirname(file));
    if (seen === null) throw new TypeError('no esup-runner');
    return nodeState(seen.facts, name, node.task_types, node.instances);
  };
  return {
    read: look,
    setRunning: async (on) => {
      const command = userUnit(section.user, on ? 'start' : 'stop', 'esup-runner-runner');
      const [program = '', ...args] = command;
      if (node.ssh === undefined && !isThisMachine(node.address))
        throw configurationTexts.usageInvalid({
          detail: words.anotherMachineGiveSsh({ name, address: node.address, command: command.join(' ') }),
        });
      try {
        await runToEnd({
          ...(node.ssh === undefined
            ? { file: program, args }
            : {
                file: 'ssh',
                args: ['-o', 'BatchMode=yes', '-o', 'ConnectTimeout=5', '--', node.ssh, ...command],
              }),
          timeLimitMs: COMMAND_MS,
          signal: context.signal,
        });
      } catch (error) {
        context.signal.throwIfAborted();
        throw clusterOperationTexts.clusterCommandRefused({
          target: name,
          command: command.join(' '),
          detail: messageOf(error, words.itFailed()),
        });
      }
    },
  };
}

function nodeState(
  { runners, manager }: EsupRunnerFacts,
  name: string,
  types: readonly string[],
  listed: number,
): RunnerNodeState {
  const own = runners.filter(({ node }) => node === name);
  const ids = own.flatMap(({ registered, ping }) => {
    const id = registered?.id ?? (ping.ok ? ping.value.id : null);
    return id === null ? [] : [id];
  });
  const others = runners.filter(({ node, ping }) => node !== name && ping.ok && ping.value.registered);
  return {
    listed,
    instances: own.flatMap(({ name: instance, ping }) =>
      ping.ok ? [{ name: instance, available: ping.value.available, registered: ping.value.registered }] : [],
    ),
    tasks: (valueOf(manager.tasks) ?? [])
      .filter(({ runnerId, status }) => status === 'running' && ids.includes(runnerId))
      .map(({ id }) => id),
    others: Math.min(
      ...types.map(
        (type) => others.filter(({ ping }) => ping.ok && ping.value.taskTypes.includes(type)).length,
      ),
    ),
  };
}
