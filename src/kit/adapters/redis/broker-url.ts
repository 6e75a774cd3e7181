/** A broker address as kombu reads it: the last `@` ends the user information, percent-encoding is undone. */
export interface BrokerAddress {
  readonly scheme: 'redis' | 'rediss' | 'sentinel' | 'socket';
  readonly hosts: readonly { readonly host: string; readonly port: number }[];
  readonly path: string | null;
  readonly username: string | null;
  readonly password: string | null;
  readonly database: number;
}

/**
 * Parses `redis://`, `rediss://`, `sentinel://h1;sentinel://h2` and `redis+socket://` broker URLs.
 * Passwords may hold `@`, `#` and `/`. Returns null for anything else (amqp://, memory://).
 */
export function parseBrokerUrl(url: string): BrokerAddress | null {
  const parts = url.split(';').map((part) => /^([a-z+]+):\/\/(?:(.*)@)?([^@]*)$/s.exec(part.trim()));
  const first = parts[0];
  if (first == null) return null;
  const [, scheme = '', userInfo, rest = ''] = first;
  const [username, password] = splitUserInfo(userInfo);
  if (scheme === 'redis+socket' || scheme === 'socket') {
    const [path = '', query = ''] = rest.split('?');
    const database = Number(/virtual_host=(\d+)/.exec(query)?.[1] ?? 0);
    return { scheme: 'socket', hosts: [], path, username, password, database };
  }
  if (scheme !== 'redis' && scheme !== 'rediss' && scheme !== 'sentinel') return null;
  const hosts = parts.map((part) => parseHost((part?.[3] ?? '').split(/[/?]/)[0] ?? '', scheme));
  const database = Number(/^[^/]*\/(\d+)/.exec(parts.at(-1)?.[3] ?? '')?.[1] ?? 0);
  return { scheme, hosts, path: null, username, password, database };
}

/** The same address without its secret, for output: `redis://host:6379/5`. */
export function showBroker(address: BrokerAddress): string {
  if (address.scheme === 'socket') return `redis+socket://${address.path ?? ''}`;
  const hosts = address.hosts.map(({ host, port }) => `${host}:${port}`).join(';');
  return `${address.scheme}://${hosts}/${address.database}`;
}

function splitUserInfo(userInfo: string | undefined): [string | null, string | null] {
  if (userInfo === undefined || userInfo === '') return [null, null];
  const colon = userInfo.indexOf(':');
  if (colon < 0) return [decode(userInfo), null];
  const user = userInfo.slice(0, colon);
  return [user === '' ? null : decode(user), decode(userInfo.slice(colon + 1))];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function parseHost(text: string, scheme: string): { host: string; port: number } {
  const found = /^(\[[^\]]+\]|[^:]*)(?::(\d+))?$/.exec(text);
  const host = (found?.[1] ?? '').replace(/^\[|\]$/g, '');
  return {
    host: host === '' ? '127.0.0.1' : host,
    port: Number(found?.[2] ?? (scheme === 'sentinel' ? 26379 : 6379)),
  };
}
