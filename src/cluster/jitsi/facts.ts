import type { CertificateFacts } from '../check/web-facts.js';

/** One presence in a brewery. jicofo knows a bridge by its occupant: two JIDs behind one nickname are one bridge. */
export interface BreweryOccupant {
  readonly nickname: string;
  /** Real JIDs behind the nickname; empty when the room hides them. */
  readonly jids: readonly string[];
  /** Whether the presence carries a bridge's statistics. */
  readonly hasStatistics: boolean;
  readonly version: string | null;
}

/** How far an XMPP login went; each stage holds when all before held. */
export interface XmppLoginFacts {
  readonly stage: 'connected' | 'starttls' | 'authenticated' | 'joined';
  /** The server's own condition when a stage refused: `not-authorized`, `host-unknown`, `item-not-found`. */
  readonly refusal: string | null;
  readonly mechanisms: readonly string[];
  readonly certificate: CertificateFacts | null;
  readonly occupants: readonly BreweryOccupant[];
}

/** A bridge by its private REST interface. */
export interface BridgeHealth {
  readonly healthy: boolean;
  readonly status: number;
  /** The reason the bridge gives when it is not healthy. */
  readonly reason: string;
}

/** `/colibri/stats` of a bridge, its own names, numbers and booleans only. */
export type BridgeStatistics = Readonly<Record<string, number | boolean | string>>;

/** A bridge as jicofo's `/debug` shows it. */
export interface SelectorBridge {
  readonly nickname: string;
  readonly healthy: boolean | null;
  readonly operational: boolean | null;
  readonly draining: boolean | null;
  readonly version: string | null;
}

export interface JicofoFacts {
  readonly health: BridgeHealth;
  readonly operationalCount: number | null;
  readonly lostBridges: number | null;
  readonly versionCount: number | null;
  readonly participants: number | null;
  readonly bridges: readonly SelectorBridge[];
}

/** `closed` is proved (ICMP port unreachable); silence proves nothing: a bridge never answers strangers. */
export type UdpState = 'closed' | 'open-or-filtered';
