import type { Redis } from 'ioredis';
import { asRecord } from '../../../kit/record.js';
import { withPidbox } from './pidbox.js';

export interface ControlReply {
  readonly node: string;
  /** The worker's own words, as `no longer consuming from encoding`. */
  readonly answer: string;
  readonly ok: boolean;
}

/** Sends one control message (cancel_consumer, add_consumer) to named workers and collects their answers. */
export async function controlWorkers(
  redis: Redis,
  message: {
    readonly method: 'cancel_consumer' | 'add_consumer';
    readonly arguments: Readonly<Record<string, unknown>>;
    readonly destination: readonly string[];
  },
  { database, waitMs }: { readonly database: number; readonly waitMs: number },
): Promise<ControlReply[]> {
  const replies = await withPidbox(redis, { database, waitMs, graceSeconds: 5 }, async (pidbox) => {
    await pidbox.send(message);
    return pidbox.collect(message.destination.length);
  });
  return replies.map(({ node, payload }) => {
    const said = asRecord(payload);
    return { node, ok: 'ok' in said, answer: sayAnswer(said) };
  });
}

const sayAnswer = (said: Record<string, unknown>): string => {
  const words = said['ok'] ?? said['error'];
  return typeof words === 'string' ? words : JSON.stringify(words ?? '');
};
