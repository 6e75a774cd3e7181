/** What Redis says of itself, as far as it decides whether jobs are safe there. Null: it would not tell. */
export interface BrokerState {
  readonly version: string;
  readonly role: string;
  readonly usedMemoryBytes: number;
  readonly maxMemoryBytes: number;
  readonly policy: string | null;
  readonly lastSaveOk: boolean;
  readonly stopsWritesAfterFailedSave: boolean | null;
  readonly appendOnly: boolean;
  readonly appendWriteOk: boolean;
  readonly savePoints: string | null;
  readonly evictedKeys: number;
  readonly uptimeSeconds: number;
  readonly passwordSet: boolean | null;
  readonly protectedMode: boolean | null;
  readonly bind: string | null;
}

/** A job as a worker tells it (`active`, `reserved`). */
export interface WorkerTask {
  readonly id: string;
  readonly name: string;
  readonly arguments: readonly unknown[];
  /** Seconds since 1970, by the worker's clock; null while it waits. */
  readonly startedAtSeconds: number | null;
  readonly queue: string | null;
}

/** One process that answered the inspect message. Two may carry one name: that is a finding. */
export interface WorkerReply {
  readonly node: string;
  readonly pid: number | null;
  readonly prefetchCount: number | null;
  readonly concurrency: number | null;
  readonly queues: readonly string[] | null;
  readonly active: readonly WorkerTask[] | null;
  readonly reserved: readonly WorkerTask[] | null;
  /** celery, kombu, py, redis versions from `report`. */
  readonly versions: Readonly<Record<string, string>>;
}

/** What the inspect message brought back: how many heard it, and who answered. */
export interface InspectFacts {
  readonly subscribers: number;
  readonly replies: readonly WorkerReply[];
}

/** One worker heard on the heartbeat channel; nothing was written for it. */
export interface Heartbeat {
  readonly node: string;
  readonly pid: number;
}

/** The video a job of Pod is about: its first argument. */
export function videoOf({ arguments: [first] }: { readonly arguments: readonly unknown[] }): string {
  return typeof first === 'number' || typeof first === 'string' ? String(first) : '?';
}

/** A message that waits in a queue. */
export interface QueuedMessage {
  readonly id: string;
  readonly task: string;
  readonly arguments: readonly unknown[];
  readonly queue: string;
  readonly priority: number;
  /** Seconds since 1970, for messages of `unacked`: when a worker got it. */
  readonly deliveredAtSeconds?: number;
}

/** One queue: its list and those of its priorities. */
export interface QueueFacts {
  readonly name: string;
  readonly waiting: number;
  /** The next ones to leave, oldest first; at most as many as asked for. */
  readonly next: readonly QueuedMessage[];
}

/** What was delivered to a worker and not acknowledged. */
export interface UnackedFacts {
  readonly count: number;
  /** Seconds since 1970 of the oldest delivery; null when there is none. */
  readonly oldestAtSeconds: number | null;
  readonly messages: readonly QueuedMessage[];
}

/** What lies in one broker database. */
export interface QueuesFacts {
  readonly queues: readonly QueueFacts[];
  readonly unacked: UnackedFacts;
  /** Other queues that once had a consumer and hold messages now. */
  readonly strangers: readonly { readonly name: string; readonly waiting: number }[];
}
