import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { asRecord } from '../../../kit/record.js';
import { openEnvelope, SEPARATOR, wrapControl } from './envelope.js';

const BINDINGS = '_kombu.binding.reply.celery.pidbox';

export interface ControlMessage {
  readonly method: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** Names of workers; null asks all of them. */
  readonly destination: readonly string[] | null;
}

export interface PidboxReply {
  readonly ticket: string;
  readonly node: string;
  readonly payload: unknown;
}

/** The reply list of one exchange, as kombu's mailbox has it. */
export interface Pidbox {
  /**
   * Publishes a message. @returns its ticket, and how many workers heard it: PUBLISH gives the number of live
   * subscriptions, so that a worker that hears and never answers is seen.
   */
  send(message: ControlMessage): Promise<{ readonly ticket: string; readonly heardBy: number }>;
  /** Takes replies until there are so many, or the wait is over. */
  collect(count: number): Promise<PidboxReply[]>;
}

/**
 * Lends a reply list of a random name to one exchange with the workers of a broker database; it and its binding are
 * removed at once afterwards.
 * @param waitMs how long a silent worker is waited for, from now on
 * @param graceSeconds after the wait, workers drop a question: one that wakes up late writes nothing
 */
export async function withPidbox<T>(
  redis: Redis,
  { database, waitMs, graceSeconds }: { database: number; waitMs: number; graceSeconds: number },
  exchange: (pidbox: Pidbox) => Promise<T>,
): Promise<T> {
  const deadline = performance.now() + waitMs;
  const oid = randomUUID();
  const replyList = `${oid}.reply.celery.pidbox`;
  const binding = `${oid}${SEPARATOR}${SEPARATOR}${replyList}`;
  await redis.sadd(BINDINGS, binding);
  const reader = redis.duplicate({ commandTimeout: undefined as never, lazyConnect: true });
  reader.on('error', () => undefined);
  try {
    await reader.connect();
    return await exchange({
      async send(message) {
        const ticket = randomUUID();
        const body = {
          ...message,
          pattern: null,
          matcher: null,
          ticket,
          reply_to: { exchange: 'reply.celery.pidbox', routing_key: oid },
        };
        const expiresAtSeconds = (Date.now() + waitMs) / 1000 + graceSeconds;
        const heardBy = await redis.publish(
          `/${database}.celery.pidbox`,
          wrapControl(body, expiresAtSeconds),
        );
        return { ticket, heardBy };
      },
      collect: (count) => collect(reader, replyList, deadline, count),
    });
  } finally {
    reader.disconnect();
    await redis.multi().srem(BINDINGS, binding).del(replyList).exec();
  }
}

async function collect(
  reader: Redis,
  replyList: string,
  deadline: number,
  count: number,
): Promise<PidboxReply[]> {
  const replies: PidboxReply[] = [];
  while (replies.length < count) {
    const leftMs = deadline - performance.now();
    if (leftMs <= 10) break;
    const popped = await reader.brpop(replyList, leftMs / 1000);
    if (popped === null) break;
    const reply = readReply(popped[1]);
    if (reply !== null) replies.push(reply);
  }
  return replies;
}

function readReply(text: string): PidboxReply | null {
  const opened = openEnvelope(text);
  const entry = Object.entries(asRecord(opened?.body))[0];
  if (opened === null || entry === undefined) return null;
  return { ticket: String(opened.headers['ticket']), node: entry[0], payload: entry[1] };
}
