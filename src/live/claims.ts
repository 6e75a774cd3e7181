import type { ClaimState } from './live.js';
import type { Claims } from './pass-port.js';

/** A shared place that holds one small text per live; every change is atomic. */
export interface ClaimPlace {
  /** For messages: `claims_path`, `redis`. */
  readonly where: string;
  read(id: string): Promise<string | null>;
  /** False when there is one already. */
  place(id: string, text: string): Promise<boolean>;
  /** Only while it still reads `expected`. */
  replace(id: string, expected: string, text: string): Promise<boolean>;
  /** Only while it still reads `expected`. */
  remove(id: string, expected: string): Promise<boolean>;
}

/** What we saw of each claim last, and since when by our own clock: servers' clocks never meet. */
export type SeenClaims = Readonly<Record<string, { readonly text: string; readonly since: number }>>;

export interface ClaimSettings {
  /** Unique among the servers. */
  readonly owner: string;
  readonly timeoutMs: number;
  readonly now: () => number;
  readonly loadSeen: () => SeenClaims;
  readonly saveSeen: (seen: SeenClaims) => void;
}

const ABSENT = '';

/** Claims with a heartbeat: the holder changes its text again and again; one that stands still is stale. */
export function openClaims(place: ClaimPlace, settings: ClaimSettings): Claims {
  const { owner, timeoutMs, now } = settings;
  const isMine = (text: string): boolean => text.startsWith(`${owner} `);
  const fresh = (): string => `${owner} ${now()}`;
  return {
    where: place.where,
    view: async (ids) => {
      const before = settings.loadSeen();
      const seen: Record<string, { text: string; since: number }> = {};
      const states = new Map<string, ClaimState>();
      for (const id of ids) {
        const text = (await place.read(id)) ?? ABSENT;
        const known = before[id];
        const entry = known?.text === text ? known : { text, since: now() };
        seen[id] = entry;
        states.set(id, stateOf(text, now() - entry.since > timeoutMs, isMine(text)));
      }
      if (JSON.stringify(seen) !== JSON.stringify(before)) settings.saveSeen(seen);
      return states;
    },
    take: async (id) => {
      const text = await place.read(id);
      if (text === null) return place.place(id, fresh());
      if (isMine(text)) return true;
      const known = settings.loadSeen()[id];
      const stale = known?.text === text && now() - known.since > timeoutMs;
      return stale && (await place.replace(id, text, fresh()));
    },
    beat: async (id) => {
      const text = await place.read(id);
      if (text === null) await place.place(id, fresh());
      else if (isMine(text)) await place.replace(id, text, fresh());
    },
    release: async (id) => {
      const text = await place.read(id);
      if (text !== null && isMine(text)) await place.remove(id, text);
    },
  };
}

function stateOf(text: string, unchanged: boolean, mine: boolean): ClaimState {
  if (mine) return 'mine';
  if (text === ABSENT) return unchanged ? 'free-long' : 'free';
  return unchanged ? 'stale' : 'held';
}
