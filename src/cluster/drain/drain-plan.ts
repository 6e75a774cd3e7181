import { nearest } from '../../kit/config/nearest.js';
import { shellQuote } from '../../kit/output/shell.js';
import { listNodes, type InventoryNode } from '../inventory/nodes.js';
import type { Inventory } from '../inventory/schema.js';
import { compareWithInventory, type Plans } from '../plan/compare.js';
import { celeryNameOf } from '../pod/inventory.js';
import { unitOf } from '../render/render-encoding.js';
import { runnerCommands } from './runner-commands.js';
import { clusterOperationTexts } from '../texts/operation.js';

export type Direction = 'drain' | 'ready';

/** A node that can be taken out and back. Spare slots of HAProxy are servers without a node. */
export type DrainTarget =
  | { readonly kind: 'server'; readonly name: string; readonly address: string | null }
  | { readonly kind: 'jvb'; readonly name: string }
  | { readonly kind: 'worker'; readonly name: string; readonly celeryName: string; readonly queue: string }
  | { readonly kind: 'runner'; readonly name: string };

const REPLACED: Readonly<Record<string, string>> = {
  balancer: 'Stopping keepalived gives its address to the other one: runbooks/add-balancer.md',
  ingest: 'Broadcast nodes turn to the other one by themselves: runbooks/remove-ingest.md',
  manager:
    'There is one; what waits stays in Pod. systemctl --user -M esup-runner@.host stop esup-runner-manager',
  jms: 'There is one; conferences end with it. Announce it, then systemctl stop prosody jicofo',
};

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
    if (spares.includes(name)) return { kind: 'server', name, address };
    const names = [...nodes.map((node) => node.name), ...spares];
    const close = nearest(name, names);
    throw clusterOperationTexts.clusterNodeUnknown({
      node: name,
      near: close === null ? '' : ` (did you mean ${close}?)`,
      nodes: names.join(', '),
    });
  }
  return targetOf(found, address);
}

function targetOf(found: InventoryNode, address: string | null): DrainTarget {
  const { name, role } = found;
  if (found.role === 'broadcast') return { kind: 'server', name, address };
  if (found.role === 'jvb') return { kind: 'jvb', name };
  if (found.role === 'runner') return { kind: 'runner', name };
  if (found.role === 'worker')
    return { kind: 'worker', name, celeryName: celeryNameOf(name, found.node), queue: found.node.queue };
  throw clusterOperationTexts.clusterNodeNotDrained({ node: name, role, page: REPLACED[role] ?? '' });
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
  if (planned === undefined) return { minimum: 1, demand: 'the service' };
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

/** The commands an operator would type, in order. `apply` does the same through its doors. */
export function drainCommands(target: DrainTarget, direction: Direction, inventory: Inventory): string[] {
  if (target.kind === 'server') return serverCommands(target, direction, inventory);
  if (target.kind === 'jvb') return bridgeCommands(target.name, direction, inventory);
  if (target.kind === 'runner')
    return inventory.esup_runner === undefined
      ? []
      : runnerCommands(target.name, direction, inventory.esup_runner);
  return workerCommands(target, direction, inventory);
}

/** Backends of the rendered haproxy.cfg. */
export const BACKENDS = ['media', 'site'];

/** Runtime commands for one balancer: no new viewers, then (after the wait) nobody; or back. */
export function runtimeCommands(
  { name, address }: { readonly name: string; readonly address: string | null },
  backends: readonly string[],
  state: 'drain' | 'maint' | 'ready',
): string[] {
  const [host = '', port = ''] = address === null ? [] : splitAddress(address);
  return backends.flatMap((backend) => [
    ...(address !== null && state === 'ready'
      ? [`set server ${backend}/${name} addr ${host} port ${port}`]
      : []),
    // `disabled` slots have no check under way until they are enabled.
    ...(address !== null && state === 'ready' ? [`enable health ${backend}/${name}`] : []),
    `set server ${backend}/${name} state ${state}`,
  ]);
}

const splitAddress = (address: string): [string, string] => {
  const colon = address.lastIndexOf(':');
  return [address.slice(0, colon).replace(/^\[|\]$/g, ''), address.slice(colon + 1)];
};

const onNode = (ssh: string | undefined, command: string): string =>
  ssh === undefined ? command : `ssh ${ssh} ${shellQuote(command)}`;

function serverCommands(
  target: { readonly name: string; readonly address: string | null },
  direction: Direction,
  { streaming }: Inventory,
): string[] {
  return Object.entries(streaming?.balancers ?? {}).flatMap(([balancer, { socket, ssh }]) => {
    const tcp = /^([\w.-]*):(\d+)$/.exec(socket);
    const socat = tcp === null ? `UNIX-CONNECT:${socket}` : `TCP:${tcp[1] ?? ''}:${tcp[2] ?? ''}`;
    const say = (state: 'drain' | 'maint' | 'ready'): string[] =>
      runtimeCommands(target, BACKENDS, state).map((command) =>
        onNode(tcp === null ? ssh : undefined, `echo "${command}" | socat - ${socat}`),
      );
    return direction === 'ready'
      ? [`# ${balancer}`, ...say('ready')]
      : [
          `# ${balancer}: no new viewer`,
          ...say('drain'),
          '# when few are left, or after the wait: the others move to other nodes with their next request',
          ...say('maint'),
        ];
  });
}

function bridgeCommands(name: string, direction: Direction, { jitsi }: Inventory): string[] {
  const jvb = jitsi?.jvbs[name];
  const url = jvb?.rest_url ?? 'http://127.0.0.1:8080';
  const word = direction === 'drain' ? 'enable' : 'disable';
  return [
    onNode(jvb?.ssh, `curl -sf -X POST ${url}/colibri/drain/${word}`),
    ...(direction === 'drain'
      ? [
          '# wait until participants minus octo_endpoints is 0:',
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
        '# wait until nothing is active:',
        celery(`inspect -d ${target.celeryName} active`),
        `${stop}   # TERM: what it had prefetched goes back to the queue`,
      ]
    : [celery(`control -d ${target.celeryName} add_consumer ${target.queue}`)];
}
