import { nearest } from '../../kit/config/nearest.js';
import { shellQuote } from '../../kit/output/shell.js';
import { listNodes, type InventoryNode } from '../inventory/nodes.js';
import type { Inventory } from '../inventory/schema.js';
import { bracket } from '../inventory/values.js';
import { compareWithInventory, type Plans } from '../plan/compare.js';
import { celeryNameOf } from '../pod/inventory.js';
import { unitOf } from '../render/render-encoding.js';
import { runnerCommands } from './runner-commands.js';
import { clusterOperationTexts } from '../texts/operation.js';
import { nearWord } from '../words.js';
import { words } from './words.js';

export type Direction = 'drain' | 'ready';

/** A broadcast node: servers of HAProxy that bear its name or lead to it. */
export interface ServerTarget {
  readonly kind: 'server';
  readonly name: string;
  /** What a spare slot is to lead to, as `HOST:PORT`. */
  readonly address: string | null;
  /** `ADDRESS:PORT` of the node, as HAProxy writes it; null for a spare slot. */
  readonly place: string | null;
}

/** A node that can be taken out and back. Spare slots of HAProxy are servers without a node. */
export type DrainTarget =
  | ServerTarget
  | { readonly kind: 'jvb'; readonly name: string }
  | { readonly kind: 'worker'; readonly name: string; readonly celeryName: string; readonly queue: string }
  | { readonly kind: 'runner'; readonly name: string };

/** How a role goes out that nobody drains. */
const replacedBy = (role: string): string | undefined =>
  ({
    balancer: words.drainBalancer(),
    ingest: words.drainIngest(),
    manager: words.drainManager(),
    jms: words.drainJms(),
  })[role];

/**
 * Finds what is meant by a node's name.
 * @param address `HOST:PORT` for a spare slot that becomes a node.
 * @throws OperatorError cluster-node-unknown, cluster-node-not-drained.
 */
export function findTarget(inventory: Inventory, name: string, address: string | null): DrainTarget {
  const spares = Array.from({ length: inventory.streaming?.spare_slots ?? 0 }, (_, i) => `spare${i + 1}`);
  const nodes = listNodes(inventory);
  const found = nodes.find((node) => node.name === name);
  if (found === undefined) {
    if (spares.includes(name)) return { kind: 'server', name, address, place: null };
    const names = [...nodes.map((node) => node.name), ...spares];
    const close = nearest(name, names);
    throw clusterOperationTexts.clusterNodeUnknown({
      node: name,
      near: nearWord(close),
      nodes: names.join(', '),
    });
  }
  return targetOf(found, address);
}

function targetOf(found: InventoryNode, address: string | null): DrainTarget {
  const { name, role } = found;
  if (found.role === 'broadcast') {
    const { address: host, http_port: port } = found.node;
    return { kind: 'server', name, address, place: `${bracket(host)}:${port}` };
  }
  if (found.role === 'jvb') return { kind: 'jvb', name };
  if (found.role === 'runner') return { kind: 'runner', name };
  if (found.role === 'worker')
    return { kind: 'worker', name, celeryName: celeryNameOf(name, found.node), queue: found.node.queue };
  throw clusterOperationTexts.clusterNodeNotDrained({ node: name, role, page: replacedBy(role) ?? '' });
}

/**
 * The fewest nodes that must stay: what the plan takes without its spare, for the spare is there to be taken
 * out; never none.
 */
export function minimumFor(
  target: DrainTarget,
  plans: Plans,
  inventory: Inventory,
): { minimum: number; demand: string } {
  const role = { server: 'broadcast', jvb: 'jvb', worker: 'worker (encoding)', runner: 'runner' }[
    target.kind
  ];
  const planned =
    target.kind === 'worker' && target.queue !== 'encoding'
      ? undefined
      : compareWithInventory(plans, inventory).find((comparison) => comparison.role === role);
  if (planned === undefined) return { minimum: 1, demand: words.service() };
  return { minimum: Math.max(1, planned.needed - 1), demand: planned.demand };
}

/** @throws OperatorError cluster-below-plan. */
export function refuseBelowPlan(
  target: DrainTarget,
  left: number,
  { minimum, demand }: { minimum: number; demand: string },
): void {
  if (left >= minimum) return;
  throw clusterOperationTexts.clusterBelowPlan({
    node: target.name,
    left,
    role: target.kind,
    demand,
    minimum,
  });
}

/** A server of one backend of HAProxy. */
export interface HeldServer {
  readonly backend: string;
  readonly server: string;
}

/** What each balancer holds of a node, by the balancer's name; null: it could not be asked from here. */
export type HeldByBalancer = Readonly<Record<string, readonly HeldServer[] | null>>;

/**
 * Whether a server of HAProxy is the node: it bears its name, or its address is the node's (`addr` of `show stat`,
 * HAProxy 2.6). A node may stand in many backends, under several names.
 */
export const isServerOf =
  ({ name, place }: Pick<ServerTarget, 'name' | 'place'>) =>
  ({ server, address }: { readonly server: string; readonly address: string }): boolean =>
    server === name || (place !== null && address === place);

