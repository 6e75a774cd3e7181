/* What one pass works with, beside Pod (pod-port.ts). src/cli/wiring/live.ts fills it. */

import type { ClaimState, EndReason, MeetingFacts } from './live.js';
import type { KeeperJob, KeeperStatus } from './keeper/keeper-port.js';
import type { Broadcaster } from './pod-port.js';

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
  /** For one that does not listen any more. */
  kill(id: string): void;
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
