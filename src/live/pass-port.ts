/* What one pass works with, beside Pod (pod-port.ts). src/cli/live fills it. */

import type { IncidentNote } from './incident-mail.js';
import type { ClaimState, EndReason, MeetingFacts } from './live.js';
import type { KeeperJob, KeeperStatus } from './keeper/keeper-port.js';
import type { Broadcaster, PodLives } from './pod-port.js';
import type { Sharing } from './reconcile.js';

/** What passes remember of one live, beside its keeper's job and status. */
export interface PassRecord {
  readonly announced: boolean;
  readonly broadcaster: Broadcaster | null;
  readonly stopAsked: EndReason | null;
  readonly absences: number;
  readonly missing: number;
  readonly deaths: number;
  readonly nextStartAt: number;
  /** Steps of the end that are done: each pass goes on where the last one stopped. */
  readonly finished: { readonly pod: boolean; readonly recording: boolean };
  readonly endedAt: number | null;
}

export interface StoredLive {
  readonly job: KeeperJob;
  readonly record: PassRecord;
  readonly status: KeeperStatus | null;
  readonly keeperAlive: boolean;
  /** When its keeper last said how it is, or was started. */
  readonly heardAt: number;
}

/** What passes remember beside the lives. */
export interface PassMemory {
  readonly orphanAbsences: Readonly<Record<string, number>>;
  /** Incidents told by mail, by key, and when they were last seen. */
  readonly told: Readonly<Record<string, { readonly since: number; readonly lastSeenAt: number }>>;
  /** Finished recordings where Pod's job should take them. */
  readonly handedOver: readonly { readonly path: string; readonly at: number }[];
}

export interface LiveStore {
  list(): StoredLive[];
  create(job: KeeperJob, record: PassRecord): void;
  update(id: string, patch: Partial<PassRecord>): void;
  remove(id: string): void;
  memory(): PassMemory;
  remember(memory: PassMemory): void;
}

export interface Keepers {
  /** Starts the keeper of a stored live in its own session. */
  start(id: string): Promise<void>;
  /** Asks it to end its live; it does within its own time. */
  askToStop(id: string, reason: EndReason): void;
  /** Makes sure that nothing of it runs any more: a frozen keeper, children that outlived theirs. */
  clear(id: string): Promise<void>;
}

/** Claims of lives among several servers. */
export interface Claims {
  readonly where: string;
  /** How each of these claims stands. @throws OperatorError live-claims-unreachable */
  view(ids: readonly string[]): Promise<Map<string, ClaimState>>;
  /** Takes a claim that is free or stale. False: another server was quicker. */
  take(id: string): Promise<boolean>;
  beat(id: string): Promise<void>;
  release(id: string): Promise<void>;
}

/** Brings the recording of an ended live where Pod takes it. */
export interface HandOver {
  /** Whether anything was recorded. */
  hasRecording(id: string): boolean;
  /**
   * Joins the parts, moves the file by `.part` and rename. Null: there is nothing to move.
   * @throws OperatorError live-recording-kept: the file stays where it is.
   */
  move(job: KeeperJob): Promise<{ path: string; watched: boolean } | null>;
  /** The part of a live that another server goes on with: kept here, never in the place of the other's file. */
  keep(job: KeeperJob): Promise<{ path: string; watched: boolean } | null>;
}

export interface MeetingSource {
  listMeetings(signal: AbortSignal): Promise<MeetingFacts[]>;
}

export interface PassSettings {
  readonly server: number;
  readonly servers: number;
  readonly slots: number;
  readonly sharing: Sharing;
  readonly hlsUrl: string | null;
  /** False: rows without an RTMP address of their own cannot be streamed. */
  readonly hasRtmpUrl: boolean;
  readonly showChat: 'pod' | 'always' | 'never';
  readonly redis: { readonly host: string; readonly port: number } | null;
  readonly startWaitMs: number;
  /** A keeper that says nothing for so long is frozen: it counts as dead. */
  readonly silenceMs: number;
  readonly backoffMs: number;
  readonly backoffMaxMs: number;
  /** `[mail] on_start`: each start is worth a mail too. */
  readonly mailOnStart: boolean;
}

export interface PassPorts {
  readonly pod: PodLives;
  readonly meetings: MeetingSource;
  readonly store: LiveStore;
  readonly keepers: Keepers;
  /** Null: no shared place, lives are shared by id modulo servers. */
  readonly claims: Claims | null;
  readonly handOver: HandOver;
  readonly sendMail: ((notes: readonly IncidentNote[]) => Promise<void>) | null;
  readonly log: (level: 'info' | 'warn', message: string) => void;
  readonly now: () => number;
}
