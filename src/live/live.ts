/* The words of `live`: what Pod wants, what BBB shows, what is ours. Instants are Unix milliseconds. */

/** Who asks for a live: Pod's bbb app, Pod's webinars, a gateway call without Pod's REST, an operator's hand. */
export type Origin = 'bbb' | 'webinar' | 'gateway';

/** One live as Pod sees it. */
export interface WantedLive {
  /** Ours, stable: `bbb-12`, `webinar-7`. Names files, streams and claims. */
  readonly id: string;
  readonly origin: Origin;
  /** Primary key of Pod's row; 0 for a gateway call without a row. */
  readonly podId: number;
  readonly meetingId: string;
  readonly meetingName: string;
  /** run: on air as soon as the meeting runs; idle: not yet; stop: Pod says it is over. */
  readonly desire: 'run' | 'idle' | 'stop';
  /** Pod believes it runs. */
  readonly startedInPod: boolean;
  /** The bbb app's `server` column, parsed exactly; null when empty or not ours to read. */
  readonly holder: { readonly server: number; readonly slot: number } | null;
  readonly restricted: boolean;
  readonly chat: boolean;
  readonly showChat: boolean;
  readonly record: boolean;
  /** Whole RTMP address given by Pod (webinars); null: ours is made from `rtmp_url`. May hold credentials. */
  readonly rtmpUrl: string | null;
  /** Existing broadcaster (webinars). */
  readonly broadcasterId: number | null;
}

/** One meeting as getMeetings shows it. */
export interface MeetingFacts {
  readonly meetingId: string;
  readonly internalMeetingId: string;
  readonly name: string;
  /** BBB's createTime: a meeting created again under the same id has another. */
  readonly createTime: number;
  readonly running: boolean;
  readonly participants: readonly Participant[];
  /** Only for joining servers older than 2.4. */
  readonly attendeePassword: string | null;
}

export interface Participant {
  readonly userId: string;
  readonly name: string;
  readonly listening: boolean;
}

export type KeeperPhase = 'starting' | 'on-air' | 'repairing' | 'ended';

/** Why a live ended. */
export type EndReason =
  | 'meeting-ended'
  | 'only-bots-left'
  | 'pod-stopped'
  | 'max-duration'
  | 'claim-lost'
  | 'operator'
  | 'join-refused';

/** A live that is ours, as the state directory and the process table show it. */
export interface OwnLive {
  readonly id: string;
  readonly origin: Origin;
  readonly podId: number;
  readonly meetingId: string;
  readonly createTime: number;
  readonly slot: number;
  readonly keeperAlive: boolean;
  readonly phase: KeeperPhase;
  readonly endReason: EndReason | null;
  /** Pod was told that it is on air. */
  readonly announced: boolean;
  /** A stop was asked from its keeper. */
  readonly stopAsked: EndReason | null;
  /** Passes in a row in which BBB answered SUCCESS without the meeting. */
  readonly absences: number;
  /** Passes in a row in which Pod's whole list lacked it. */
  readonly missing: number;
  /** Keepers that died, and the instant before which no other is started. */
  readonly deaths: number;
  readonly nextStartAt: number;
}

/** A claim as this server sees it. `stale`: unchanged for longer than the time limit, by our own clock. */
export type ClaimState = 'mine' | 'held' | 'stale' | 'free' | 'free-long';

/** Where Pod publishes the chat of a live. */
export const chatChannel = (id: string): string => `bbb2pod-chat-${id}`;
