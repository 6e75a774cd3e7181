import type { JournalItem } from '../kit/batch/journal.js';
import type { Code } from '../kit/errors/code.js';
import type { NewPerson, OwnerDecision, Reason, ResolvedOwner } from '../owners/decision.js';
import { renderBytes } from '../kit/output/units.js';
import { isNationalUrl, withFinalSlash, withoutQuery } from '../bbb/playback-url.js';
import type { Recording } from '../bbb/recording.js';
import { importActionId, type ImportAction, type MigrateAction } from './actions.js';
import type { MigratePolicy, RecordingFacts } from './migration-facts.js';
import type { NewPodUser, PodExternalRecording } from './pod-port.js';
import { importStateOf } from './import-state.js';
import { removedSince, shown, skip, type Refusal } from './refuse-recording.js';

export const usernameOf = ({ account }: ResolvedOwner): string =>
  'create' in account ? account.create.username : account.username;

/** Everybody who receives the recording: what the rules decided, or the administrator. */
export function ownersOf(decision: OwnerDecision, { admin }: MigratePolicy): readonly ResolvedOwner[] {
  if (decision.kind === 'owners') return decision.owners;
  return decision.kind === 'admin' ? [{ account: admin, reason: decision.reason, warnings: [] }] : [];
}

/** One external recording of Pod for each owner who has none yet. Pure. */
export function planImports(
  recording: Recording,
  facts: RecordingFacts,
  journal: ReadonlyMap<string, JournalItem>,
  policy: MigratePolicy,
): MigrateAction[] {
  if (facts.owners.kind === 'skip')
    return [{ ...skip(recording, facts, asRefusal(facts.owners.reason)), ...notesOf(facts.owners) }];
  const only = policy.onlyOwners.map((name) => name.toLowerCase());
  const chosen = ownersOf(facts.owners, policy).filter(
    (owner) => only.length === 0 || only.includes(usernameOf(owner).toLowerCase()),
  );
  if (chosen.length === 0) return [skip(recording, facts, { reason: 'other-owner' })];
  let fallback = rowOfFallback(facts, policy);
  const link = linkOf(recording, facts, policy);
  return chosen.map((owner) => {
    const username = usernameOf(owner);
    const id = importActionId(recording.recordId, username);
    const held = importHeld(facts, owner) ?? removedSince(journal.get(id), policy);
    if (held !== null) return skip(recording, facts, held, username, id);
    const action = importAction(recording, facts, owner, policy, link, fallback);
    fallback = null;
    return action;
  });
}

/** Where there is something to tell: a plan may have a hundred thousand actions. */
const notesOf = ({ notes }: OwnerDecision): { notes?: readonly Reason[] } =>
  notes.length === 0 ? {} : { notes };

const asRefusal = ({ code, parameters }: Reason): Refusal => ({ reason: code, parameters });

function importHeld(
  { existing, internalOwnerIds }: RecordingFacts,
  { account }: ResolvedOwner,
): Refusal | null {
  if ('create' in account) return null;
  const own = existing.filter(({ ownerId }) => ownerId === account.userId);
  if (own.some((row) => importStateOf(row) === 'imported')) return { reason: 'already-imported' };
  if (own.length > 0) return { reason: 'already-external' };
  return internalOwnerIds.includes(account.userId) ? { reason: 'already-internal' } : null;
}

/** The site whose meeting it was, else the one that the configuration gives. */
const siteOf = ({ owners, siteId }: RecordingFacts): number =>
  (owners.kind === 'owners' ? owners.siteId : undefined) ?? siteId;

/** A row the administrator got for want of an owner, untouched, when owners are known now: the first of them takes it over. */
function rowOfFallback(facts: RecordingFacts, { admin }: MigratePolicy): PodExternalRecording | null {
  const { existing, owners } = facts;
  if (owners.kind !== 'owners') return null;
  if (owners.owners.some(({ account }) => 'userId' in account && account.userId === admin.userId))
    return null;
  const site = siteOf(facts);
  const untouched = (row: PodExternalRecording): boolean =>
    row.ownerId === admin.userId && row.siteId === site && importStateOf(row) === 'waiting';
  return existing.find(untouched) ?? null;
}

/** What all owners of a recording receive: what is shown of it, its link, and what keeps Pod from importing that. */
interface Link {
  readonly told: ReturnType<typeof shown>;
  readonly url: string;
  readonly marks: readonly Reason[];
}

