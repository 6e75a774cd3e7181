import type { WantedLive } from './live.js';
import type { PodLives } from './pod-port.js';

/** A gateway call that is remembered until its live is over. */
export interface KeptOrder {
  readonly room: string;
  readonly meetingId: string;
  /** May hold credentials: kept in a file of mode 0600. */
  readonly rtmpUrl: string;
  readonly desire: 'run' | 'stop';
  readonly at: number;
}

export interface KeptOrders {
  list(): KeptOrder[];
  drop(room: string): void;
}

/** An order to stop that Pod's row does not know yet holds for so long. */
const STOP_HOLDS_MS = 120_000;

/**
 * Joins what the gateway was told to what Pod's REST shows: a row of the same meeting takes the order over, a
 * order without a row is a live of its own. Pure.
 */
export function mergeOrders(
  rows: readonly WantedLive[],
  orders: readonly KeptOrder[],
  now: number,
): WantedLive[] {
  const covered = new Set<string>();
  const merged = rows.map((row): WantedLive => {
    const order =
      row.origin === 'webinar' ? orders.find(({ meetingId }) => meetingId === row.meetingId) : undefined;
    if (order === undefined) return row;
    covered.add(order.room);
    const stopped = order.desire === 'stop' && now - order.at < STOP_HOLDS_MS;
    return { ...row, rtmpUrl: row.rtmpUrl ?? order.rtmpUrl, desire: stopped ? 'stop' : row.desire };
  });
  const alone = orders.filter(({ room }) => !covered.has(room)).map(fromOrder);
  return [...merged, ...alone];
}

const fromOrder = (order: KeptOrder): WantedLive => ({
  id: gatewayId(order.room),
  origin: 'gateway',
  podId: 0,
  meetingId: order.meetingId,
  meetingName: order.meetingId,
  desire: order.desire,
  startedInPod: false,
  holder: null,
  restricted: false,
  chat: true,
  showChat: false,
  record: false,
  rtmpUrl: order.rtmpUrl,
  broadcasterId: null,
});

const gatewayId = (room: string): string => `gateway-${room.toLowerCase().replace(/[^a-z0-9-]/g, '-')}`;

/** Pod with the gateway's orders; without a Pod REST (null) the orders alone. */
export function withOrders(pod: PodLives | null, orders: KeptOrders, now: () => number): PodLives {
  return {
    listWanted: async (ownIds, signal) =>
      mergeOrders(pod === null ? [] : await pod.listWanted(ownIds, signal), orders.list(), now()),
    announce: async (facts, signal) =>
      facts.origin === 'gateway' || pod === null
        ? { broadcaster: null, rival: false }
        : pod.announce(facts, signal),
    finish: async (facts, signal) => {
      if (facts.origin !== 'gateway') await pod?.finish(facts, signal);
      for (const { room, meetingId } of orders.list())
        if (gatewayId(room) === facts.id || meetingId === facts.meetingId) orders.drop(room);
    },
  };
}
