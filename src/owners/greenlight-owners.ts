import type { Recording } from '../bbb/recording.js';
import { reason, type Candidate, type CandidateRule, type FoundRoom, type Reason } from './decision.js';
import type { GreenlightRoom, GreenlightUser, GreenlightPerson } from './greenlight-facts.js';
import { greenlightLogins } from './greenlight-logins.js';
import type { GreenlightIndex } from './greenlight-index.js';
import { emailKey } from './map-user.js';
import { tomlKey } from '../kit/config/toml-key.js';

export interface GreenlightAnswer {
  /** The room's owner, with or before those who share it. */
  readonly rules: readonly CandidateRule[];
  readonly notes: readonly Reason[];
  /** Why nobody: no room, or rooms of several people. */
  readonly otherwise: Reason;
  /** The reason that names the room, should nobody it leads to have an account. */
  readonly noAccount: Reason | null;
  readonly room: FoundRoom | null;
}

/** How a recording led to a room, strongest first. */
const WAYS = ['meeting', 'hash', 'recording'] as const;
type Way = (typeof WAYS)[number];

interface Hit {
  readonly index: GreenlightIndex;
  readonly room: GreenlightRoom;
  readonly owner: GreenlightUser | null;
}

/**
 * Owners of a recording by the Greenlight room it was made in. A meetingID is a room's for life; Greenlight 2 may hold
 * it twice (rooms.bbb_id is not unique), and a 2 beside the 3 that took its rooms over holds them as well: rooms of one
 * person are one, rooms of several people are nobody's. Pure.
 */
export function ownersByGreenlight(
  recording: Recording,
  sites: readonly GreenlightIndex[],
): GreenlightAnswer {
  const { way, hits: all } = findRooms(recording, sites);
  const hits = all.filter(({ index, owner }) => isOfTenant(index, owner));
  const [first] = hits;
  if (first === undefined) return withoutRoom(recording, all);
  const people = new Set(hits.map(personKey));
  if (people.size > 1) return doubled(recording, hits);
  const room: FoundRoom = {
    name: first.room.name,
    owner: first.owner === null ? '' : shownUser(first.owner),
  };
  const notes = first.owner === null ? [] : unusable(first.owner, room.name);
  const owner =
    first.owner !== null && notes.length === 0 ? [candidateOf(first, first.owner, ownerCode(way))] : [];
  const shared = hits.flatMap((hit) =>
    sharersOf(hit).map((user) => candidateOf(hit, user, 'owner-greenlight-shared')),
  );
  const rules = first.index.options.shared === 'owners' ? [[...owner, ...shared]] : [owner, shared];
  const unresolved = reason('unresolved-greenlight-owner', { room: room.name, owner: room.owner || '-' });
  return {
    rules: rules.filter((list) => list.length > 0).map((candidates) => ({ candidates })),
    notes,
    otherwise: unresolved,
    noAccount: unresolved,
    room,
  };
}

const ownerCode = (way: Way) =>
  way === 'recording' ? ('owner-greenlight-recording' as const) : ('owner-greenlight-room' as const);

function findRooms(recording: Recording, sites: readonly GreenlightIndex[]): { way: Way; hits: Hit[] } {
  for (const way of WAYS) {
    const hits = sites.flatMap((index) =>
      roomsBy(way, recording, index).map((room) => ({
        index,
        room,
        owner: index.users.get(room.ownerId) ?? null,
      })),
    );
    if (hits.length > 0) return { way, hits };
  }
  return { way: 'meeting', hits: [] };
}

function roomsBy(
  way: Way,
  { meetingId, recordId }: Recording,
  index: GreenlightIndex,
): readonly GreenlightRoom[] {
  if (way === 'meeting') {
    const exact = index.roomsByMeetingId.get(meetingId);
    return exact ?? index.roomsByMeetingId.get(withoutSuffix(meetingId)) ?? [];
  }
  const ids = (way === 'hash' ? index.roomIdsByHash : index.roomIdsByRecording).get(recordId) ?? [];
  return ids.flatMap((id) => index.roomsById.get(id) ?? []);
}

/** Some servers append to a meetingID; Greenlight 3 cuts what ends with `_` at the first one (external_controller.rb 3.x). */
export const withoutSuffix = (meetingId: string): string => meetingId.replace(/_.*$/s, '');

const isOfTenant = ({ tenant }: GreenlightIndex, owner: GreenlightUser | null): boolean =>
  tenant === null || owner === null || owner.provider === tenant;

const personKey = ({ index, room, owner }: Hit): string =>
  owner === null || owner.email.trim() === ''
    ? `${index.options.section} ${room.ownerId}`
    : emailKey(owner.email);

const shownUser = ({ name, email }: GreenlightUser): string => (email === '' ? name : email);

function withoutRoom({ meetingId }: Recording, ofOthers: readonly Hit[]): GreenlightAnswer {
  const [other] = ofOthers;
  const otherwise =
    other === undefined
      ? reason('unresolved-greenlight-room', { meeting: meetingId })
      : reason('unresolved-greenlight-tenant', {
          room: other.room.name,
          tenant: other.owner?.provider ?? '',
          section: tomlKey(other.index.options.section),
        });
  return { rules: [], notes: [], otherwise, noAccount: null, room: null };
}

function doubled({ meetingId }: Recording, hits: readonly Hit[]): GreenlightAnswer {
  const names = hits.map(({ room, owner }) => `${room.name} (${owner === null ? '-' : shownUser(owner)})`);
  return {
    rules: [],
    notes: [],
    otherwise: reason('unresolved-greenlight-doubled', {
      meeting: meetingId,
      count: hits.length,
      rooms: names.join(', '),
    }),
    noAccount: null,
    room: { name: hits.map(({ room }) => room.name).join(', '), owner: '' },
  };
}

/** Why the owner's account in Greenlight does not count; nothing when it does. */
function unusable(owner: GreenlightUser, room: string): Reason[] {
  const parameters = { user: shownUser(owner), room };
  if (owner.status === 'deleted') return [reason('note-greenlight-owner-deleted', parameters)];
  if (owner.status === 'banned') return [reason('note-greenlight-owner-banned', parameters)];
  return owner.status === 'pending' ? [reason('note-greenlight-owner-pending', parameters)] : [];
}

/** People with shared access: active, of the tenant, not the owner. */
const sharersOf = ({ index, room }: Hit): GreenlightUser[] =>
  (index.sharesByRoom.get(room.id) ?? [])
    .flatMap((id) => index.users.get(id) ?? [])
    .filter((user) => user.status === 'active' && user.id !== room.ownerId && isOfTenant(index, user));

const candidateOf = (
  { index, room }: Hit,
  user: GreenlightUser,
  code: 'owner-greenlight-room' | 'owner-greenlight-recording' | 'owner-greenlight-shared',
): Candidate => ({
  person: { from: 'greenlight', person: greenlightPerson(user, index) },
  reason: reason(code, { room: room.name }),
});

/** A row of Greenlight as a person: rows with the same address are one (a new external id leaves the old row behind). */
export function greenlightPerson(user: GreenlightUser, index: GreenlightIndex): GreenlightPerson {
  const email = user.email.trim();
  const rows = email === '' ? [user] : (index.usersByEmail.get(emailKey(email)) ?? [user]);
  const own = rows.filter(({ provider }) => index.version === 2 || provider === user.provider);
  const at = email.lastIndexOf('@');
  return {
    name: user.name,
    email,
    logins: [...new Set(own.flatMap(greenlightLogins))],
    localPart: index.hasOneDomain && at > 0 ? email.slice(0, at) : null,
    match: index.options.match,
  };
}