function linkOf(recording: Recording, facts: RecordingFacts, policy: MigratePolicy): Link {
  const url = 'url' in facts.playback ? storableUrl(facts.playback.url) : '';
  return { told: shown(recording, facts, '-'), url, marks: urlMarks(facts, url, policy) };
}

function importAction(
  recording: Recording,
  facts: RecordingFacts,
  owner: ResolvedOwner,
  policy: MigratePolicy,
  link: Link,
  takeOver: PodExternalRecording | null,
): ImportAction {
  const username = usernameOf(owner);
  const id = importActionId(recording.recordId, username);
  const { url, told } = link;
  const { account } = owner;
  return {
    id,
    kind: 'import',
    reason: owner.reason.code,
    reasonParameters: owner.reason.parameters,
    recordId: told.recordId,
    meetingId: told.meetingId,
    startAt: told.startAt,
    title: told.title,
    origin: told.origin,
    owner: username,
    isHidden: told.isHidden,
    url,
    ...notesOf(facts.owners),
    marks: [...owner.warnings, ...newcomerMarks(owner), ...ownerMarks(owner, facts.owners), ...link.marks],
    write: {
      actionId: id,
      owner:
        'create' in account
          ? { create: newPodUser(account.create, siteOf(facts), policy) }
          : { userId: account.userId },
      recordId: recording.recordId,
      row: { name: facts.title, startAt: recording.startAt, sourceUrl: url, siteId: siteOf(facts) },
      ...(takeOver === null ? {} : { takeOver }),
    },
  };
}

/**
 * The account as Pod will have it. Pod 4.2 and later serve students' encodings last
 * (pod/video_encode_transcript/task_queue.py), so whoever teaches is no student; `faculty` is one of the affiliations
 * that Pod's AFFILIATION_STAFF names by default (pod/authentication/models.py 3.5.1 to 4.1.0).
 */
function newPodUser(person: NewPerson, siteId: number, { newUsers }: MigratePolicy): NewPodUser {
  const { username, firstName, lastName, email, isStaff, teaches } = person;
  const { authType, establishment } = newUsers;
  const affiliation = newUsers.affiliation ?? (teaches ? 'faculty' : 'student');
  return { username, firstName, lastName, email, isStaff, authType, affiliation, establishment, siteId };
}

/** National links are written without their query: it holds a token of minutes, or misleads Pod. */
export const storableUrl = (url: string): string =>
  isNationalUrl(url) ? withoutQuery(url) : withFinalSlash(url);

const mark = (code: Code): Reason => ({ code, parameters: {} });

const newcomerMarks = ({ account }: ResolvedOwner): Reason[] =>
  'create' in account && !account.create.isStaff ? [mark('mark-owner-not-staff')] : [];

/** Owners who were not told by the recording's own meeting. */
function ownerMarks(owner: ResolvedOwner, { kind, notes }: OwnerDecision): Reason[] {
  const marks: Reason[] = [];
  if (kind !== 'owners') return marks;
  if (owner.reason.code === 'owner-moodle-course') marks.push(mark('mark-by-course'));
  if (notes.some(({ code }) => code === 'note-breakout-of')) marks.push(mark('mark-breakout'));
  return marks;
}

/** What keeps Pod from importing such a URL later (docs/domain/pod.md, "What a link makes Pod do"). */
function urlMarks({ playback, importRefusal }: RecordingFacts, url: string, policy: MigratePolicy): Reason[] {
  const marks: Reason[] = importRefusal === undefined ? [] : [importRefusal];
  if ('url' in playback && playback.is20Link && policy.podMisreads20Links) marks.push(mark('mark-link-20'));
  marks.push(...limitMarks(playback, url, policy));
  if (url.includes('/m/')) marks.push(mark('mark-mediacad'));
  if (isNationalUrl(url)) marks.push(mark('mark-national-use-meeting'));
  return marks;
}

/** Pod asks for the size of a video that is not of the national server. */
function limitMarks(
  playback: RecordingFacts['playback'],
  url: string,
  { importLimits: limits }: MigratePolicy,
): Reason[] {
  if (limits === undefined || 'none' in playback) return [];
  if (playback.kind === 'presentation') return limits.noPlug ? [mark('mark-no-plug')] : [];
  const { sizeBytes } = playback;
  if (limits.maxBytes === null || sizeBytes === null || sizeBytes <= limits.maxBytes || isNationalUrl(url))
    return [];
  const parameters = { size: renderBytes(sizeBytes), limit: limits.maxBytes / 2 ** 30 };
  return [{ code: 'mark-too-large', parameters }];
}
