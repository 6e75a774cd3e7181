import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Outcome } from '../../../kit/outcome.js';
import type { QueueTarget } from '../../check/targets.js';
import type { BrokerFacts } from '../../pod/run-facts.js';
import { attempt } from '../../../kit/adapters/network/attempt.js';
import { parseBrokerUrl, showBroker, type BrokerAddress } from '../../../kit/adapters/redis/broker-url.js';
import { connectRedis } from '../../../kit/adapters/redis/connect.js';
import { readBrokerState } from '../redis/facts.js';
import { listenToHeartbeats } from './heartbeats.js';
import { inspectWorkers } from './inspect.js';
import { readQueues } from './queues.js';
import { words } from '../../words.js';

export interface LookOptions {
  readonly passive: boolean;
  readonly probe: boolean;
  readonly connectMs: number;
  /** How long a worker that hears and does not answer is waited for. */
  readonly inspectMs: number;
  /** How long heartbeats are listened to with --passive; workers beat every 2 s. */
  readonly listenMs: number;
  readonly signal: AbortSignal;
}

const PEEK = 20;

/** Looks at one broker database with one connection: state, workers, queues; never throws. */
export async function lookAtBroker(
  targets: readonly QueueTarget[],
  options: LookOptions,
): Promise<BrokerFacts> {
  const address = parseBrokerUrl(targets[0]?.broker.reveal() ?? '');
  const queues = targets.map(({ queue }) => queue);
  const none = {
    workers: null,
    heartbeats: null,
    contents: null,
    waitingConsumers: null,
    open: null,
    write: null,
  };
  if (address === null) {
    const state = {
      ok: false,
      fault: 'invalid',
      detail: words.noRedisUrl(),
      ms: 0,
    } as const;
    return { broker: '?', host: '?', database: 0, queues, state, ...none };
  }
  const common = {
    broker: showBroker(address),
    host: address.hosts[0]?.host ?? address.path ?? '?',
    database: address.database,
    queues,
  };
  const opened = await attempt({ timeoutMs: options.connectMs, signal: options.signal }, () =>
    connectRedis(address, connectOptions(options, targets[0])),
  );
  if (!opened.ok) return { ...common, ...none, state: opened };
  const redis = opened.value;
  try {
    return { ...common, ...(await lookThrough(redis, address, targets, options)) };
  } finally {
    redis.disconnect();
  }
}

/** The connection outlives the question that opened it: only the whole check's end closes it. */
const connectOptions = (options: LookOptions, target: QueueTarget | undefined) => ({
  timeoutMs: options.connectMs,
  signal: options.signal,
  ...(target === undefined ? {} : { sentinelMaster: target.sentinelMaster }),
});

async function lookThrough(
  redis: Redis,
  address: BrokerAddress,
  targets: readonly QueueTarget[],
  options: LookOptions,
): Promise<Omit<BrokerFacts, 'broker' | 'host' | 'database' | 'queues'>> {
  const { signal, connectMs: timeoutMs } = options;
  const queues = targets.map(({ queue }) => queue);
  const bounded = <T>(ms: number, ask: (own: AbortSignal) => Promise<T>): Promise<Outcome<T>> =>
    attempt({ timeoutMs: ms, signal }, ask);
  const state = await bounded(timeoutMs, () => readBrokerState(redis));
  const waitingConsumers = await countConsumers(redis, address.database);
  const [workers, heartbeats, contents, open, write] = await Promise.all([
    options.passive
      ? null
      : bounded(options.inspectMs + timeoutMs, () =>
          inspectWorkers(redis, { database: address.database, waitMs: options.inspectMs }),
        ),
    options.passive
      ? bounded(options.listenMs + timeoutMs, (own) =>
          listenToHeartbeats(redis, { database: address.database, listenMs: options.listenMs, signal: own }),
        )
      : null,
    bounded(timeoutMs, () => readQueues(redis, { queues, peek: PEEK })),
    isOpen(address, options, targets[0]),
    options.probe ? bounded(timeoutMs, () => probeWriting(redis)) : null,
  ]);
  return { state, workers, heartbeats, contents, waitingConsumers, open, write };
}

/** Connections of this database that stand in BRPOP: each is a worker that waits for a job. */
async function countConsumers(redis: Redis, database: number): Promise<number | null> {
  try {
    const clients = String(await redis.client('LIST'));
    return clients
      .split('\n')
      .filter((line) => / cmd=brpop\b/.test(line) && line.includes(` db=${database} `)).length;
  } catch {
    return null;
  }
}

/** Whether a stranger without a password is let in. */
async function isOpen(
  address: BrokerAddress,
  options: LookOptions,
  target: QueueTarget | undefined,
): Promise<boolean | null> {
  if (address.password === null) return true;
  const bare = { ...address, password: null, username: null };
  const outcome = await attempt({ timeoutMs: options.connectMs, signal: options.signal }, async () => {
    const redis = await connectRedis(bare, connectOptions(options, target));
    redis.disconnect();
  });
  if (outcome.ok) return true;
  return outcome.fault === 'denied' ? false : null;
}

async function probeWriting(redis: Redis): Promise<true> {
  const key = `bbb2pod-check-${randomBytes(6).toString('hex')}`;
  await redis.set(key, '1', 'EX', 60);
  await redis.del(key);
  return true;
}
