import type { Recording } from '../bbb/recording.js';
import {
  reason,
  type Candidate,
  type CandidateDecision,
  type CandidateRule,
  type OwnerDecision,
  type Reason,
  type ResolvedOwner,
} from './decision.js';
import { findCandidates, type OwnerFacts } from './find-candidates.js';
import { mapGreenlightPerson, wantedOfGreenlight } from './map-greenlight-person.js';
import {
  accountKey,
  mapMoodleUser,
  mapPodKey,
  namedInFile,
  nameOf,
  newNameOf,
  wantedKey,
  type Mapping,
  type PodUserIndex,
} from './map-user.js';
import type { OwnersFile } from './owners-file.js';
import type { PodUser } from './pod-facts.js';
import type { OwnerPolicy } from './policy.js';

/** Pod accounts to ask for before a chunk's decisions can be resolved. */
export interface WantedPodUsers {
  readonly ids: readonly number[];
  readonly usernames: readonly string[];
  readonly emails: readonly string[];
}

const candidatesOf = (decisions: readonly CandidateDecision[]): Candidate[] =>
  decisions.flatMap(({ rules }) => rules.flatMap(({ candidates }) => candidates));

/** Collects the accounts that a chunk's candidates lead to: three look-ups in Pod, whatever the chunk's size. */
export function wantedPodUsers(
  decisions: readonly CandidateDecision[],
  file: OwnersFile,
  policy: OwnerPolicy,
): WantedPodUsers {
  const ids = new Set<number>();
  const usernames = new Set<string>();
  const emails = new Set<string>();
  for (const { person } of candidatesOf(decisions)) {
    if (person.from === 'pod') {
      if (person.by === 'id') ids.add(person.value);
      else (person.by === 'email' ? emails : usernames).add(nameOf(person.value));
    } else if (person.from === 'greenlight') {
      const wanted = wantedOfGreenlight(person.person, file, policy);
      wanted.usernames.forEach((name) => usernames.add(nameOf(name)));
      wanted.emails.forEach((email) => emails.add(email));
    } else {
      namedInFile(person.user, file).forEach((name) => usernames.add(nameOf(name)));
      const key = nameOf(wantedKey(person.user, policy));
      if (key !== '') (policy.match === 'email' ? emails : usernames).add(key);
      // A new account may not take a name that is in use.
      if (policy.match === 'email') usernames.add(nameOf(person.user.username));
    }
  }
  return { ids: [...ids], usernames: [...usernames], emails: [...emails] };
}

/**
 * Addresses of the people for whom an account may have to be made: their name was looked up and nobody has it. Asked
 * for apart, for Pod has no index on addresses.
 */
export function wantedEmails(
  decisions: readonly CandidateDecision[],
  podUsers: PodUserIndex,
  policy: OwnerPolicy,
): string[] {
  if (!policy.createUsers) return [];
  const emails = new Set<string>();
  for (const { person } of candidatesOf(decisions)) {
    if (person.from !== 'moodle' || person.user.email.trim() === '') continue;
    const key = accountKey(wantedKey(person.user, policy));
    const known = policy.match === 'email' ? podUsers.byEmail : podUsers.byUsername;
    if (key !== '' && !known.has(key)) emails.add(person.user.email.trim());
  }
  return [...emails];
}

/** User names that may have to be made: nobody has them, in the spelling of JavaScript. Asked once more of Pod itself. */
export function wantedNewNames(
  decisions: readonly CandidateDecision[],
  podUsers: PodUserIndex,
  policy: OwnerPolicy,
): string[] {
  if (!policy.createUsers) return [];
  const names = new Set<string>();
  for (const { person } of candidatesOf(decisions)) {
    if (person.from !== 'moodle') continue;
    const name = newNameOf(person.user, policy);
    if (name !== '' && !podUsers.byUsername.has(accountKey(name))) names.add(name);
  }
  return [...names];
}

