import { lookup } from 'node:dns/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const LONGEST_MS = 5000;

/** Every address of a host, as this machine's resolver gives them; null when it gives none within five seconds. */
export async function resolveHost(host: string): Promise<readonly string[] | null> {
  const stop = new AbortController();
  const late = sleep(LONGEST_MS, null, { signal: stop.signal, ref: false }).catch(() => null);
  const found = lookup(host.replace(/^\[|\]$/g, ''), { all: true }).then(
    (addresses) => addresses.map(({ address }) => address),
    () => null,
  );
  try {
    return await Promise.race([found, late]);
  } finally {
    stop.abort();
  }
}
