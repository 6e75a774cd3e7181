import type { WantedLive } from './live.js';
import type { PodLives } from './pod-port.js';

/** A gateway call that is remembered until its live is over. */
export interface Wish {
  readonly room: string;
  readonly meetingId: string;
  /** May hold credentials: kept in a file of mode 0600. */
  readonly rtmpUrl: string;
  readonly desire: 'run' | 'stop';
  readonly at: number;
}

export interface Wishes {
  list(): Wish[];
  drop(room: string): void;
}

/** An order to stop that Pod's row does not know yet holds for so long. */
const STOP_HOLDS_MS = 120_000;

/**
 * Joins what the gateway was told to what Pod's REST shows: a row of the same meeting takes the wish over, a
 * wish without a row is a live of its own. Pure.
 */
export function mergeWishes(rows: readonly WantedLive[], wishes: readonly Wish[], now: number): WantedLive[] {
  const covered = new Set<string>();
  const merged = rows.map((row): WantedLive => {
    const wish =
      row.origin === 'webinar' ? wishes.find(({ meetingId }) => meetingId === row.meetingId) : undefined;
    if (wish === undefined) return row;
    covered.add(wish.room);
    const stopped = wish.desire === 'stop' && now - wish.at < STOP_HOLDS_MS;
    return { ...row, rtmpUrl: row.rtmpUrl ?? wish.rtmpUrl, desire: stopped ? 'stop' : row.desire };
  });
  const alone = wishes.filter(({ room }) => !covered.has(room)).map(fromWish);
  return [...merged, ...alone];
}

const fromWish = (wish: Wish): WantedLive => ({
  id: gatewayId(wish.room),
  origin: 'gateway',
  podId: 0,
  meetingId: wish.meetingId,
  meetingName: wish.meetingId,
  desire: wish.desire,
  startedInPod: false,
  holder: null,
  restricted: false,
  chat: true,
  showChat: false,
  record: false,
  rtmpUrl: wish.rtmpUrl,
  broadcasterId: null,
});

const gatewayId = (room: string): string => `gateway-${room.toLowerCase().replace(/[^a-z0-9-]/g, '-')}`;

/** Pod with the gateway's wishes; without a Pod REST (null) the wishes alone. */
export function withWishes(pod: PodLives | null, wishes: Wishes, now: () => number): PodLives {
  return {
    listWanted: async (ownIds, signal) =>
      mergeWishes(pod === null ? [] : await pod.listWanted(ownIds, signal), wishes.list(), now()),
    announce: async (facts, signal) =>
      facts.origin === 'gateway' || pod === null
        ? { broadcaster: null, rival: false }
        : pod.announce(facts, signal),
    finish: async (facts, signal) => {
      if (facts.origin !== 'gateway') await pod?.finish(facts, signal);
      for (const { room, meetingId } of wishes.list())
        if (gatewayId(room) === facts.id || meetingId === facts.meetingId) wishes.drop(room);
    },
  };
}
