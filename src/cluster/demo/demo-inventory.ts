import { loadInventory } from '../inventory/load.js';
import type { Inventory } from '../inventory/schema.js';

export interface DemoPorts {
  readonly http: number;
  readonly stats: number;
  /** HAProxy's runtime socket. */
  readonly runtime: number;
  readonly rtmp: readonly [number, number];
  readonly ingest: readonly [number, number];
  readonly broadcast: readonly [number, number];
}

export interface DemoOptions {
  readonly segmentSeconds?: number | undefined;
  /** Renditions are passed through instead of encoded: for machines with little to give. */
  readonly copied?: boolean | undefined;
}

export const DEMO_PORT_COUNT = 9;

/** Ports in the order in which they were found free. */
export function demoPorts(ports: readonly number[]): DemoPorts {
  const [
    http = 0,
    stats = 0,
    runtime = 0,
    rtmp1 = 0,
    rtmp2 = 0,
    ingest1 = 0,
    ingest2 = 0,
    node1 = 0,
    node2 = 0,
  ] = ports;
  return {
    http,
    stats,
    runtime,
    rtmp: [rtmp1, rtmp2],
    ingest: [ingest1, ingest2],
    broadcast: [node1, node2],
  };
}

/** One balancer, two ingests and two broadcast nodes on loopback: an inventory like any other, for any command. */
export function demoInventory(
  ports: DemoPorts,
  { segmentSeconds = 2, copied = false }: DemoOptions,
): { inventory: Inventory; text: string } {
  const nodes = [0, 1].flatMap((i) => [
    `[streaming.ingests.ingest${i + 1}]`,
    `address = "127.0.0.1"\nrtmp_port = ${ports.rtmp[i] ?? 0}\nhttp_port = ${ports.ingest[i] ?? 0}`,
    `[streaming.broadcasts.broadcast${i + 1}]`,
    `address = "127.0.0.1"\nhttp_port = ${ports.broadcast[i] ?? 0}`,
  ]);
  const text = [
    '[streaming]',
    `public_name = "127.0.0.1"\nstreams = ["demo"]\npublishers = ["127.0.0.1"]`,
    `segment_seconds = ${segmentSeconds}\nplaylist_seconds = ${Math.max(6, segmentSeconds * 8)}\nspare_slots = 1`,
    ...['[[streaming.ladder]]', `name = "low"\ncopy = ${copied}\nwidth = 320\nheight = 180`],
    ...['frame_rate = 25\nvideo = "300k"\naudio = "64k"'],
    ...['[[streaming.ladder]]', `name = "high"\ncopy = ${copied}\nwidth = 640\nheight = 360`],
    ...['frame_rate = 25\nvideo = "700k"\naudio = "96k"'],
    '[streaming.balancers.lb1]',
    `address = "127.0.0.1"\nhttp_port = ${ports.http}\nstats_port = ${ports.stats}\nsocket = "127.0.0.1:${ports.runtime}"`,
    ...nodes,
  ].join('\n');
  return { inventory: loadInventory({ path: 'demo', text }, () => ''), text: `${text}\n` };
}
