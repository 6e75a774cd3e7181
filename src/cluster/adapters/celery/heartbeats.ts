import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { Heartbeat } from '../../pod/facts.js';
import { asRecord } from '../../../kit/record.js';
import { openEnvelope } from './envelope.js';

/**
 * Listens to the heartbeats that every worker publishes (each 2 s): who lives, by name and pid, without
 * writing anything. Two pids under one name are two workers of one name.
 */
export async function listenToHeartbeats(
  redis: Redis,
  options: { readonly database: number; readonly listenMs: number; readonly signal: AbortSignal },
): Promise<Heartbeat[]> {
  const listener = redis.duplicate({ lazyConnect: true });
  listener.on('error', () => undefined);
  const heard = new Map<string, Heartbeat>();
  try {
    await listener.connect();
    listener.on('message', (_channel: string, text: string) => {
      const beat = readHeartbeat(text);
      if (beat !== null) heard.set(`${beat.node}\n${beat.pid}`, beat);
    });
    await listener.subscribe(`/${options.database}.celeryev/worker.heartbeat`);
    await sleep(options.listenMs, undefined, { signal: options.signal }).catch(() => undefined);
  } finally {
    listener.disconnect();
  }
  return [...heard.values()].sort((a, b) => a.node.localeCompare(b.node) || a.pid - b.pid);
}

function readHeartbeat(text: string): Heartbeat | null {
  const { hostname, pid } = asRecord(openEnvelope(text)?.body);
  return typeof hostname === 'string' && typeof pid === 'number' ? { node: hostname, pid } : null;
}
