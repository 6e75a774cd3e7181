import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { asRecord, openEnvelope, SEPARATOR, wrapControl } from './envelope.js';

const BINDINGS = '_kombu.binding.reply.celery.pidbox';

export interface ControlReply {
  readonly node: string;
  /** The worker's own words, as `no longer consuming from encoding`. */
  readonly answer: string;
  readonly ok: boolean;
}

/**
 * Sends one control message (cancel_consumer, add_consumer) to named workers and collects their answers.
 * Its binding and reply list are removed at once.
 */
export async function controlWorkers(
  redis: Redis,
  message: {
    readonly method: 'cancel_consumer' | 'add_consumer';
    readonly arguments: Readonly<Record<string, unknown>>;
    readonly destination: readonly string[];
  },
  { database, waitMs }: { readonly database: number; readonly waitMs: number },
): Promise<ControlReply[]> {
  const oid = randomUUID();
  const ticket = randomUUID();
  const replyList = `${oid}.reply.celery.pidbox`;
  const binding = `${oid}${SEPARATOR}${SEPARATOR}${replyList}`;
  await redis.sadd(BINDINGS, binding);
  const reader = redis.duplicate({ commandTimeout: undefined as never, lazyConnect: true });
  reader.on('error', () => undefined);
  const replies: ControlReply[] = [];
  try {
    await reader.connect();
    const body = {
      ...message,
      pattern: null,
      matcher: null,
      ticket,
      reply_to: { exchange: 'reply.celery.pidbox', routing_key: oid },
    };
    await redis.publish(
      `/${database}.celery.pidbox`,
      wrapControl(body, Date.now() / 1000 + waitMs / 1000 + 5),
    );
    const deadline = performance.now() + waitMs;
    while (replies.length < message.destination.length) {
      const leftMs = deadline - performance.now();
      if (leftMs <= 10) break;
      const popped = await reader.brpop(replyList, leftMs / 1000);
      if (popped === null) break;
      const entry = Object.entries(asRecord(openEnvelope(popped[1])?.body))[0];
      if (entry === undefined) continue;
      const said = asRecord(entry[1]);
      replies.push({ node: entry[0], ok: 'ok' in said, answer: sayAnswer(said) });
    }
  } finally {
    reader.disconnect();
    await redis.multi().srem(BINDINGS, binding).del(replyList).exec();
  }
  return replies;
}

const sayAnswer = (said: Record<string, unknown>): string => {
  const words = said['ok'] ?? said['error'];
  return typeof words === 'string' ? words : JSON.stringify(words ?? '');
};
