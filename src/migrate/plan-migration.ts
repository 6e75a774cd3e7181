import type { JournalItem } from '../batch/journal.js';
import type { Code, CodeParameters } from '../codes/catalog.js';
import type { Recording } from '../recordings/recording.js';
import {
  claimActionId,
  importActionId,
  skipActionId,
  type ImportAction,
  type MigrateAction,
  type SkipAction,
} from './actions.js';
import type { OwnerDecision, Reason, ResolvedOwner } from '../owners/decision.js';
import type { NewPodUser, PodExternalRecording } from './pod-port.js';

/** What is asked of the migration as a whole. */
export interface MigratePolicy {
  readonly mode: 'import' | 'claim';
  readonly includeUnpublished: boolean;
  /** Give again what people removed. */
  readonly recreate: boolean;
  /** Who receives what nobody else owns. */
  readonly admin: { readonly userId: number; readonly username: string };
  /** What a new account of Pod is given beside its names. */
  readonly newUsers: Pick<NewPodUser, 'authType' | 'affiliation' | 'establishment'>;
  readonly excluded: ReadonlySet<string>;
  readonly skippedServers: ReadonlySet<string>;
  /** Only for this Pod username; null for everybody. */
  readonly onlyOwner: string | null;
  /** The next N recordings that are not done yet; null for all. */
  readonly limit: number | null;
  /** Pod versions that rewrite 2.0 links wrongly. */
  readonly podMisreads20Links: boolean;
}

/** What to play back, chosen by the recordings room: one URL, or why there is none. */
export type ChosenPlayback =
  | {
      readonly url: string;
      readonly kind: 'video' | 'presentation';
      readonly token: boolean;
      readonly is20Link: boolean;
      readonly sizeBytes: number | null;
      readonly lengthMinutes: number | null;
    }
  | { readonly none: readonly string[] };

/** Everything the outside says about one recording of a chunk. */
export interface RecordingFacts {
  readonly playback: ChosenPlayback;
  /** Name for Pod: the teacher's, at most 250 characters. */
  readonly title: string;
  readonly owners: OwnerDecision;
  readonly existing: readonly PodExternalRecording[];
  /** Owners who imported it through Pod's meetings. */
  readonly internalOwnerIds: readonly (number | null)[];
  readonly siteId: number;
  readonly claim: ClaimFacts | null;
}

export interface ClaimFacts {
  readonly fileName: string;
  readonly held: 'claimed' | 'pending' | 'on-disk' | null;
  readonly oldScriptFile: { readonly name: string; readonly ambiguous: boolean } | null;
  /** Some owner already uploaded it into Pod. */
  readonly uploaded: boolean;
}

/** What crosses chunks. */
export interface PlanState {
  readonly planned: number;
  /** Usernames (lower case) that earlier actions of this plan create. */
  readonly creating: ReadonlySet<string>;
}
export const emptyPlanState: PlanState = { planned: 0, creating: new Set() };

/** Decides what to do with one chunk of recordings. Pure: the same facts give the same actions, in the order of the recordings. */
export function planMigration(
  state: PlanState,
  recordings: readonly Recording[],
  factsOf: (recording: Recording) => RecordingFacts,
  journal: ReadonlyMap<string, JournalItem>,
  policy: MigratePolicy,
): { readonly state: PlanState; readonly actions: readonly MigrateAction[]; readonly full: boolean } {
  const actions: MigrateAction[] = [];
  const creating = new Set(state.creating);
  let { planned } = state;
  for (const recording of recordings) {
    if (policy.limit !== null && planned >= policy.limit)
      return { state: { planned, creating }, actions, full: true };
    const own = planRecording(recording, factsOf(recording), journal, policy);
    for (const action of own)
      if (action.kind === 'import' && 'create' in action.write.owner)
        creating.add(action.owner.toLowerCase());
    if (own.some(({ kind }) => kind !== 'skip')) planned++;
    actions.push(...own);
  }
  return { state: { planned, creating }, actions, full: false };
}

/** The journal's keys that a chunk asks for: what earlier runs did with these recordings and owners. */
export function actionIdsOf({ recordId }: Recording, facts: RecordingFacts, policy: MigratePolicy): string[] {
  return [
    claimActionId(recordId),
    ...ownersOf(facts.owners, policy).map((owner) => importActionId(recordId, usernameOf(owner))),
  ];
}

const usernameOf = ({ account }: ResolvedOwner): string =>
  'create' in account ? account.create.username : account.username;

