import type { Redis } from 'ioredis';
import type { QueuedMessage, QueueFacts, QueuesFacts, UnackedFacts } from '../../pod/facts.js';
import { parseJob, queueKeys, SEPARATOR } from './envelope.js';

/**
 * Reads what waits: the lists of each queue and priority, what was delivered and not acknowledged, and
 * other queues that hold messages. Changes nothing.
 * @param peek how many messages of each list are opened.
 */
export async function readQueues(
  redis: Redis,
  options: { readonly queues: readonly string[]; readonly peek: number },
): Promise<QueuesFacts> {
  const [queues, unacked, declared] = await Promise.all([
    Promise.all(options.queues.map((name) => readQueue(redis, name, options.peek))),
    readUnacked(redis, options.peek),
    declaredQueues(redis),
  ]);
  const others = declared.filter((name) => !options.queues.includes(name));
  const strangers = await Promise.all(
    others.map(async (name) => ({ name, waiting: await countWaiting(redis, name) })),
  );
  return { queues, unacked, strangers: strangers.filter(({ waiting }) => waiting > 0) };
}

async function readQueue(redis: Redis, name: string, peek: number): Promise<QueueFacts> {
  // BRPOP takes from the tail, and from the highest priority list (smallest suffix) first.
  const lists = await Promise.all(queueKeys(name).map((key) => redis.lrange(key, -peek, -1)));
  const next = lists.flatMap((texts) => texts.toReversed().map((text) => parseJob(text, name)));
  return {
    name,
    waiting: await countWaiting(redis, name),
    next: next.filter((message): message is QueuedMessage => message !== null),
  };
}

async function countWaiting(redis: Redis, name: string): Promise<number> {
  const lengths = await Promise.all(
    // A key of another type than a list is no queue (LLEN of an absent key is 0).
    queueKeys(name).map((key) => redis.llen(key).catch(() => 0)),
  );
  return lengths.reduce((sum, length) => sum + length, 0);
}

/** `unacked` holds `[message, exchange, routing key]` per delivery tag; the index scores delivery instants. */
async function readUnacked(redis: Redis, peek: number): Promise<UnackedFacts> {
  const [count, oldest] = await Promise.all([
    redis.hlen('unacked'),
    redis.zrange('unacked_index', 0, Math.max(peek - 1, 0), 'WITHSCORES'),
  ]);
  const tags = oldest.filter((_, i) => i % 2 === 0);
  const values = tags.length === 0 ? [] : await redis.hmget('unacked', ...tags);
  const messages = values.map((value, i) => {
    const message = value === null ? null : openUnacked(value);
    return message === null ? null : { ...message, deliveredAtSeconds: Number(oldest[i * 2 + 1]) };
  });
  return {
    count,
    oldestAtSeconds: oldest[1] === undefined ? null : Number(oldest[1]),
    messages: messages.filter((message) => message !== null),
  };
}

function openUnacked(value: string): QueuedMessage | null {
  try {
    const parts: unknown = JSON.parse(value);
    if (!Array.isArray(parts)) return null;
    const queue: unknown = parts[2];
    return parseJob(JSON.stringify(parts[0]), typeof queue === 'string' ? queue : '?');
  } catch {
    return null;
  }
}

/** Queues that some worker declared once; the bindings outlive the workers. */
async function declaredQueues(redis: Redis): Promise<string[]> {
  const names = new Set<string>();
  let cursor = '0';
  do {
    const [next, keys] = await redis.scan(cursor, 'MATCH', '_kombu.binding.*', 'COUNT', 500);
    cursor = next;
    for (const key of keys) {
      if (/pidbox|celeryev/.test(key)) continue;
      for (const member of await redis.smembers(key)) {
        const queue = member.split(SEPARATOR)[2];
        if (queue !== undefined && queue !== '') names.add(queue);
      }
    }
  } while (cursor !== '0');
  return [...names].sort();
}
