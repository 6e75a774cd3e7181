import { createHmac, timingSafeEqual } from 'node:crypto';
import type { QueuedConversion } from './conversion-queue.js';

/** The same text for the same value, whatever the order of its keys: Redis and its clients may change that. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`)
    .join(',')}}`;
}

/** HMAC-SHA256 (RFC 2104) of a job, hexadecimal: who may write to Redis but has no key cannot make one. */
export const signJob = (job: QueuedConversion, key: string): string =>
  createHmac('sha256', key).update(canonical(job)).digest('hex');

/** Whether that signature is of this job, in constant time. */
export function isSignedBy(job: unknown, signature: unknown, key: string): boolean {
  const wanted = Buffer.from(signJob(job as QueuedConversion, key));
  const given = Buffer.from(typeof signature === 'string' ? signature : '');
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