/** The whole chain for one recording, once Pod's accounts are known. Pure. */
export function resolveOwners(
  recording: Recording,
  facts: OwnerFacts & { readonly podUsers: PodUserIndex },
  policy: OwnerPolicy,
): OwnerDecision {
  return resolveCandidates(
    findCandidates(recording, facts, policy),
    facts.podUsers,
    facts.ownersFile,
    policy,
  );
}

/** Turns candidates into accounts: the first rule that leads to one decides, with all whom it names. */
export function resolveCandidates(
  decision: CandidateDecision,
  podUsers: PodUserIndex,
  file: OwnersFile,
  policy: OwnerPolicy,
): OwnerDecision {
  const told = {
    activities: decision.activities,
    ...(decision.room === undefined ? {} : { room: decision.room }),
  };
  if (decision.skip !== null) return { kind: 'skip', reason: decision.skip, notes: decision.notes, ...told };
  const named = decision.rules.length > 0;
  const why = named ? (decision.noAccount ?? reason('unresolved-no-account')) : decision.otherwise;
  const resolveFrom = (at: number, before: readonly Reason[]): OwnerDecision => {
    const rule = decision.rules[at];
    if (rule === undefined) return { kind: policy.unresolved, reason: why, notes: before, ...told };
    const { owners, failures } = resolveRule(rule, podUsers, file, policy);
    const notes = [...before, ...failures];
    if (owners.length === 0) return resolveFrom(at + 1, notes);
    const site = rule.siteId === undefined ? {} : { siteId: rule.siteId };
    const areNew = owners.every(({ account }) => 'create' in account);
    return {
      kind: 'owners',
      owners,
      notes,
      ...told,
      ...site,
      ...(areNew ? { next: resolveFrom(at + 1, notes) } : {}),
    };
  };
  return resolveFrom(0, decision.notes);
}

function resolveRule(
  rule: CandidateRule,
  podUsers: PodUserIndex,
  file: OwnersFile,
  policy: OwnerPolicy,
): { owners: ResolvedOwner[]; failures: Reason[] } {
  const owners = new Map<string, ResolvedOwner>();
  const failures: Reason[] = [];
  for (const candidate of rule.candidates) {
    const mapping = mapCandidate(candidate, podUsers, file, policy);
    if (mapping.state === 'unresolved') failures.push(mapping.reason);
    else if (mapping.state === 'create') {
      const key = `new ${mapping.person.username.toLowerCase()}`;
      if (!owners.has(key))
        owners.set(key, { account: { create: mapping.person }, reason: candidate.reason, warnings: [] });
    } else {
      failures.push(...(mapping.notes ?? []));
      for (const user of mapping.users)
        if (!owners.has(`id ${user.id}`))
          owners.set(`id ${user.id}`, {
            account: { userId: user.id, username: user.username },
            reason: candidate.reason,
            warnings: blindness(user, rule.siteId ?? policy.siteId),
          });
    }
  }
  return { owners: [...owners.values()], failures };
}

function mapCandidate(
  { person }: Candidate,
  podUsers: PodUserIndex,
  file: OwnersFile,
  policy: OwnerPolicy,
): Mapping {
  if (person.from === 'moodle') return mapMoodleUser(person.user, person.teaches, podUsers, file, policy);
  if (person.from === 'greenlight') return mapGreenlightPerson(person.person, podUsers, file, policy);
  return mapPodKey(person, podUsers);
}

/** Why an owner cannot see external recordings in Pod. */
function blindness(user: PodUser, siteId: number): Reason[] {
  const warnings: Reason[] = [];
  const parameters = { user: user.username };
  if (!user.isActive) warnings.push(reason('owner-inactive', parameters));
  if (!user.isStaff) warnings.push(reason('owner-not-staff', parameters));
  if (user.siteIds.length > 0 && !user.siteIds.includes(siteId))
    warnings.push(reason('owner-of-another-site', { ...parameters, site: siteId }));
  return warnings;
}
