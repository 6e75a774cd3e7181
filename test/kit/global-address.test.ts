import { describe, expect, it } from 'vitest';
import { importRefusal, isGlobalAddress } from '../../src/kit/global-address.js';
import { isAtLeast } from '../../src/kit/versions.js';

describe('addresses that Pod 4.3 imports from, as Python 3.11 judges them', () => {
  it.each(
    `10.0.0.1 172.16.0.1 172.31.255.254 192.168.1.1 100.64.0.1 127.0.0.1 169.254.1.1 0.0.0.0 198.18.0.1 192.0.2.1
     198.51.100.7 203.0.113.7 240.0.0.1 255.255.255.255 fd00::1 fe80::1 fe80::1%eth0 2001:db8::1 ::1 ::
     ::ffff:10.0.0.1 ::ffff:c0a8:101 2001::1 nonsense`
      .split(/\s+/)
      .map((address) => [address]),
  )('%s is refused', (address) => expect(isGlobalAddress(address)).toBe(false));

  it.each(
    `193.50.1.2 172.32.0.1 100.128.0.1 192.0.1.1 224.0.0.1 2a00:1450::1 ::ffff:193.50.1.2 64:ff9b::a00:1 2002:a00:1::1 2001:660::1`
      .split(/\s+/)
      .map((address) => [address]),
  )('%s is taken', (address) => expect(isGlobalAddress(address)).toBe(true));

  it('one private address beside a public one refuses the host; so do names of the inside', () => {
    expect(importRefusal('bbb.univ.fr', ['193.50.1.2', '2001:660::1'])).toBeNull();
    expect(importRefusal('bbb.univ.fr', ['193.50.1.2', 'fd00::2'])).toEqual({
      kind: 'address',
      address: 'fd00::2',
    });
    expect(importRefusal('bbb.univ.fr', null)?.kind).toBe('unresolved');
    expect(importRefusal('LOCALHOST.', ['193.50.1.2'])?.kind).toBe('name');
    expect(importRefusal('bbb.local', ['193.50.1.2'])?.kind).toBe('name');
    expect(importRefusal('local.univ.fr', ['193.50.1.2'])).toBeNull();
  });

  it('versions are compared as numbers', () => {
    expect(isAtLeast('4.3', '4.3')).toBe(true);
    expect(isAtLeast('4.10.0', '4.3')).toBe(true);
    expect(isAtLeast('4.3', '4.3.1')).toBe(false);
    expect(isAtLeast('4.0.1', '4.3')).toBe(false);
  });
});
