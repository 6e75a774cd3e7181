import type { JournalItem } from '../kit/batch/journal.js';
import type { Recording } from '../bbb/recording.js';
import { claimActionId, importActionId, type MigrateAction } from './actions.js';
import type { MigratePolicy, RecordingFacts } from './migration-facts.js';
import { planClaim } from './plan-claim.js';
import { ownersOf, planImports, usernameOf } from './plan-imports.js';
import { oneAccountPerAddress } from './one-account.js';
import { refusalOf, skip } from './refuse-recording.js';
import type { OwnerDecision, ResolvedOwner } from '../owners/decision.js';
import { emailKey } from '../owners/map-user.js';

/** What crosses chunks. */
export interface PlanState {
  readonly planned: number;
  /** Usernames (lower case) that earlier actions of this plan create. */
  readonly creating: ReadonlySet<string>;
  /** Address (lower case) to the username (lower case) that earlier actions of this plan create for it. */
  readonly holders: ReadonlyMap<string, string>;
}

/** What one chunk adds to the plan. */
export interface PlannedChunk {
  readonly actions: readonly MigrateAction[];
  /** Recordings that get something. */
  readonly planned: number;
  /** Usernames (lower case) that it creates, with the address each takes (lower case, '' for none). */
  readonly created: ReadonlyMap<string, string>;
  /** True when the limit of the plan is reached. */
  readonly full: boolean;
}

/** A plan that is being made: it takes chunk after chunk, for a copy of its accounts would cost more than a chunk's plan. */
export class GrowingPlan implements PlanState {
  readonly creating = new Set<string>();
  readonly holders = new Map<string, string>();
  planned = 0;

  take({ planned, created }: PlannedChunk): void {
    this.planned += planned;
    for (const [username, email] of created) {
      this.creating.add(username);
      if (email !== '' && !this.holders.has(email)) this.holders.set(email, username);
    }
  }
}

/** Decides what to do with one chunk of recordings. Pure: the same facts give the same actions, in the order of the recordings. */
export function planMigration(
  state: PlanState,
  recordings: readonly Recording[],
  factsOf: (recording: Recording) => RecordingFacts,
  journal: ReadonlyMap<string, JournalItem>,
  policy: MigratePolicy,
): PlannedChunk {
  const actions: MigrateAction[] = [];
  const created = new Map<string, string>();
  const holders = new Map<string, string>();
  const holderOf = (email: string): string | undefined => state.holders.get(email) ?? holders.get(email);
  let planned = 0;
  for (const recording of recordings) {
    if (policy.limit !== null && state.planned + planned >= policy.limit)
      return { actions, planned, created, full: true };
    const facts = factsOf(recording);
    const owners = oneAccountPerAddress(facts.owners, holderOf, policy.unresolved);
    const own = planRecording(recording, { ...facts, owners }, journal, policy);
    for (const action of own) {
      if (action.kind !== 'import' || !('create' in action.write.owner)) continue;
      const username = action.write.owner.create.username.toLowerCase();
      const email = emailKey(action.write.owner.create.email);
      created.set(username, email);
      if (email !== '' && holderOf(email) === undefined) holders.set(email, username);
    }
    if (own.some(({ kind }) => kind !== 'skip')) planned++;
    actions.push(...own);
  }
  return { actions, planned, created, full: false };
}

/** The journal's keys that a chunk asks for: what earlier runs did with these recordings and owners. */
export function actionIdsOf({ recordId }: Recording, facts: RecordingFacts, policy: MigratePolicy): string[] {
  const owners = everyOwner(facts.owners, policy);
  // An account that is not made after all leaves the recording to the administrator.
  const fallback = owners.some(({ account }) => 'create' in account) ? [policy.admin.username] : [];
  const names = [...owners.map(usernameOf), ...fallback];
  return [claimActionId(recordId), ...names.map((name) => importActionId(recordId, name))];
}

/** Those of the rules that decide, and of the later ones that may yet have to. */
const everyOwner = (decision: OwnerDecision, policy: MigratePolicy): ResolvedOwner[] => [
  ...ownersOf(decision, policy),
  ...(decision.kind === 'owners' && decision.next !== undefined ? everyOwner(decision.next, policy) : []),
];

function planRecording(
  recording: Recording,
  facts: RecordingFacts,
  journal: ReadonlyMap<string, JournalItem>,
  policy: MigratePolicy,
): MigrateAction[] {
  const refused = refusalOf(recording, facts, policy);
  if (refused !== null) return [skip(recording, facts, refused)];
  return policy.mode === 'claim'
    ? [planClaim(recording, facts, journal, policy)]
    : planImports(recording, facts, journal, policy);
}
