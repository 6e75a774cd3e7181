import { append } from '../kit/groups.js';
import { plainText } from '../kit/output/text.js';
import { reason, type NewPerson, type PodKey, type Reason } from './decision.js';
import type { MoodleUser } from './moodle-facts.js';
import { isRealPerson } from './moodle-moderators.js';
import { namedByPerson, type OwnersFile } from './owners-file.js';
import type { PodUser } from './pod-facts.js';
import type { OwnerPolicy } from './policy.js';

/** Pod's accounts, by the keys that the rules ask with. */
export interface PodUserIndex {
  readonly byId: ReadonlyMap<number, PodUser>;
  /** In lower case: several accounts may answer. */
  readonly byUsername: ReadonlyMap<string, readonly PodUser[]>;
  readonly byEmail: ReadonlyMap<string, readonly PodUser[]>;
  /** New names (`accountKey`) that Pod's database takes for another's, to that account's name. */
  readonly takenFor?: ReadonlyMap<string, string>;
}

export function indexPodUsers(
  users: readonly PodUser[],
  takenFor: ReadonlyMap<string, string> = new Map(),
): PodUserIndex {
  const byId = new Map<number, PodUser>();
  const byUsername = new Map<string, PodUser[]>();
  const byEmail = new Map<string, PodUser[]>();
  for (const user of users) {
    if (byId.has(user.id)) continue;
    byId.set(user.id, user);
    append(byUsername, accountKey(user.username), user);
    if (user.email !== '') append(byEmail, emailKey(user.email), user);
  }
  return { byId, byUsername, byEmail, takenFor };
}

/** The accounts that a key leads to; user names and addresses in any case. */
export function accountsBy({ by, value }: PodKey, pod: PodUserIndex): readonly PodUser[] {
  if (by === 'id') return [pod.byId.get(value) ?? []].flat();
  return (by === 'email' ? pod.byEmail.get(emailKey(value)) : pod.byUsername.get(accountKey(value))) ?? [];
}

export type Mapping =
  | {
      readonly state: 'found';
      readonly users: readonly PodUser[];
      /** What should be looked at although somebody was found. */
      readonly notes?: readonly Reason[];
    }
  | { readonly state: 'create'; readonly person: NewPerson }
  | { readonly state: 'unresolved'; readonly reason: Reason };

/** Pod user names that the owners file gives a Moodle user name, if any. */
export const namedInFile = (user: MoodleUser, file: OwnersFile): readonly string[] =>
  namedByPerson(user.username, file);

/** What a Moodle account is looked up by in Pod: a user name or an address; '' when Moodle has no such value. */
export function wantedKey(user: MoodleUser, policy: OwnerPolicy): string {
  return applyTemplate(user[policy.match].trim(), policy.matchTemplate);
}

/**
 * What makes two addresses one: Pod's OIDC back end looks a person up by `email__iexact` and refuses whoever has two
 * accounts ("Multiple users returned", mozilla_django_oidc/auth.py 2.0 to 4.0, get_or_create_user).
 */
export const emailKey = (email: string): string => email.trim().toLowerCase();

/**
 * A user name as Django stores it: whatever way an accent was typed, it is one character (NFKC: normalize_username,
 * django/contrib/auth/base_user.py 3.2 to 4.2, and UsernameField of its forms).
 */
export const nameOf = (username: string): string => username.normalize('NFKC');

/** What makes two user names one: letters in any case, accents in any form. */
export const accountKey = (username: string): string => nameOf(username).trim().toLowerCase();

/** The name that an account made for a Moodle user would have; '' without the value that names it. */
export function newNameOf(user: MoodleUser, policy: OwnerPolicy): string {
  const key = wantedKey(user, policy);
  if (key === '') return '';
  return inCase(nameOf(policy.match === 'email' ? user.username : key), policy.usernameCase);
}

/** Applies `{value}@scope` (adds a scope that is not there yet) or `strip:@scope` (removes it). */
export function applyTemplate(value: string, template: string): string {
  if (value === '') return '';
  if (template.startsWith('strip:')) {
    const scope = template.slice('strip:'.length);
    const ends = scope !== '' && value.toLowerCase().endsWith(scope.toLowerCase());
    return ends ? value.slice(0, -scope.length) : value;
  }
  const filled = template.replaceAll('{value}', value);
  const suffix = template.startsWith('{value}') ? template.slice('{value}'.length) : '';
  return suffix !== '' && value.toLowerCase().endsWith(suffix.toLowerCase()) ? value : filled;
}