/** Everybody who receives the recording: what the rules decided, or the administrator. */
function ownersOf(decision: OwnerDecision, { admin }: MigratePolicy): readonly ResolvedOwner[] {
  if (decision.kind === 'owners') return decision.owners;
  return decision.kind === 'admin' ? [{ account: admin, reason: decision.reason, warnings: [] }] : [];
}

function planRecording(
  recording: Recording,
  facts: RecordingFacts,
  journal: ReadonlyMap<string, JournalItem>,
  policy: MigratePolicy,
): MigrateAction[] {
  const refused = refusal(recording, facts, policy);
  if (refused !== null) return [skip(recording, facts, refused)];
  return policy.mode === 'claim'
    ? [planClaim(recording, facts, journal, policy)]
    : planImports(recording, facts, journal, policy);
}

interface Refusal {
  readonly reason: Code;
  readonly parameters?: CodeParameters;
}

function refusal(recording: Recording, facts: RecordingFacts, policy: MigratePolicy): Refusal | null {
  const server = originServer(recording);
  if (policy.excluded.has(recording.recordId)) return { reason: 'recording-excluded' };
  if (policy.skippedServers.has(server)) return { reason: 'server-skipped', parameters: { server } };
  if (recording.state === 'deleted') return { reason: 'recording-deleted' };
  if (recording.state === 'processing' || recording.state === 'processed')
    return { reason: 'recording-processing' };
  if (recording.state === 'unpublished' && !policy.includeUnpublished)
    return { reason: 'recording-unpublished' };
  if ('none' in facts.playback)
    return { reason: 'format-unsupported', parameters: { formats: facts.playback.none.join(', ') || '-' } };
  if (policy.mode === 'claim') return null;
  if (facts.playback.token) return { reason: 'url-with-token' };
  return Array.from(facts.playback.url).length > 500 ? { reason: 'url-too-long' } : null;
}

/** The application the recording comes from, as Moodle gives it; empty for others. */
export const originServer = ({ metadata }: Recording): string =>
  (metadata['bbb-origin-server-name'] ?? '').toLowerCase();

const shown = (recording: Recording, facts: RecordingFacts, owner: string) => ({
  recordId: recording.recordId,
  meetingId: recording.meetingId,
  startAt: recording.startAt,
  title: facts.title,
  origin: originServer(recording) || (recording.metadata['bbb-origin'] ?? ''),
  owner,
  url: 'url' in facts.playback && !facts.playback.token ? facts.playback.url : '',
});

function skip(
  recording: Recording,
  facts: RecordingFacts,
  { reason, parameters }: Refusal,
  owner = '-',
  id = skipActionId(recording.recordId),
): SkipAction {
  return {
    id,
    kind: 'skip',
    reason,
    ...(parameters === undefined ? {} : { reasonParameters: parameters }),
    ...shown(recording, facts, owner),
    marks: [],
  };
}

function planClaim(
  recording: Recording,
  facts: RecordingFacts,
  journal: ReadonlyMap<string, JournalItem>,
  policy: MigratePolicy,
): MigrateAction {
  const { claim, playback } = facts;
  const id = claimActionId(recording.recordId);
  if (claim === null || 'none' in playback)
    return skip(recording, facts, { reason: 'format-unsupported', parameters: { formats: '-' } });
  const earlier = journal.get(id);
  const held = heldAlready(facts, claim, earlier, policy);
  if (held !== null) return skip(recording, facts, held, '-', id);
  return {
    id,
    kind: 'claim',
    reason: 'claim-planned',
    ...shown(recording, facts, '-'),
    marks:
      claim.oldScriptFile?.ambiguous === true
        ? [{ code: 'ambiguous-old-file', parameters: { file: claim.oldScriptFile.name } }]
        : [],
    fileName: claim.fileName,
    server: recording.server,
    source: playback.kind,
    tokenUrl: playback.token,
    sizeBytes: playback.sizeBytes ?? recording.sizeBytes,
    durationMs: playback.lengthMinutes === null ? null : playback.lengthMinutes * 60_000,
  };
}

function heldAlready(
  facts: RecordingFacts,
  claim: ClaimFacts,
  earlier: JournalItem | undefined,
  policy: MigratePolicy,
): Refusal | null {
  if (claim.held === 'claimed') return { reason: 'already-claimed' };
  if (claim.held === 'pending') return { reason: 'already-pending' };
  if (claim.held === 'on-disk') return { reason: 'already-on-disk' };
  if (claim.uploaded || facts.internalOwnerIds.length > 0) return { reason: 'already-internal' };
  if (claim.oldScriptFile !== null && !claim.oldScriptFile.ambiguous)
    return { reason: 'already-by-old-script', parameters: { file: claim.oldScriptFile.name } };
  return removedSince(earlier, policy);
}

