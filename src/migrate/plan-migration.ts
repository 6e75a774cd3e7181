import type { JournalItem } from '../kit/batch/journal.js';
import type { Recording } from '../bbb/recording.js';
import { claimActionId, importActionId, type MigrateAction } from './actions.js';
import type { MigratePolicy, RecordingFacts } from './migration-facts.js';
import { planClaim } from './plan-claim.js';
import { ownersOf, planImports, usernameOf } from './plan-imports.js';
import { oneAccountPerAddress } from './one-account.js';
import { refusalOf, skip } from './refuse-recording.js';
import { emailKey } from '../owners/map-user.js';

/** What crosses chunks. */
export interface PlanState {
  readonly planned: number;
  /** Usernames (lower case) that earlier actions of this plan create, with the address each takes (lower case, '' for none). */
  readonly creating: ReadonlyMap<string, string>;
}
export const emptyPlanState: PlanState = { planned: 0, creating: new Map() };

/** Decides what to do with one chunk of recordings. Pure: the same facts give the same actions, in the order of the recordings. */
export function planMigration(
  state: PlanState,
  recordings: readonly Recording[],
  factsOf: (recording: Recording) => RecordingFacts,
  journal: ReadonlyMap<string, JournalItem>,
  policy: MigratePolicy,
): { readonly state: PlanState; readonly actions: readonly MigrateAction[]; readonly full: boolean } {
  const actions: MigrateAction[] = [];
  const creating = new Map(state.creating);
  const holders = new Map([...creating].map(([username, email]) => [email, username]));
  let { planned } = state;
  for (const recording of recordings) {
    if (policy.limit !== null && planned >= policy.limit)
      return { state: { planned, creating }, actions, full: true };
    const facts = factsOf(recording);
    const owners = oneAccountPerAddress(facts.owners, holders, policy.unresolved);
    const own = planRecording(recording, { ...facts, owners }, journal, policy);
    for (const action of own) {
      if (action.kind !== 'import' || !('create' in action.write.owner)) continue;
      const { username, email } = action.write.owner.create;
      creating.set(username.toLowerCase(), emailKey(email));
      if (email !== '' && !holders.has(emailKey(email))) holders.set(emailKey(email), username.toLowerCase());
    }
    if (own.some(({ kind }) => kind !== 'skip')) planned++;
    actions.push(...own);
  }
  return { state: { planned, creating }, actions, full: false };
}

/** The journal's keys that a chunk asks for: what earlier runs did with these recordings and owners. */
export function actionIdsOf({ recordId }: Recording, facts: RecordingFacts, policy: MigratePolicy): string[] {
  const owners = ownersOf(facts.owners, policy);
  // An account that is not made after all leaves the recording to the administrator.
  const fallback = owners.some(({ account }) => 'create' in account) ? [policy.admin.username] : [];
  const names = [...owners.map(usernameOf), ...fallback];
  return [claimActionId(recordId), ...names.map((name) => importActionId(recordId, name))];
}

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
