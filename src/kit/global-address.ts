/* Which addresses Python's ipaddress calls global (is_global, Lib/ipaddress.py 3.11): the rule by which Pod 4.3 and
   later take a host for an import. Not the rule of our own address guard. */

type Block = readonly [base: bigint, bits: number];

const block4 = (text: string): Block => {
  const [address = '', bits = '32'] = text.split('/');
  return [valueOf4(address) ?? 0n, Number(bits)];
};
const block6 = (text: string): Block => {
  const [address = '', bits = '128'] = text.split('/');
  return [valueOf6(address) ?? 0n, Number(bits)];
};

const NOT_GLOBAL_4 = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'],
  ...['192.0.0.0/29', '192.0.0.170/31', '192.0.2.0/24', '192.168.0.0/16', '198.18.0.0/15'],
  ...['198.51.100.0/24', '203.0.113.0/24', '240.0.0.0/4'],
].map(block4);
const NOT_GLOBAL_6 = [
  ...['::1/128', '::/128', '100::/64', '2001::/23', '2001:db8::/32', 'fc00::/7', 'fe80::/10'],
].map(block6);
const MAPPED = block6('::ffff:0:0/96');

/** Whether an address as a resolver gives it (a zone is ignored) is global; what is no address is not. */
export function isGlobalAddress(text: string): boolean {
  const bare = text.split('%')[0] ?? '';
  const four = valueOf4(bare);
  if (four !== null) return !NOT_GLOBAL_4.some((block) => holds(block, four, 32));
  const six = valueOf6(bare);
  if (six === null) return false;
  if (holds(MAPPED, six, 128)) return !NOT_GLOBAL_4.some((block) => holds(block, six & 0xffffffffn, 32));
  return !NOT_GLOBAL_6.some((block) => holds(block, six, 128));
}

const holds = ([base, bits]: Block, value: bigint, length: number): boolean =>
  base >> BigInt(length - bits) === value >> BigInt(length - bits);

function valueOf4(text: string): bigint | null {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(BigInt);
  if (parts === undefined || parts.some((part) => part > 255n)) return null;
  return parts.reduce((sum, part) => (sum << 8n) | part, 0n);
}

function valueOf6(text: string): bigint | null {
  if (!text.includes(':') || !URL.canParse(`http://[${text}]`)) return null;
  // The URL parser writes every spelling as hexadecimal groups.
  const [left = '', right] = new URL(`http://[${text}]`).hostname.slice(1, -1).split('::');
  const groups = (part: string): bigint[] =>
    part === '' ? [] : part.split(':').map((group) => BigInt(`0x${group}`));
  const before = groups(left);
  const after = groups(right ?? '');
  const gap = Array.from({ length: 8 - before.length - after.length }, () => 0n);
  return [...before, ...(right === undefined ? [] : gap), ...after].reduce(
    (sum, group) => (sum << 16n) | group,
    0n,
  );
}

/**
 * The address for which Pod 4.3 and later refuse a host, `name` for a name that is refused by itself, `unresolved` when
 * there is no address; null when they take it: every address must be global (pod/import_video/utils.py, pull request 1454).
 * @param addresses all that the name resolves to; null when it does not.
 */
export function importRefusal(
  host: string,
  addresses: readonly string[] | null,
): { readonly kind: 'name' | 'unresolved' | 'address'; readonly address: string } | null {
  const name = host.toLowerCase().replace(/\.$/, '');
  if (name === 'localhost' || name.endsWith('.localhost') || name.endsWith('.local'))
    return { kind: 'name', address: name };
  if (addresses === null || addresses.length === 0) return { kind: 'unresolved', address: '' };
  const refused = addresses.find((address) => !isGlobalAddress(address));
  return refused === undefined ? null : { kind: 'address', address: refused };
}
