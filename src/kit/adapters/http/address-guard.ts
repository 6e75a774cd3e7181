import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { addressKind, type AddressKind } from './address-kind.js';
import { HttpFailure, shownUrl } from './http-failure.js';

export interface GuardSettings {
  /** URLs that the operator wrote: their origins (scheme, host, port) may stand on any network, loopback too. */
  readonly origins?: readonly string[];
  /** URLs of the other sections: their hosts may stand in private networks, at any port. */
  readonly hosts?: readonly string[];
  /** `allow_hosts`: `host` or `host:port` that answers may lead to although they are internal. */
  readonly allowHosts?: readonly string[];
  /** The name service; the system's by default. */
  readonly resolve?: (name: string) => Promise<readonly ResolvedAddress[]>;
}

export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

/** Decides which addresses a URL may lead to, whoever named it: asked at each hop, with the resolved addresses. */
export interface AddressGuard {
  /** True for what `allow_hosts` names. */
  readonly allows: (url: URL) => boolean;
  /** @throws HttpFailure http-address-refused */
  readonly check: (url: URL, address: string) => void;
  /**
   * The addresses of a URL's host, all of them permitted: whoever connects uses these and does not ask again.
   * @throws HttpFailure http-address-refused; the resolver's error
   */
  resolve(url: URL): Promise<readonly ResolvedAddress[]>;
}

const systemLookup = (name: string): Promise<readonly ResolvedAddress[]> => lookup(name, { all: true });

/**
 * The one guard of every request that a foreign answer may have directed: internal addresses are reached only where
 * the configuration names them. Without settings: the public internet alone.
 */
export function guardAddresses(settings: GuardSettings = {}): AddressGuard {
  const { resolve = systemLookup } = settings;
  const origins = new Set((settings.origins ?? []).flatMap(parsed).map(placeOf));
  const hosts = new Set([...(settings.origins ?? []), ...(settings.hosts ?? [])].flatMap(parsed).map(hostOf));
  const allowed = (settings.allowHosts ?? []).map((entry) => entry.trim().toLowerCase());
  const allowsPort = (url: URL): boolean => allowed.includes(placeOf(url).replace(/^\w+:\/\//, ''));
  const allows = (url: URL): boolean => allowed.includes(hostOf(url)) || allowsPort(url);
  const permitted = (url: URL, kind: AddressKind, host: string): boolean => {
    if (kind === 'public') return true;
    const isNamed = origins.has(placeOf(url)) || allows(url);
    // Nobody means these by a name: only who wrote the address itself.
    if (kind === 'internal') return isNamed && isIP(bare(host)) !== 0;
    if (kind === 'private') return isNamed || hosts.has(host);
    // A name of the outside that leads to this machine was not meant.
    return origins.has(placeOf(url)) || allowsPort(url) || (allows(url) && isLocalName(host));
  };
  const check: AddressGuard['check'] = (url, address) => {
    const kind = addressKind(address);
    if (permitted(url, kind, hostOf(url))) return;
    throw new HttpFailure(
      'http-address-refused',
      { url: shownUrl(url), address, host: url.host },
      { retryable: false },
    );
  };
  return {
    allows,
    check,
    resolve: async (url) => {
      const host = bare(hostOf(url));
      const family = isIP(host);
      const found = family === 0 ? await resolve(host) : [{ address: host, family }];
      for (const { address } of found) check(url, address);
      return found;
    },
  };
}

const parsed = (text: string): URL[] => (URL.canParse(text) ? [new URL(text)] : []);

/** Lower case, without the root's dot: `LOCALHOST.` is localhost. */
const hostOf = ({ hostname }: URL): string => hostname.toLowerCase().replace(/\.$/, '');

const bare = (host: string): string => host.replace(/^\[|\]$/g, '');

const isLocalName = (host: string): boolean => host === 'localhost' || addressKind(bare(host)) === 'loopback';

/** Scheme, host and port, the port always written. */
const placeOf = (url: URL): string => {
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  return `${url.protocol}//${hostOf(url)}:${port}`;
};