/** A row, a file or a draft that people removed is not given again; what only waited for a worker was never there. */
const removedSince = (earlier: JournalItem | undefined, { recreate }: MigratePolicy): Refusal | null =>
  earlier?.state === 'done' && earlier.reason !== 'claim-queued' && !recreate
    ? { reason: 'deleted-since', parameters: { run: earlier.run } }
    : null;

function planImports(
  recording: Recording,
  facts: RecordingFacts,
  journal: ReadonlyMap<string, JournalItem>,
  policy: MigratePolicy,
): MigrateAction[] {
  if (facts.owners.kind === 'skip') return [skip(recording, facts, refusalOf(facts.owners.reason))];
  const only = policy.onlyOwner?.toLowerCase() ?? null;
  const chosen = ownersOf(facts.owners, policy).filter(
    (owner) => only === null || usernameOf(owner).toLowerCase() === only,
  );
  if (chosen.length === 0) return [skip(recording, facts, { reason: 'other-owner' })];
  let fallback = rowOfFallback(facts, policy);
  return chosen.map((owner) => {
    const username = usernameOf(owner);
    const id = importActionId(recording.recordId, username);
    const held = importHeld(facts, owner) ?? removedSince(journal.get(id), policy);
    if (held !== null) return skip(recording, facts, held, username, id);
    const action = importAction(recording, facts, owner, policy, fallback);
    fallback = null;
    return action;
  });
}

const refusalOf = ({ code, parameters }: Reason): Refusal => ({ reason: code, parameters });

function importHeld(
  { existing, internalOwnerIds }: RecordingFacts,
  { account }: ResolvedOwner,
): Refusal | null {
  if ('create' in account) return null;
  if (existing.some(({ ownerId }) => ownerId === account.userId)) return { reason: 'already-external' };
  return internalOwnerIds.includes(account.userId) ? { reason: 'already-internal' } : null;
}

/** A row the administrator got for want of an owner, untouched, when owners are known now: the first of them takes it over. */
function rowOfFallback(
  { existing, owners }: RecordingFacts,
  { admin }: MigratePolicy,
): PodExternalRecording | null {
  if (owners.kind !== 'owners') return null;
  if (owners.owners.some(({ account }) => 'userId' in account && account.userId === admin.userId))
    return null;
  const untouched = ({ ownerId, state, uploadedToPodById }: PodExternalRecording): boolean =>
    ownerId === admin.userId && state === null && uploadedToPodById === null;
  return existing.find(untouched) ?? null;
}

function importAction(
  recording: Recording,
  facts: RecordingFacts,
  owner: ResolvedOwner,
  policy: MigratePolicy,
  takeOver: PodExternalRecording | null,
): ImportAction {
  const username = usernameOf(owner);
  const id = importActionId(recording.recordId, username);
  const url = 'url' in facts.playback ? facts.playback.url : '';
  const { account } = owner;
  return {
    id,
    kind: 'import',
    reason: owner.reason.code,
    reasonParameters: owner.reason.parameters,
    ...shown(recording, facts, username),
    marks: [...owner.warnings, ...newcomerMarks(owner), ...urlMarks(facts.playback, url, policy)],
    write: {
      actionId: id,
      owner:
        'create' in account
          ? { create: { ...account.create, ...policy.newUsers, siteId: facts.siteId } }
          : { userId: account.userId },
      recordId: recording.recordId,
      row: { name: facts.title, startAt: recording.startAt, sourceUrl: url, siteId: facts.siteId },
      ...(takeOver === null ? {} : { takeOver }),
    },
  };
}

const mark = (code: Code): Reason => ({ code, parameters: {} });

const newcomerMarks = ({ account }: ResolvedOwner): Reason[] =>
  'create' in account && !account.create.isStaff ? [mark('mark-owner-not-staff')] : [];

/** What keeps Pod from importing such a URL later (domain facts on Pod, 2.1). */
function urlMarks(playback: ChosenPlayback, url: string, policy: MigratePolicy): Reason[] {
  const marks: Reason[] = [];
  if ('url' in playback && playback.is20Link && policy.podMisreads20Links) marks.push(mark('mark-link-20'));
  if (url.includes('/m/')) marks.push(mark('mark-mediacad'));
  if (url.includes('numerique-esr.fr') && url.includes('?')) marks.push(mark('mark-national-query'));
  return marks;
}
