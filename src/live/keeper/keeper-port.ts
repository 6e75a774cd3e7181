/* What a keeper works with. A keeper owns one live: its browser, encoder, screen and sound, or its container. */

import type { EncoderProgress, StreamTrouble } from '../encoder-watch.js';
import type { EndReason, KeeperPhase, Origin, Participant } from '../live.js';

/** What a keeper is told to do; written once by the pass, mode 0600. */
export interface KeeperJob {
  readonly id: string;
  readonly origin: Origin | 'hand';
  readonly podId: number;
  readonly meetingId: string;
  readonly meetingName: string;
  readonly internalMeetingId: string;
  readonly createTime: number;
  readonly slot: number;
  readonly restricted: boolean;
  readonly chat: boolean;
  readonly showChat: boolean;
  readonly record: boolean;
  readonly streamName: string;
  /** Whole RTMP address given by Pod or by hand; null: `rtmp_url` and the stream's name. */
  readonly rtmpUrl: string | null;
  /** Further whole addresses, given by hand. */
  readonly also?: readonly string[];
  readonly broadcasterId: number | null;
  /** False: nothing is streamed, only recorded (by hand). */
  readonly stream: boolean;
  readonly createdAt: number;
}

export interface Incident {
  readonly code: IncidentCode;
  readonly detail: string;
  readonly since: number;
}

export type IncidentCode =
  | StreamTrouble
  | 'child-died'
  | 'encoder-stalled'
  | 'join-refused'
  | 'join-failed'
  | 'waiting-for-moderator'
  | 'audio-not-joined'
  | 'removed-from-meeting'
  | 'bbb-unreachable'
  | 'chat-undelivered'
  | 'target-failed'
  | 'start-failed';

/** What a keeper tells, about once a second; `live status` and the pass read it. */
export interface KeeperStatus {
  readonly id: string;
  readonly phase: KeeperPhase;
  readonly endReason: EndReason | null;
  readonly updatedAt: number;
  /** First instant on air; null before. */
  readonly onAirAt: number | null;
  readonly progress: EncoderProgress | null;
  readonly audio: 'joined' | 'not-joined' | 'unknown';
  readonly rtmp: 'ok' | 'none' | StreamTrouble;
  /** Each target, the main one first. */
  readonly targets: readonly { readonly shown: string; readonly state: 'ok' | StreamTrouble }[];
  readonly recording: 'on' | 'off' | 'failed';
  readonly viewersInMeeting: number | null;
  readonly repairs: number;
  /** The pause picture stands. */
  readonly paused: boolean;
  readonly incidents: readonly Incident[];
  /** Child processes by role. */
  readonly children: Readonly<Record<string, number>>;
}

/** One target of the stream. */
export interface TargetState {
  /** Its address without credentials. */
  readonly shown: string;
  /** The one that the encoder publishes to itself: its trouble is known by the encoder's own words. */
  readonly isMain: boolean;
  readonly trouble: StreamTrouble | null;
}

export type RigPart = 'browser' | 'encoder' | 'screen' | 'container';

export type RigEvent =
  | { readonly kind: 'died'; readonly part: RigPart; readonly detail: string }
  | { readonly kind: 'page'; readonly end: 'ended-modal' | 'error-screen' | 'navigated' }
  | { readonly kind: 'progress'; readonly progress: EncoderProgress }
  | { readonly kind: 'line'; readonly line: string }
  | { readonly kind: 'waiting-for-moderator'; readonly waiting: boolean };

/** One backend at work: brings a meeting to the stream, and repairs its parts one by one. */
export interface Rig {
  /** Where it says what happens to it; set before `start`. */
  onEvent: (event: RigEvent) => void;
  /** Starts every part. @throws OperatorError live-join-… program-missing, chromium-… */
  start(signal: AbortSignal): Promise<void>;
  /** Replaces one part, and those that cannot go on without it. */
  repair(part: RigPart, signal: AbortSignal): Promise<void>;
  /** Whether somebody could hear the meeting; tries again to join the audio when it is lost. */
  audio(): Promise<'joined' | 'not-joined' | 'unknown'>;
  /** Types into the meeting's chat through the page. False: this backend has no page at hand. */
  say(text: string): Promise<boolean>;
  /** `needs-page`: this page has nothing to open or close it with; the next one will show it, or not. */
  toggleChat(): Promise<'done' | 'needs-page' | 'impossible'>;
  /** Whether the chat is shown, or hidden, as it should be. */
  hasChatAsWished(): Promise<boolean>;
  /** Shows the pause picture instead of the meeting, or the meeting again. */
  pause(on: boolean): Promise<void>;
  targets(now: number): TargetState[];
  children(): Record<string, number>;
  /** Ends every part in order, so that the recording is whole. Never throws. */
  stop(): Promise<void>;
}

export type MeetingLook =
  | { readonly state: 'absent' }
  | { readonly state: 'present'; readonly createTime: number; readonly participants: readonly Participant[] };

/** What Pod's chat and gateway ask of a live on air. */
export type ChatOrder = { readonly kind: 'say'; readonly text: string } | { readonly kind: 'toggle' };

export interface KeeperPorts {
  readonly rig: Rig;
  /** BBB's answer about the meeting. @throws when there is none, which means nothing. */
  readonly look: (signal: AbortSignal) => Promise<MeetingLook>;
  /** BBB 3.0's sendChatMessage. False: this server has none. */
  readonly sendChat: (text: string) => Promise<boolean>;
  /** Chat that waits (gateway, Redis), oldest first, taken. */
  readonly takeChat: () => Promise<readonly ChatOrder[]>;
  readonly writeStatus: (status: KeeperStatus) => void;
  /** A stop that the pass or an operator asked for. */
  readonly stopAsked: () => EndReason | null;
  /** Whether `live pause` was typed, and `live resume` not since. */
  readonly pauseAsked: () => boolean;
  /** Renews the claim on the live. */
  readonly beat: () => Promise<void>;
  readonly log: (level: 'info' | 'warn', message: string) => void;
  readonly now: () => number;
}

export interface KeeperTimes {
  readonly tickMs: number;
  readonly pollMs: number;
  readonly stallMs: number;
  readonly backoffMs: number;
  readonly backoffMaxMs: number;
  readonly maxDurationMs: number;
  /** 0 never. */
  readonly emptyMs: number;
  readonly beatMs: number;
  /** So often the bot knocks again after it was removed or denied. */
  readonly rejoins: number;
}

export const errorText = (error: unknown): string => (error instanceof Error ? error.message : String(error));
