import { importRefusal } from '../kit/global-address.js';
import { reason, type Reason } from '../owners/decision.js';

/** Every address of a host, or null. Given by src/cli. */
export type ResolveHost = (host: string) => Promise<readonly string[] | null>;

/** Why Pod 4.3 and later would not import from a playback URL, asked once per host; null when they would. */
export function importHosts(resolve: ResolveHost): (url: string) => Promise<Reason | null> {
  const asked = new Map<string, Promise<Reason | null>>();
  return async (url) => {
    if (!URL.canParse(url)) return null;
    const { hostname: host } = new URL(url);
    const answer = asked.get(host) ?? judge(host, resolve);
    asked.set(host, answer);
    return answer;
  };
}

async function judge(host: string, resolve: ResolveHost): Promise<Reason | null> {
  const refused = importRefusal(host, await resolve(host));
  if (refused === null) return null;
  if (refused.kind === 'unresolved') return reason('mark-host-unresolved', { host });
  return reason('mark-private-address', { host, address: refused.address });
}
