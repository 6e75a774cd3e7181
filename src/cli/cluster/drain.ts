import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { controlWorkers } from '../../cluster/adapters/celery/control.js';
import { inspectWorkers } from '../../cluster/adapters/celery/inspect.js';
import {
  countStickEntries,
  parseStatisticsCsv,
  runtimeCommand,
} from '../../cluster/adapters/haproxy/statistics.js';
import { runToEnd } from '../../kit/adapters/process/run-to-end.js';
import { applyDrain, type DrainPorts, type WorkerPort } from '../../cluster/drain/apply-drain.js';
import type { BalancerPort } from '../../cluster/drain/apply-server.js';
import {
  drainCommands,
  findTarget,
  isServerOf,
  minimumFor,
  type Direction,
  type DrainTarget,
  type HeldByBalancer,
} from '../../cluster/drain/drain-plan.js';
import type { Inventory } from '../../cluster/inventory/schema.js';
import { demandsOf } from '../../cluster/plan/demand.js';
import { planEncoding, planJitsi, planStreaming } from '../../cluster/plan/plan-capacity.js';
import { planRunners } from '../../cluster/plan/plan-runners.js';
import type { Plans } from '../../cluster/plan/compare.js';
import type { BalancerNode } from '../../cluster/streaming/inventory.js';
import { messageOf } from '../../kit/errors/operator-error.js';
import type { Context } from '../kit/context.js';
import { bridgeAdapter, otherBridges } from './bridge-adapter.js';
import { targetsOfInventory } from './check.js';
import { openInventory } from './inventory.js';
import { runnerAdapter } from './runner-adapter.js';
import { openBroker } from './queue.js';
import { configurationTexts } from '../../kit/errors/configuration.js';
import { clusterOperationTexts } from '../../cluster/texts/operation.js';
import { words } from './words.js';

export interface DrainFlags {
  readonly inventory: string | undefined;
  readonly node: string;
  readonly address: string | undefined;
  readonly waitSeconds: number;
  readonly belowPlan: boolean;
  readonly say: (line: string) => void;
}

export interface PreparedDrain {
  readonly target: DrainTarget;
  /** What would be typed. The balancers are asked, by reading, which backends hold the node. */
  listCommands(): Promise<readonly string[]>;
  /** Does it: refuses, acts, waits and looks again. */
  apply(): Promise<void>;
}

/** Limit of one question. */
const STEP_MS = 5000;

/** `cluster drain` and `cluster ready`: what would be typed, and the way to have it done. */
export function prepareDrain(context: Context, direction: Direction, flags: DrainFlags): PreparedDrain {
  const { inventory, file } = openInventory(context, flags.inventory);
  const { address } = flags;
  if (address !== undefined && !/^(?:\[[0-9A-Fa-f:]+\]|[0-9.]+):\d{1,5}$/.test(address))
    throw configurationTexts.usageInvalid({
      detail: words.addressMalformed({ address }),
    });
  const target = findTarget(inventory, flags.node, address ?? null);
  if (
    target.kind === 'server' &&
    /^spare\d+$/.test(target.name) &&
    direction === 'ready' &&
    target.address === null
  )
    throw configurationTexts.usageInvalid({
      detail: words.addressNeeded({ name: target.name }),
    });
  return {
    target,
    listCommands: async () =>
      drainCommands(target, direction, inventory, await readHeld(context, inventory, target)),
    apply: async () => {
      const ports = await openPorts(context, { inventory, directory: path.dirname(file) }, target, flags.say);
      try {
        await applyDrain(target, direction, ports, {
          waitMs: flags.waitSeconds * 1000,
          pollMs: Math.min(500, Math.max(50, flags.waitSeconds * 100)),
          quietSeconds: 2 * (inventory.streaming?.segment_seconds ?? 3),
          limits: minimumFor(target, plansOf(inventory), inventory),
          belowPlan: flags.belowPlan,
          signal: context.signal,
          say: flags.say,
          pause: (ms) => sleep(ms, undefined, { signal: context.signal }),
        });
      } finally {
        ports.close();
      }
    },
  };
}

