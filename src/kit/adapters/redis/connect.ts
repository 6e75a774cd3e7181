import type { Redis, RedisOptions } from 'ioredis';
import { AdapterError } from '../network/attempt.js';
import type { BrokerAddress } from './broker-url.js';

/** The driver is forty modules: loaded by those alone that ask a Redis, before a time limit runs. */
export const loadRedis = () => import('ioredis');

/**
 * Opens one connection that fails fast: no reconnection, no queue that outlives a refusal.
 * @throws AdapterError `denied` when the password is missing or wrong.
 */
export async function connectRedis(
  address: BrokerAddress,
  options: { readonly timeoutMs: number; readonly signal: AbortSignal; readonly sentinelMaster?: string },
): Promise<Redis> {
  const { Redis: Driver } = await loadRedis();
  const redis = new Driver(redisOptions(address, options));
  let lastError: Error | null = null;
  redis.on('error', (error: Error) => {
    lastError ??= error;
  });
  const cut = (): void => redis.disconnect();
  const release = (): void => options.signal.removeEventListener('abort', cut);
  options.signal.addEventListener('abort', cut, { once: true });
  // `--watch` opens hundreds of connections under one signal.
  redis.once('end', release);
  try {
    await redis.connect();
    // After a failed save Redis refuses even PING (MISCONF): it is there all the same.
    await redis.ping().catch((error: unknown) => {
      if (!(error instanceof Error && error.message.startsWith('MISCONF'))) throw error;
    });
    return redis;
  } catch (error) {
    redis.disconnect();
    release();
    throw refusal(lastError) ?? refusal(error) ?? lastError ?? error;
  }
}

/** For ioredis: fails fast; who lives longer than an outage sets a timeout of its own. */
export function redisOptions(
  address: BrokerAddress,
  { timeoutMs, sentinelMaster }: { timeoutMs: number; sentinelMaster?: string },
): RedisOptions {
  const common: RedisOptions = {
    lazyConnect: true,
    connectTimeout: timeoutMs,
    commandTimeout: timeoutMs,
    maxRetriesPerRequest: 0,
    enableReadyCheck: false,
    autoResubscribe: false,
    retryStrategy: () => null,
    db: address.database,
    ...(address.username === null ? {} : { username: address.username }),
    ...(address.password === null ? {} : { password: address.password }),
  };
  if (address.scheme === 'socket') return { ...common, path: address.path ?? '' };
  if (address.scheme === 'sentinel') {
    return {
      ...common,
      sentinels: [...address.hosts],
      name: sentinelMaster ?? 'mymaster',
      sentinelRetryStrategy: () => null,
    };
  }
  const [first] = address.hosts;
  return {
    ...common,
    host: first?.host ?? '127.0.0.1',
    port: first?.port ?? 6379,
    ...(address.scheme === 'rediss' ? { tls: {} } : {}),
  };
}

function refusal(error: unknown): AdapterError | null {
  if (!(error instanceof Error)) return null;
  const text = error.message;
  if (/NOAUTH/.test(text))
    return new AdapterError('denied', 'NOAUTH: it asks for a password and the URL has none');
  if (/WRONGPASS|invalid password|invalid username/i.test(text))
    return new AdapterError('denied', 'WRONGPASS: the password of the URL is not accepted');
  if (/NOPERM/.test(text)) return new AdapterError('denied', text);
  if (/DENIED/.test(text))
    return new AdapterError('denied', 'protected mode: it only answers its own machine');
  if (/LOADING/.test(text))
    return new AdapterError('other', 'LOADING: it is still reading its data from disk');
  if (/ECONNREFUSED/.test(text)) return new AdapterError('refused', text);
  if (/ETIMEDOUT|timed out/i.test(text)) return new AdapterError('timeout', text);
  return null;
}