/** The commands an operator would type, in order. `apply` does the same through its ports. */
export function drainCommands(
  target: DrainTarget,
  direction: Direction,
  inventory: Inventory,
  held: HeldByBalancer = {},
): string[] {
  if (target.kind === 'server') return serverCommands(target, direction, inventory, held);
  if (target.kind === 'jvb') return bridgeCommands(target.name, direction, inventory);
  if (target.kind === 'runner')
    return inventory.esup_runner === undefined
      ? []
      : runnerCommands(target.name, direction, inventory.esup_runner);
  return workerCommands(target, direction, inventory);
}

/** Runtime commands for one balancer: no new viewers, then (after the wait) nobody; or back. */
export function runtimeCommands(
  { address }: { readonly address: string | null },
  held: readonly HeldServer[],
  state: 'drain' | 'maint' | 'ready',
): string[] {
  const [host = '', port = ''] = address === null ? [] : splitAddress(address);
  return held.flatMap(({ backend, server }) => [
    ...(address !== null && state === 'ready'
      ? [`set server ${backend}/${server} addr ${host} port ${port}`]
      : []),
    // `disabled` slots have no check under way until they are enabled.
    ...(address !== null && state === 'ready' ? [`enable health ${backend}/${server}`] : []),
    `set server ${backend}/${server} state ${state}`,
  ]);
}

const splitAddress = (address: string): [string, string] => {
  const colon = address.lastIndexOf(':');
  return [address.slice(0, colon).replace(/^\[|\]$/g, ''), address.slice(colon + 1)];
};

const onNode = (ssh: string | undefined, command: string): string =>
  ssh === undefined ? command : `ssh ${ssh} ${shellQuote(command)}`;

function serverCommands(
  target: ServerTarget,
  direction: Direction,
  { streaming }: Inventory,
  held: HeldByBalancer,
): string[] {
  return Object.entries(streaming?.balancers ?? {}).flatMap(([balancer, { socket, ssh }]) => {
    const tcp = /^([\w.-]*):(\d+)$/.exec(socket);
    const socat = `socat - ${tcp === null ? `UNIX-CONNECT:${socket}` : `TCP:${tcp[1] === '' ? '127.0.0.1' : (tcp[1] ?? '')}:${tcp[2] ?? ''}`}`;
    const there = (command: string): string => onNode(tcp === null ? ssh : undefined, command);
    const known = held[balancer] ?? null;
    const say = (state: 'drain' | 'maint' | 'ready'): string[] =>
      known === null
        ? [there(inEveryBackend(target, state, socat))]
        : runtimeCommands(target, known, state).map((command) => there(`echo "${command}" | ${socat}`));
    const asked = known === null ? words.askedOfEvery() : '';
    return direction === 'ready'
      ? [`# ${balancer}${asked}`, ...say('ready')]
      : [words.noNewViewer({ balancer, asked }), ...say('drain'), words.whenFewAreLeft(), ...say('maint')];
  });
}

/** One line of shell that does it in every backend where `show stat` names the server. */
function inEveryBackend(target: ServerTarget, state: 'drain' | 'maint' | 'ready', socat: string): string {
  const backends = `$(echo "show stat" | ${socat} | grep "^[^,]*,${target.name}," | cut -d, -f1)`;
  const each = runtimeCommands(target, [{ backend: '$b', server: target.name }], state)
    .map((command) => `echo "${command}" | ${socat}`)
    .join('; ');
  return `for b in ${backends}; do ${each}; done`;
}

function bridgeCommands(name: string, direction: Direction, { jitsi }: Inventory): string[] {
  const jvb = jitsi?.jvbs[name];
  const url = jvb?.rest_url ?? 'http://127.0.0.1:8080';
  const word = direction === 'drain' ? 'enable' : 'disable';
  return [
    onNode(jvb?.ssh, `curl -sf -X POST ${url}/colibri/drain/${word}`),
    ...(direction === 'drain'
      ? [
          words.waitForParticipants(),
          onNode(jvb?.ssh, `curl -s ${url}/colibri/stats`),
          onNode(jvb?.ssh, 'systemctl stop jitsi-videobridge2'),
        ]
      : []),
  ];
}

function workerCommands(
  target: { readonly name: string; readonly celeryName: string; readonly queue: string },
  direction: Direction,
  { encoding }: Inventory,
): string[] {
  const worker = encoding?.workers[target.name];
  if (encoding === undefined || worker === undefined) return [];
  // The application's own settings hold the broker: no password on the command line.
  const celery = (words: string): string =>
    onNode(
      worker.ssh,
      `cd ${encoding.pod_root} && ${encoding.venv}/bin/celery -A ${worker.app ?? 'pod.video_encode_transcript.encoding_tasks'} ${words}`,
    );
  const stop = onNode(worker.ssh, `systemctl stop ${unitOf(worker)}`);
  return direction === 'drain'
    ? [
        celery(`control -d ${target.celeryName} cancel_consumer ${target.queue}`),
        words.waitForNothing(),
        celery(`inspect -d ${target.celeryName} active`),
        `${stop}   # ${words.givesBackPrefetched()}`,
      ]
    : [celery(`control -d ${target.celeryName} add_consumer ${target.queue}`)];
}