/** Which servers of each balancer are the node; null for a balancer that does not answer from here. */
async function readHeld(
  context: Context,
  { streaming }: Inventory,
  target: DrainTarget,
): Promise<HeldByBalancer> {
  if (target.kind !== 'server') return {};
  const entries = Object.entries(streaming?.balancers ?? {}).map(async ([name, node]) => {
    const states = await balancerAdapter(context, name, node)
      .readStates()
      .catch(() => null);
    context.signal.throwIfAborted();
    if (states === null) return [name, null] as const;
    const held = states.filter(isServerOf(target));
    if (held.length === 0)
      throw clusterOperationTexts.clusterServerAbsent({ balancer: name, node: target.name });
    return [name, held] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

function plansOf(inventory: Inventory): Plans {
  const { streaming, jitsi, encoding, runners } = demandsOf({}, inventory);
  return {
    streaming: streaming === null ? null : planStreaming(streaming),
    jitsi: jitsi === null ? null : planJitsi(jitsi),
    encoding: encoding === null ? null : planEncoding(encoding),
    runners: runners === null ? null : planRunners(runners),
  };
}

async function openPorts(
  context: Context,
  { inventory, directory }: { readonly inventory: Inventory; readonly directory: string },
  target: DrainTarget,
  say: (line: string) => void,
): Promise<DrainPorts & { close: () => void }> {
  const none = {
    balancers: [],
    bridge: null,
    worker: null,
    runner: null,
    otherBridges: 0,
    close: () => undefined,
  };
  if (target.kind === 'server') {
    const balancers = Object.entries(inventory.streaming?.balancers ?? {});
    return { ...none, balancers: balancers.map(([name, node]) => balancerAdapter(context, name, node)) };
  }
  if (target.kind === 'jvb') {
    const others = await otherBridges(context, targetsOfInventory(inventory, directory), target.name);
    say(others.told);
    return { ...none, bridge: bridgeAdapter(context, inventory, target.name), otherBridges: others.count };
  }
  if (target.kind === 'runner')
    return {
      ...none,
      runner: runnerAdapter(context, inventory, path.join(directory, 'cluster.toml'), target.name),
    };
  const { port, close } = await workerAdapter(context, inventory, target);
  return { ...none, worker: port, close };
}

function balancerAdapter(context: Context, name: string, { socket, ssh }: BalancerNode): BalancerPort {
  const tcp = /^([\w.-]*):(\d+)$/.exec(socket);
  const command = async (text: string): Promise<string> => {
    const signal = AbortSignal.any([context.signal, AbortSignal.timeout(STEP_MS)]);
    try {
      if (tcp !== null)
        return await runtimeCommand(
          { host: tcp[1] === '' ? '127.0.0.1' : (tcp[1] ?? ''), port: Number(tcp[2]) },
          text,
          signal,
        );
      if (ssh === undefined) return await runtimeCommand({ path: socket }, text, signal);
      const { stdout } = await runToEnd({
        file: 'ssh',
        args: [
          '-o',
          'BatchMode=yes',
          '-o',
          'ConnectTimeout=5',
          '--',
          ssh,
          'socat',
          '-',
          `UNIX-CONNECT:${socket}`,
        ],
        input: `${text}\n`,
        timeLimitMs: STEP_MS * 2,
        signal: context.signal,
      });
      return stdout.toString('utf8');
    } catch (error) {
      context.signal.throwIfAborted();
      throw clusterOperationTexts.clusterCommandRefused({
        target: `${name} (${ssh === undefined ? socket : `${ssh}:${socket}`})`,
        command: text,
        detail: messageOf(error, words.noAnswer()),
      });
    }
  };
  return {
    name,
    command,
    countStuck: async (backend, server) => countStickEntries(await command(`show table ${backend}`), server),
    readStates: async () =>
      parseStatisticsCsv(await command('show stat'))
        .filter(({ server }) => server !== 'FRONTEND' && server !== 'BACKEND')
        .map(({ proxy, server, status, values, address }) => ({
          backend: proxy,
          server,
          status,
          sessions: values['scur'] ?? 0,
          lastRequestSeconds: (values['lastsess'] ?? -1) < 0 ? null : (values['lastsess'] ?? null),
          address,
        })),
  };
}

async function workerAdapter(
  context: Context,
  { encoding }: Inventory,
  target: { readonly celeryName: string; readonly queue: string },
): Promise<{ port: WorkerPort; close: () => void }> {
  const found = Object.entries(encoding?.brokers ?? {}).find(([, { queues }]) =>
    queues.includes(target.queue),
  );
  if (found === undefined) throw clusterOperationTexts.clusterNoBroker({ file: 'cluster.toml' });
  const [name, broker] = found;
  const { redis, address } = await openBroker(context, {
    name,
    url: broker.url.reveal(),
    master: broker.sentinel_master,
  });
  const { database } = address;
  return {
    close: () => redis.disconnect(),
    port: {
      read: async () => {
        const { replies } = await inspectWorkers(redis, {
          database,
          waitMs: 2000,
          methods: ['ping', 'stats', 'active_queues', 'active', 'reserved'],
        });
        return replies.map(({ node, queues, active, reserved }) => ({
          node,
          queues: queues ?? [],
          active: active?.length ?? 0,
          reserved: reserved?.length ?? 0,
        }));
      },
      setConsuming: async (on) => {
        const replies = await controlWorkers(
          redis,
          {
            method: on ? 'add_consumer' : 'cancel_consumer',
            arguments: { queue: target.queue },
            destination: [target.celeryName],
          },
          { database, waitMs: STEP_MS },
        );
        const [reply] = replies;
        return reply === undefined
          ? { ok: false, answer: words.noAnswer() }
          : { ok: reply.ok, answer: reply.answer };
      },
    },
  };
}
