import type { Redis } from 'ioredis';
import type { ClaimPlace } from '../claims.js';
import { texts } from '../texts.js';

const REPLACE = `if redis.call('get', KEYS[1]) == ARGV[1] then redis.call('set', KEYS[1], ARGV[2], 'px', ARGV[3]) return 1 end return 0`;
const REMOVE = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0`;

/**
 * Claims as keys of a Redis (SET NX; compare-and-set in one script). They fade by themselves a while after they
 * would count as stale.
 * @throws OperatorError live-claims-unreachable
 */
export function claimRedis(redis: () => Promise<Redis>, timeoutMs: number): ClaimPlace {
  const key = (id: string): string => `bbb2pod:live:claim:${id}`;
  const lifeMs = String(Math.round(timeoutMs * 10));
  const ask = async <T>(work: (connection: Redis) => Promise<T>): Promise<T> => {
    try {
      return await work(await redis());
    } catch (error) {
      throw texts.liveClaimsUnreachable({
        where: 'redis',
        detail: error instanceof Error ? error.message : 'no answer',
      });
    }
  };
  return {
    where: 'redis',
    read: (id) => ask((connection) => connection.get(key(id))),
    place: (id, text) =>
      ask(async (connection) => (await connection.set(key(id), text, 'PX', lifeMs, 'NX')) === 'OK'),
    replace: (id, expected, text) =>
      ask(async (connection) => (await connection.eval(REPLACE, 1, key(id), expected, text, lifeMs)) === 1),
    remove: (id, expected) =>
      ask(async (connection) => (await connection.eval(REMOVE, 1, key(id), expected)) === 1),
  };
}
