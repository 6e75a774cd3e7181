import type { Outcome } from '../../kit/outcome.js';
import type { WebAnswer } from '../check/web-facts.js';
import type { BrokerState, Heartbeat, InspectFacts, QueuesFacts } from './facts.js';

/** What one broker database gave. */
export interface BrokerFacts {
  /** `redis://host:6379/5`, without its secret. */
  readonly broker: string;
  readonly host: string;
  readonly database: number;
  readonly queues: readonly string[];
  /** The connection and INFO; the rest is null when it fails. */
  readonly state: Outcome<BrokerState>;
  readonly workers: Outcome<InspectFacts> | null;
  readonly heartbeats: Outcome<readonly Heartbeat[]> | null;
  readonly contents: Outcome<QueuesFacts> | null;
  /** Connections of this database that wait for a job (BRPOP); null when CLIENT LIST is forbidden. */
  readonly waitingConsumers: number | null;
  /** Whether it answers without any password. */
  readonly open: boolean | null;
  /** SET and DEL of a probe key, with --probe only. */
  readonly write: Outcome<true> | null;
}

/** A directory as this machine sees it, with the mount it lies on. */
export interface ShareState {
  readonly device: string;
  readonly inode: string;
  readonly mountPoint: string;
  readonly mountSource: string;
  readonly fileSystem: string;
  readonly readOnly: boolean;
  readonly freeBytes: number;
  readonly totalBytes: number;
}

export interface ShareFacts {
  readonly name: string;
  readonly path: string;
  readonly side: 'backend' | 'worker';
  readonly state: Outcome<ShareState>;
  /** With --probe: whether the file written through the backend's path is read here. */
  readonly sentinel: Outcome<boolean> | null;
}

/** A file that a waiting job names. */
export interface QueuedFile {
  readonly path: string;
  readonly queue: string;
  readonly videoId: string;
  readonly exists: boolean;
  readonly durationSeconds: number | null;
}

export interface PodFacts {
  readonly at: number;
  readonly brokers: readonly BrokerFacts[];
  readonly shares: readonly ShareFacts[];
  /** Null when the share cannot be seen from here: nothing is said about files then. */
  readonly files: readonly QueuedFile[] | null;
  /** Programs of the local roles that were not found. */
  readonly missingPrograms: readonly string[] | null;
  readonly api: Outcome<WebAnswer> | null;
  /** Text of settings_local.py; null when the inventory names none. */
  readonly settings: Outcome<string> | null;
  readonly lrsAbout: Outcome<WebAnswer> | null;
  readonly lrsStatements: Outcome<WebAnswer> | null;
}