/** Finds the Pod account of a Moodle user, or what to create, or why neither. Two candidates are never guessed between. */
export function mapMoodleUser(
  user: MoodleUser,
  teaches: boolean,
  pod: PodUserIndex,
  file: OwnersFile,
  policy: OwnerPolicy,
): Mapping {
  const named = namedInFile(user, file);
  if (named.length > 0) return mapUsernames(named, pod);
  const key = wantedKey(user, policy);
  if (key === '') return unresolved('note-user-without-key', { user: user.username, key: policy.match });
  const hits = accountsBy({ by: policy.match === 'email' ? 'email' : 'username', value: key }, pod);
  const [only] = hits;
  if (hits.length > 1) return unresolved('note-user-ambiguous', { user: key, count: hits.length });
  if (only !== undefined) return { state: 'found', users: [only] };
  if (!policy.createUsers || !isRealPerson(user)) return unresolved('note-user-not-in-pod', { user: key });
  return createPerson(user, teaches, pod, policy);
}

/** What Django takes for a user name (UnicodeUsernameValidator, django/contrib/auth/validators.py 3.2 to 4.2). */
const isDjangoUsername = (name: string): boolean => /^[\p{L}\p{N}_.@+-]+$/u.test(name);

function createPerson(user: MoodleUser, teaches: boolean, pod: PodUserIndex, policy: OwnerPolicy): Mapping {
  const username = newNameOf(user, policy);
  if (!isDjangoUsername(username))
    return unresolved('note-user-name-invalid', { user: plainText(username).slice(0, 40) });
  if (username.length > 150) return unresolved('note-user-name-too-long', { user: username.slice(0, 40) });
  if (policy.match === 'email' && pod.byUsername.has(accountKey(username)))
    return unresolved('note-user-name-taken', { user: username });
  const namesake = pod.takenFor?.get(accountKey(username));
  if (namesake !== undefined)
    return unresolved('note-user-name-alike', { user: username, account: namesake });
  const [holder] = accountsBy({ by: 'email', value: user.email }, pod);
  if (holder !== undefined)
    return unresolved('note-user-email-in-pod', {
      user: username,
      email: user.email.trim(),
      account: holder.username,
    });
  const isStaff = policy.createdUsersStaff === 'all' || (policy.createdUsersStaff === 'teachers' && teaches);
  const cut = (text: string): string => Array.from(text).slice(0, 150).join('');
  const email = user.email.trim();
  return {
    state: 'create',
    person: {
      username,
      firstName: cut(user.firstName),
      lastName: cut(user.lastName),
      email: email.length <= 254 ? email : '',
      isStaff,
      teaches,
    },
  };
}

/** The account of somebody whom a rule names by a key of Pod. A user name is the administrator's word: see below. */
export function mapPodKey(key: PodKey, pod: PodUserIndex): Mapping {
  if (key.by === 'username') return mapUsernames([key.value], pod);
  const hits = accountsBy(key, pod);
  const [only] = hits;
  if (only === undefined) return unresolved('note-pod-user-gone', { user: key.value });
  if (hits.length > 1) return unresolved('note-user-ambiguous', { user: key.value, count: hits.length });
  return { state: 'found', users: [only] };
}

/** Accounts that the owners file names: all must exist, each once. */
export function mapUsernames(usernames: readonly string[], pod: PodUserIndex): Mapping {
  const users: PodUser[] = [];
  for (const username of usernames) {
    const hits = accountsBy({ by: 'username', value: username }, pod);
    // The administrator wrote the name: among accounts that differ by case only, the very same spelling is meant.
    const exact = hits.find((user) => user.username === nameOf(username));
    const hit = exact ?? (hits.length === 1 ? hits[0] : undefined);
    if (hit === undefined) {
      const code = hits.length > 1 ? 'note-user-ambiguous' : 'note-file-user-not-in-pod';
      return unresolved(code, { user: username, count: hits.length });
    }
    users.push(hit);
  }
  return { state: 'found', users };
}

type NoteCode =
  | 'note-user-without-key'
  | 'note-user-ambiguous'
  | 'note-user-not-in-pod'
  | 'note-user-name-too-long'
  | 'note-user-name-invalid'
  | 'note-user-name-taken'
  | 'note-user-name-alike'
  | 'note-user-email-in-pod'
  | 'note-file-user-not-in-pod'
  | 'note-pod-user-gone'
  | 'note-greenlight-not-in-pod';

/** Nobody in Pod was found, and why. */
export const unresolved = (code: NoteCode, parameters: Record<string, string | number>): Mapping => ({
  state: 'unresolved',
  reason: reason(code, parameters),
});

const inCase = (name: string, wanted: OwnerPolicy['usernameCase']): string => {
  if (wanted === 'keep') return name;
  return wanted === 'lower' ? name.toLowerCase() : name.toUpperCase();
};
