import { randomBytes } from 'node:crypto';

/** Name of a run: `20261120-143205-9f3a`, sortable, in UTC. */
export function newRunId(): string {
  const digits = new Date().toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  return `${digits}-${randomBytes(2).toString('hex')}`;
}
