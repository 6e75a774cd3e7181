import { asRecord } from '../../../kit/record.js';
import { randomUUID } from 'node:crypto';
import type { QueuedMessage } from '../../pod/facts.js';

/** The separator kombu puts between a queue and its priority, and inside bindings. */
export const SEPARATOR = '\u0006\u0016';
/** kombu's priority steps; a queue of priority 0 has no suffix. */
export const PRIORITIES = [0, 3, 6, 9] as const;

/** The Redis lists behind one queue. */
export const queueKeys = (queue: string): string[] =>
  PRIORITIES.map((priority) => (priority === 0 ? queue : `${queue}${SEPARATOR}${priority}`));

/** Wraps a control message as kombu does for the pidbox exchange. */
export function wrapControl(body: unknown, expiresAtSeconds: number): string {
  return JSON.stringify({
    body: Buffer.from(JSON.stringify(body)).toString('base64'),
    'content-encoding': 'utf-8',
    'content-type': 'application/json',
    headers: { clock: 1, expires: expiresAtSeconds },
    properties: {
      delivery_mode: 2,
      delivery_info: { exchange: 'celery.pidbox', routing_key: '' },
      priority: 0,
      body_encoding: 'base64',
      delivery_tag: randomUUID(),
    },
  });
}

/** Opens a kombu envelope: headers and decoded body; null when it is something else. */
export function openEnvelope(text: string): { headers: Record<string, unknown>; body: unknown } | null {
  try {
    const envelope = asRecord(JSON.parse(text));
    const raw = envelope['body'];
    const encoded = asRecord(envelope['properties'])['body_encoding'] === 'base64';
    const body: unknown =
      typeof raw === 'string' ? JSON.parse(encoded ? Buffer.from(raw, 'base64').toString('utf8') : raw) : raw;
    return { headers: asRecord(envelope['headers']), body };
  } catch {
    return null;
  }
}

/** Reads a job message of a queue or of `unacked`; null when it is no Celery task (protocol 2). */
export function parseJob(text: string, fallbackQueue: string): QueuedMessage | null {
  const opened = openEnvelope(text);
  if (opened === null) return null;
  const task = opened.headers['task'];
  const id = opened.headers['id'];
  if (typeof task !== 'string' || typeof id !== 'string') return null;
  const first: unknown = Array.isArray(opened.body) ? opened.body[0] : [];
  const properties = asRecord(asRecord(safeParse(text))['properties']);
  const routingKey = asRecord(properties['delivery_info'])['routing_key'];
  return {
    id,
    task,
    arguments: Array.isArray(first) ? first : [],
    queue: typeof routingKey === 'string' && routingKey !== '' ? routingKey : fallbackQueue,
    priority: typeof properties['priority'] === 'number' ? properties['priority'] : 0,
  };
}

function safeParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
