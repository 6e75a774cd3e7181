import { BlockList, isIP } from 'node:net';

/**
 * What an address leads to. `internal`: link-local (a cloud's metadata service), unspecified, multicast, reserved: no
 * server of ours ever stands there.
 */
export type AddressKind = 'public' | 'private' | 'loopback' | 'internal';

const blocks = (...subnets: readonly string[]): BlockList => {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [address = '', bits = ''] = subnet.split('/');
    list.addSubnet(address, Number(bits), isIP(address) === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
};

const INTERNAL = blocks(
  ...['0.0.0.0/8', '169.254.0.0/16', '224.0.0.0/4', '240.0.0.0/4'],
  // A public address that is a machine of Azure's own inside (its "wire server").
  '168.63.129.16/32',
  ...['::/128', 'fe80::/10', 'fec0::/10', 'ff00::/8', '100::/64'],
);
const LOOPBACK = blocks('127.0.0.0/8', '::1/128');
/** Of the IANA registries of special addresses: whatever is not globally reachable. */
const PRIVATE = blocks(
  ...['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '198.18.0.0/15', '192.0.0.0/24'],
  ...['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '192.88.99.0/24'],
  ...['fc00::/7', '2001::/23', '2001:db8::/32', '3fff::/20', '5f00::/16', '64:ff9b:1::/48'],
);

/** Judges an address as the resolver gives it (no brackets; a zone is ignored). What is none is `internal`. */
export function addressKind(address: string): AddressKind {
  const bare = address.split('%')[0] ?? '';
  const family = isIP(bare);
  if (family === 0) return 'internal';
  if (family === 6) {
    const inner = embeddedIpv4(bare);
    if (inner !== null) return addressKind(inner);
  }
  const type = family === 6 ? 'ipv6' : 'ipv4';
  if (LOOPBACK.check(bare, type)) return 'loopback';
  if (INTERNAL.check(bare, type)) return 'internal';
  return PRIVATE.check(bare, type) ? 'private' : 'public';
}

/**
 * The IPv4 address that an IPv6 one stands for: mapped (RFC 4291), translated (RFC 2765), compatible (RFC 4291,
 * deprecated), NAT64 (RFC 6052) and 6to4 (RFC 3056).
 */
function embeddedIpv4(address: string): string | null {
  const groups = groupsOf(address);
  const head = groups.slice(0, 6).join(':');
  const quad = ([high = 0, low = 0]: readonly number[]): string =>
    [high >> 8, high & 255, low >> 8, low & 255].join('.');
  const isCompatible = head === '0:0:0:0:0:0' && (groups[6] ?? 0) !== 0;
  const prefixes = ['0:0:0:0:0:65535', '0:0:0:0:65535:0', '100:65435:0:0:0:0'];
  if (isCompatible || prefixes.includes(head)) return quad(groups.slice(6));
  return groups[0] === 0x2002 ? quad(groups.slice(1, 3)) : null;
}

/** The eight groups of an IPv6 address, as numbers. */
function groupsOf(address: string): number[] {
  // The URL parser writes every spelling as hexadecimal groups.
  const [left = '', right] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const numbers = (text: string): number[] =>
    text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
  const before = numbers(left);
  const after = numbers(right ?? '');
  const gap = right === undefined ? 0 : 8 - before.length - after.length;
  return [...before, ...Array.from({ length: gap }, () => 0), ...after];
}
