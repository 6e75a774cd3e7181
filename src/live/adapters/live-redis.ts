import type { Redis } from 'ioredis';
import type { Secret } from '../../kit/config/secret.js';

/** Opens `live.redis`: it comes back by itself after an outage; a question waits at most five seconds. */
export async function openLiveRedis(url: Secret): Promise<Redis> {
  const { Redis: Client } = await import('ioredis');
  const redis = new Client(url.reveal(), {
    lazyConnect: true,
    connectTimeout: 5000,
    commandTimeout: 5000,
    maxRetriesPerRequest: 1,
    retryStrategy: (times) => Math.min(times * 200, 5000),
  });
  redis.on('error', () => undefined);
  return redis;
}

/**
 * Hears a channel until closed: Pod publishes a live's chat there. Subscribes again after every outage; never
 * throws: without Redis a live only lacks its chat.
 */
export function hearChannel(redis: Redis, channel: string, onMessage: (text: string) => void): void {
  redis.on('message', (from: string, text: string) => {
    if (from === channel) onMessage(text);
  });
  const subscribe = (): void =>
    void redis.subscribe(channel).catch(() => setTimeout(subscribe, 2000).unref());
  subscribe();
}

/** Host and port as Pod is told them. */
export function redisAddress(url: Secret): { host: string; port: number } {
  const { hostname, port } = new URL(url.reveal());
  return { host: hostname, port: port === '' ? 6379 : Number(port) };
}
