import { groupBy } from '../../kit/groups.js';
import type { HaproxyRow } from './facts.js';

/** A backend that passes challenges of a certificate authority on: its servers listen only during a renewal. */
export const isForCertificates = (proxy: string): boolean => /acme|letsencrypt|certbot/i.test(proxy);

/** Rows of servers, not of frontends and backends. */
export const serverRows = (rows: readonly HaproxyRow[]): HaproxyRow[] =>
  rows.filter(({ server }) => server !== 'FRONTEND' && server !== 'BACKEND');

/** What a status of HAProxy means: `UP 1/3` still serves, `DOWN 1/2` does not yet. */
export function readServerState(status: string): 'up' | 'down' | 'draining' | 'maintenance' | 'unchecked' {
  if (/^no check/i.test(status)) return 'unchecked';
  if (/^(UP|OPEN)/i.test(status)) return 'up';
  if (/^(DRAIN|NOLB)/i.test(status)) return 'draining';
  if (/^MAINT/i.test(status)) return 'maintenance';
  return 'down';
}

const serves = ({ status }: HaproxyRow): boolean => ['up', 'unchecked'].includes(readServerState(status));

/** Whether a server serves in every backend that has it. */
export function isUp(rows: readonly HaproxyRow[], server: string): boolean {
  const own = serverRows(rows).filter((row) => row.server === server);
  return own.length > 0 && own.every(serves);
}

/**
 * Servers that HAProxy itself calls up: in one backend at least, and drained, down or in maintenance in none. One that
 * is checked nowhere (`no check`) is not called up by anybody.
 */
export function workingServers(
  rows: readonly { readonly server: string; readonly status: string }[],
): ReadonlySet<string> {
  const states = [...groupBy(rows, ({ server }) => server)].map(
    ([server, own]) => [server, own.map(({ status }) => readServerState(status))] as const,
  );
  return new Set(
    states
      .filter(
        ([, own]) => own.includes('up') && own.every((state) => state === 'up' || state === 'unchecked'),
      )
      .map(([server]) => server),
  );
}

/**
 * Connections that the working servers accept together, in the backend that has most of the known nodes (each may
 * also stand alone in a backend of its own name). Null when one has no limit, or no known node is there.
 */
export function maxconnOf(rows: readonly HaproxyRow[], known: readonly string[]): number | null {
  const ours = serverRows(rows).filter(({ server }) => known.includes(server) || /^spare\d+$/.test(server));
  const sums = [...groupBy(ours, ({ proxy }) => proxy).values()].map((servers) => ({
    size: servers.filter(({ server }) => known.includes(server)).length,
    // No limit is 0, or an empty column.
    sum: servers.filter(serves).reduce((sum, { values }) => sum + (values['slim'] || Infinity), 0),
  }));
  const [shared] = sums.sort((a, b) => b.size - a.size || a.sum - b.sum);
  return shared === undefined || shared.size === 0 || shared.sum === Infinity ? null : shared.sum;
}
