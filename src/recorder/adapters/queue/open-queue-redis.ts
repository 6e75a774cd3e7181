import { Redis } from 'ioredis';
import { messageOf, OperatorError } from '../../../kit/errors/operator-error.js';
import type { Secret } from '../../../kit/config/secret.js';
import { parseBrokerUrl, type BrokerAddress } from '../../../kit/adapters/redis/broker-url.js';
import { connectRedis, redisOptions } from '../../../kit/adapters/redis/connect.js';
import { queueTexts } from '../../queue-texts.js';

/** Keys of ours begin with it, whoever shares the database. */
export const QUEUE_PREFIX = 'bbb2pod';
export const QUEUE_NAME = 'conversions';
const TIMEOUT_MS = 5000;
const LONGEST_PAUSE_MS = 2000;

/** The address in `[recorder] queue`. @throws OperatorError queue-unreachable */
export function queueAddress(url: Secret): BrokerAddress {
  const address = parseBrokerUrl(url.reveal());
  if (address === null) throw unreachable('it is none of redis://, rediss://, sentinel://, redis+socket://');
  return address;
}

/** One connection that fails fast: for those who fill the queue or look at it. @throws OperatorError queue-unreachable */
export async function openQueueRedis(url: Secret, signal: AbortSignal): Promise<Redis> {
  try {
    return await connectRedis(queueAddress(url), { timeoutMs: TIMEOUT_MS, signal });
  } catch (error) {
    signal.throwIfAborted();
    throw asUnreachable(error);
  }
}

/**
 * A connection that outlives outages: a worker's. What is asked meanwhile waits; it comes back by itself.
 * The first connection is tried fast, so that a wrong URL is told and not waited for.
 * @throws OperatorError queue-unreachable
 */
export async function openLastingRedis(url: Secret, signal: AbortSignal): Promise<Redis> {
  (await openQueueRedis(url, signal)).disconnect();
  const options = redisOptions(queueAddress(url), { timeoutMs: TIMEOUT_MS });
  delete options.commandTimeout;
  const retryStrategy = (times: number): number => Math.min(times * 200, LONGEST_PAUSE_MS);
  const redis = new Redis({
    ...options,
    maxRetriesPerRequest: null,
    enableReadyCheck: true,
    retryStrategy,
    ...('sentinels' in options ? { sentinelRetryStrategy: retryStrategy } : {}),
  });
  redis.on('error', () => undefined);
  await redis.connect().catch(() => undefined);
  return redis;
}

export const asUnreachable = (error: unknown): OperatorError =>
  error instanceof OperatorError ? error : unreachable(messageOf(error), error);

const unreachable = (detail: string, cause?: unknown): OperatorError =>
  queueTexts.queueUnreachable({ detail }, { cause });
