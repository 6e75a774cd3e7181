import { reason } from './decision.js';
import type { GreenlightPerson } from './greenlight-facts.js';
import {
  accountsBy,
  applyTemplate,
  emailKey,
  mapUsernames,
  unresolved,
  type Mapping,
  type PodUserIndex,
} from './map-user.js';
import { namedByPerson, type OwnersFile } from './owners-file.js';
import type { PodUser } from './pod-facts.js';
import type { OwnerPolicy } from './policy.js';

/** User names and addresses to ask Pod for before a person of Greenlight can be mapped. */
export function wantedOfGreenlight(
  person: GreenlightPerson,
  file: OwnersFile,
  policy: OwnerPolicy,
): { readonly usernames: readonly string[]; readonly emails: readonly string[] } {
  const local = person.localPart === null ? [] : [person.localPart];
  return {
    usernames: [...namedUsers(person, file), ...loginNames(person, policy), ...local],
    emails: person.email === '' ? [] : [person.email],
  };
}

/**
 * Finds the Pod account of a person of Greenlight by the keys of `match`, in their order: the first that finds one
 * decides. No account is ever made: what Greenlight calls somebody need not be the name they log in to Pod with.
 */
export function mapGreenlightPerson(
  person: GreenlightPerson,
  pod: PodUserIndex,
  file: OwnersFile,
  policy: OwnerPolicy,
): Mapping {
  const named = namedUsers(person, file);
  if (named.length > 0) return mapUsernames(named, pod);
  const shown = person.email || person.name;
  for (const key of person.match) {
    const hits = accountsByMatch(key, person, pod, policy);
    const [only] = hits;
    if (only === undefined) continue;
    if (hits.length > 1) return unresolved('note-user-ambiguous', { user: shown, count: hits.length });
    return { state: 'found', users: [only], notes: contradiction(only, person, pod) };
  }
  return unresolved('note-greenlight-not-in-pod', { user: shown });
}

const namedUsers = ({ email, logins }: GreenlightPerson, file: OwnersFile): readonly string[] =>
  [email, ...logins].flatMap((key) => namedByPerson(key, file));

/** A user name with and without the scope that `[migrate] match_template` adds or strips. */
const loginNames = ({ logins }: GreenlightPerson, { matchTemplate }: OwnerPolicy): string[] => [
  ...new Set(logins.flatMap((login) => [login, applyTemplate(login, matchTemplate)])),
];

function accountsByMatch(
  key: GreenlightPerson['match'][number],
  person: GreenlightPerson,
  pod: PodUserIndex,
  policy: OwnerPolicy,
): readonly PodUser[] {
  if (key === 'email')
    return person.email === '' ? [] : accountsBy({ by: 'email', value: person.email }, pod);
  const byName = (value: string): readonly PodUser[] => accountsBy({ by: 'username', value }, pod);
  if (key === 'external_id') return [...new Set(loginNames(person, policy).flatMap(byName))];
  // An account of another mail domain is somebody else who happens to have that name.
  return person.localPart === null
    ? []
    : byName(person.localPart).filter(
        ({ email }) => email === '' || domainOf(email) === domainOf(person.email),
      );
}

const domainOf = (email: string): string => emailKey(email).replace(/^.*@/s, '');

/** The address leads to another account than the user name: told, for one of the two is out of date. */
function contradiction(found: PodUser, { email }: GreenlightPerson, pod: PodUserIndex) {
  const other =
    email === ''
      ? undefined
      : accountsBy({ by: 'email', value: email }, pod).find(({ id }) => id !== found.id);
  if (other === undefined) return [];
  const parameters = { user: found.username, email, account: other.username };
  return [reason('note-greenlight-keys-differ', parameters)];
}
