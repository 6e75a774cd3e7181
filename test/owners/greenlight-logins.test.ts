import { expect, it } from 'vitest';
import { ownersNotInPod, shownOwner } from '../../src/owners/greenlight-logins.js';

const owner = (more: object) => ({
  ...{ name: 'N', email: '', provider: 'greenlight', username: '', externalId: '' },
  ...more,
});
const pod = [
  { username: 'bob', email: 'bob@univ.fr' },
  { username: 'amartin', email: '' },
];

it.each([
  ['the address, whatever its case', owner({ email: ' Bob@Univ.fr' }), true],
  ['a user name of LDAP', owner({ provider: 'ldap', username: 'AMartin' }), true],
  ['the uid of a distinguished name', owner({ externalId: 'uid=amartin,ou=people' }), true],
  // What stands before the @ of a private address is not the user name of Pod's bob.
  ['a user name of Google', owner({ provider: 'google', username: 'bob', email: 'bob@gmail.com' }), false],
  ['nothing', owner({}), false],
])('looks for room owners in Pod as a migration does: %s', (_, one, isKnown) => {
  expect(ownersNotInPod([one], pod)).toEqual(isKnown ? [] : [one]);
});

it('names an owner by what there is', () => {
  expect(shownOwner(owner({ email: 'a@b.fr' }))).toBe('a@b.fr');
  expect(shownOwner(owner({}))).toBe('N');
});
