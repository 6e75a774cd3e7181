import type { BalancerNode, BroadcastNode, IngestNode } from '../streaming/inventory.js';
import type { JmsNode, JvbNode } from '../jitsi/inventory.js';
import type { WorkerNode } from '../pod/inventory.js';
import type { ManagerNode, RunnerNode } from '../esup-runner/inventory.js';
import type { Inventory } from './schema.js';

/** A node with its system and its role; names are unique over the whole inventory. */
export type InventoryNode =
  | {
      readonly name: string;
      readonly system: 'streaming';
      readonly role: 'balancer';
      readonly node: BalancerNode;
    }
  | {
      readonly name: string;
      readonly system: 'streaming';
      readonly role: 'ingest';
      readonly node: IngestNode;
    }
  | {
      readonly name: string;
      readonly system: 'streaming';
      readonly role: 'broadcast';
      readonly node: BroadcastNode;
    }
  | { readonly name: string; readonly system: 'jitsi'; readonly role: 'jms'; readonly node: JmsNode }
  | { readonly name: string; readonly system: 'jitsi'; readonly role: 'jvb'; readonly node: JvbNode }
  | {
      readonly name: string;
      readonly system: 'encoding';
      readonly role: 'worker';
      readonly node: WorkerNode;
    }
  | {
      readonly name: string;
      readonly system: 'esup_runner';
      readonly role: 'manager';
      readonly node: ManagerNode;
    }
  | {
      readonly name: string;
      readonly system: 'esup_runner';
      readonly role: 'runner';
      readonly node: RunnerNode;
    };

/** All nodes, in the order of the file. */
export function listNodes({
  streaming,
  jitsi,
  encoding,
  esup_runner: esupRunner,
}: Inventory): InventoryNode[] {
  const found: InventoryNode[] = [];
  for (const [name, node] of Object.entries(streaming?.balancers ?? {}))
    found.push({ name, system: 'streaming', role: 'balancer', node });
  for (const [name, node] of Object.entries(streaming?.ingests ?? {}))
    found.push({ name, system: 'streaming', role: 'ingest', node });
  for (const [name, node] of Object.entries(streaming?.broadcasts ?? {}))
    found.push({ name, system: 'streaming', role: 'broadcast', node });
  if (jitsi !== undefined) found.push({ name: 'jms', system: 'jitsi', role: 'jms', node: jitsi.jms });
  for (const [name, node] of Object.entries(jitsi?.jvbs ?? {}))
    found.push({ name, system: 'jitsi', role: 'jvb', node });
  for (const [name, node] of Object.entries(encoding?.workers ?? {}))
    found.push({ name, system: 'encoding', role: 'worker', node });
  if (esupRunner !== undefined)
    found.push({ name: 'manager', system: 'esup_runner', role: 'manager', node: esupRunner.manager });
  for (const [name, node] of Object.entries(esupRunner?.runners ?? {}))
    found.push({ name, system: 'esup_runner', role: 'runner', node });
  return found;
}
