/* What `live` needs of Pod, whatever its generation. src/pod/rest implements it. */

import type { Origin, WantedLive } from './live.js';

export interface Broadcaster {
  readonly slug: string;
  readonly id: number;
  /** We made it, so we remove it; else it is only closed. */
  readonly ours: boolean;
}

export interface AnnounceFacts {
  readonly origin: Origin;
  readonly podId: number;
  readonly server: number;
  readonly slot: number;
  readonly restricted: boolean;
  readonly broadcasterName: string;
  /** Where viewers find it: an HLS playlist. */
  readonly streamUrl: string;
  readonly broadcasterId: number | null;
  /** How Pod reaches our chat; null without. */
  readonly redis: { readonly host: string; readonly port: number; readonly channel: string } | null;
}

export interface FinishFacts {
  readonly id: string;
  readonly meetingId: string;
  readonly origin: Origin;
  readonly podId: number;
  readonly endedAt: number;
  readonly broadcaster: Broadcaster | null;
  /** A recording will follow: its owner is written for Pod's job. */
  readonly hasRecording: boolean;
}

export interface PodLives {
  /**
   * Every live that Pod wants or calls started, and those of `ownIds` whatever their state (absent: deleted).
   * Complete or not at all.
   * @throws OperatorError live-pod-unreachable, live-pod-refused, live-pod-without-lives
   */
  listWanted(ownIds: ReadonlySet<string>, signal: AbortSignal): Promise<WantedLive[]>;
  /** Tells Pod that a live is on air. `rival`: another server said so meanwhile, the row is its. */
  announce(
    facts: AnnounceFacts,
    signal: AbortSignal,
  ): Promise<{ broadcaster: Broadcaster | null; rival: boolean }>;
  /** Tells Pod that it is over. May be repeated. */
  finish(facts: FinishFacts, signal: AbortSignal): Promise<void>;
}
