interface Cookie {
  readonly name: string;
  readonly value: string;
  /** Lower case, no leading dot. */
  readonly domain: string;
  readonly hostOnly: boolean;
  readonly path: string;
  readonly secure: boolean;
  readonly expiresAt: number | null;
  /** The servers it is for, among those of its domain: two servers of one machine are two. Null for all. */
  readonly origins: readonly string[] | null;
}

/**
 * The cookies of one session with one recording: Scalelite and the national server give one when a token is used,
 * valid for that recording's path only. In memory, never written.
 */
export class CookieJar {
  readonly #cookies = new Map<string, Cookie>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Keeps what an answer of `url` sets, unless it is for somebody else's domain. */
  store(url: URL, setCookies: readonly string[]): void {
    for (const header of setCookies) {
      const cookie = parseSetCookie(url, header, this.#now());
      if (cookie === null) continue;
      const key = `${cookie.domain};${cookie.path};${cookie.name}`;
      if (cookie.expiresAt !== null && cookie.expiresAt <= this.#now()) this.#cookies.delete(key);
      else this.#cookies.set(key, cookie);
    }
  }

  /** Adds a cookie for a host by hand: `--cookie NAME=VALUE`, or a line of a cookies.txt. */
  add(cookie: {
    name: string;
    value: string;
    domain: string;
    path?: string;
    secure?: boolean;
    origins?: readonly string[];
  }): void {
    const domain = cookie.domain.toLowerCase().replace(/^\./, '');
    const path = cookie.path ?? '/';
    this.#cookies.set(`${domain};${path};${cookie.name}`, {
      name: cookie.name,
      value: cookie.value,
      domain,
      hostOnly: !cookie.domain.startsWith('.'),
      path,
      secure: cookie.secure ?? false,
      expiresAt: null,
      origins: cookie.origins ?? null,
    });
  }

  /** The Cookie header for a request, or null. Longer paths first, as browsers do. */
  header(url: URL): string | null {
    const host = url.hostname.toLowerCase();
    const fits = [...this.#cookies.values()].filter(
      (cookie) =>
        (cookie.expiresAt === null || cookie.expiresAt > this.#now()) &&
        (cookie.hostOnly ? host === cookie.domain : isWithin(host, cookie.domain)) &&
        pathFits(url.pathname, cookie.path) &&
        (cookie.origins === null || cookie.origins.includes(url.origin)) &&
        (!cookie.secure || url.protocol === 'https:' || isLoopback(host)),
    );
    if (fits.length === 0) return null;
    fits.sort((a, b) => b.path.length - a.path.length);
    return fits.map(({ name, value }) => `${name}=${value}`).join('; ');
  }
}

const isWithin = (host: string, domain: string): boolean => host === domain || host.endsWith(`.${domain}`);

export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);

const pathFits = (path: string, prefix: string): boolean =>
  path === prefix || path.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`);

function parseSetCookie(url: URL, header: string, now: number): Cookie | null {
  const [pair = '', ...rest] = header.split(';');
  const equals = pair.indexOf('=');
  if (equals < 1) return null;
  const attributes = new Map(
    rest.map((part): [string, string] => {
      const [name = '', ...value] = part.split('=');
      return [name.trim().toLowerCase(), value.join('=').trim()];
    }),
  );
  const host = url.hostname.toLowerCase();
  const domain = (attributes.get('domain') ?? '').toLowerCase().replace(/^\./, '');
  // A cookie for a whole suffix (`fr`) or for somebody else is not kept.
  if (domain !== '' && (!isWithin(host, domain) || (!domain.includes('.') && domain !== host))) return null;
  // An address has no domains above it (RFC 6265, 5.1.3).
  if (domain !== '' && domain !== host && /^[\d.]+$|^\[/.test(host)) return null;
  const path = attributes.get('path') ?? '';
  return {
    name: pair.slice(0, equals).trim(),
    value: pair.slice(equals + 1).trim(),
    domain: domain === '' ? host : domain,
    hostOnly: domain === '',
    path: path.startsWith('/') ? path : url.pathname.slice(0, Math.max(1, url.pathname.lastIndexOf('/'))),
    secure: attributes.has('secure'),
    expiresAt: expiry(attributes, now),
    origins: isLoopback(host) ? [url.origin] : null,
  };
}

function expiry(attributes: ReadonlyMap<string, string>, now: number): number | null {
  const age = attributes.get('max-age');
  if (age !== undefined && /^-?\d+$/.test(age)) return now + Number(age) * 1000;
  const date = Date.parse(attributes.get('expires') ?? '');
  return Number.isNaN(date) ? null : date;
}
