import { reason, type OwnerDecision, type Reason, type ResolvedOwner } from '../owners/decision.js';
import { emailKey } from '../owners/map-user.js';

/**
 * Two Moodle accounts may share an address; two Pod accounts may not, for Pod's OIDC back end then lets neither of them
 * in. Of the accounts that a plan would make for one address only the first is made: whoever comes later is left out
 * with that reason, and a recording that thereby has no owner goes to whom the next rule names. Pure.
 * @param heldBy The user name (lower case) that this plan already makes for an address (lower case).
 */
export function oneAccountPerAddress(
  decision: OwnerDecision,
  heldBy: (email: string) => string | undefined,
  unresolved: 'admin' | 'skip',
): OwnerDecision {
  if (decision.kind !== 'owners') return decision;
  const own = new Map<string, string>();
  const holderOf = (email: string): string | undefined => own.get(email) ?? heldBy(email);
  const left: Reason[] = [];
  const owners = decision.owners.filter((owner) => {
    const refused = refusalOf(owner, holderOf, own);
    if (refused !== null) left.push(refused);
    return refused === null;
  });
  if (left.length === 0) return decision;
  const notes = [...decision.notes, ...left];
  if (owners.length > 0) return { ...decision, owners, notes };
  const { activities, next } = decision;
  // The next run will find the address taken, and go on to the next rule: so does this one.
  if (next !== undefined)
    return oneAccountPerAddress({ ...next, notes: [...next.notes, ...left] }, heldBy, unresolved);
  return { kind: unresolved, reason: reason('unresolved-no-account'), notes, activities };
}

/** Why this account is not made; null when it is, and then it holds its address. */
function refusalOf(
  { account }: ResolvedOwner,
  holderOf: (email: string) => string | undefined,
  own: Map<string, string>,
): Reason | null {
  if (!('create' in account) || account.create.email === '') return null;
  const { username, email } = account.create;
  const holder = holderOf(emailKey(email));
  if (holder !== undefined && holder !== username.toLowerCase())
    return reason('note-user-email-in-pod', { user: username, email, account: holder });
  own.set(emailKey(email), username.toLowerCase());
  return null;
}
