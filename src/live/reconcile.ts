import type { ClaimState, EndReason, MeetingFacts, OwnLive, WantedLive } from './live.js';

/** How several servers share the lives: claims (a shared directory or Redis), or id modulo servers. */
export type Sharing = 'alone' | 'claims' | 'modulo';

export interface ReconcileFacts {
  readonly now: number;
  readonly server: number;
  readonly servers: number;
  readonly slots: number;
  readonly sharing: Sharing;
  /** Every row of Pod; null when Pod did not answer whole. */
  readonly wanted: readonly WantedLive[] | null;
  /** Every meeting of BBB by meetingID; null when BBB did not answer SUCCESS. */
  readonly meetings: ReadonlyMap<string, MeetingFacts> | null;
  readonly own: readonly OwnLive[];
  /** Only with `sharing = claims`; null when claims cannot be read: nothing new is then started. */
  readonly claims: ReadonlyMap<string, ClaimState> | null;
  /** Rows that Pod calls started, that nobody keeps, by passes in a row without their meeting. */
  readonly orphanAbsences: ReadonlyMap<string, number>;
}

type WaitReason =
  | 'no-free-slot'
  | 'meeting-not-running'
  | 'bbb-unknown'
  | 'other-server'
  | 'meeting-already-live'
  | 'claims-unknown'
  | 'no-target';

export type LiveAction =
  | {
      readonly kind: 'start';
      readonly live: WantedLive;
      readonly meeting: MeetingFacts;
      readonly slot: number;
    }
  | { readonly kind: 'restart'; readonly id: string }
  | { readonly kind: 'announce'; readonly id: string }
  | { readonly kind: 'stop'; readonly id: string; readonly reason: EndReason }
  | { readonly kind: 'finish'; readonly id: string; readonly reason: EndReason }
  | { readonly kind: 'close'; readonly live: WantedLive }
  | { readonly kind: 'wait'; readonly live: WantedLive; readonly reason: WaitReason };

export interface Reconciliation {
  readonly actions: readonly LiveAction[];
  /** To be remembered until the next pass. */
  readonly counters: ReadonlyMap<string, { readonly absences: number; readonly missing: number }>;
  readonly orphanAbsences: ReadonlyMap<string, number>;
}

/** Negatives in a row, each with SUCCESS, before a meeting counts as ended. An error counts for nothing. */
const CONFIRMED = 2;

/**
 * Decides what one pass does, from what Pod wants, what BBB shows and what is ours. Pure.
 * Unknown is never taken for ended: without an answer of Pod or BBB running lives go on untouched.
 */
export function reconcile(facts: ReconcileFacts): Reconciliation {
  const counters = new Map<string, { absences: number; missing: number }>();
  const actions: LiveAction[] = [];
  for (const live of facts.own) {
    const counted = { absences: countAbsences(live, facts), missing: countMissing(live, facts) };
    counters.set(live.id, counted);
    const action = decideOwn(live, counted, facts);
    if (action !== null) actions.push(action);
  }
  const { actions: newcomers, orphanAbsences } = decideNewcomers(facts);
  return { actions: [...actions, ...newcomers], counters, orphanAbsences };
}

function countAbsences(live: OwnLive, { meetings }: ReconcileFacts): number {
  if (meetings === null) return live.absences;
  const meeting = meetings.get(live.meetingId);
  return meeting === undefined || meeting.createTime !== live.createTime ? live.absences + 1 : 0;
}

function countMissing(live: OwnLive, { wanted }: ReconcileFacts): number {
  if (wanted === null) return live.missing;
  return wanted.some(({ id }) => id === live.id) ? 0 : live.missing + 1;
}

function decideOwn(
  live: OwnLive,
  counted: { absences: number; missing: number },
  facts: ReconcileFacts,
): LiveAction | null {
  const { id } = live;
  const end = whyEnd(live, counted, facts);
  if (live.phase === 'ended' && !live.keeperAlive)
    return { kind: 'finish', id, reason: live.endReason ?? 'meeting-ended' };
  if (end !== null) {
    if (!live.keeperAlive) return { kind: 'finish', id, reason: end };
    return live.stopAsked === null ? { kind: 'stop', id, reason: end } : null;
  }
  if (!live.keeperAlive) {
    // One negative may be the truth: a browser sent into an ended meeting would only be refused.
    return counted.absences === 0 && facts.now >= live.nextStartAt ? { kind: 'restart', id } : null;
  }
  if (live.phase === 'on-air' && !live.announced && facts.wanted !== null) return { kind: 'announce', id };
  return null;
}

function whyEnd(
  live: OwnLive,
  counted: { absences: number; missing: number },
  facts: ReconcileFacts,
): EndReason | null {
  if (live.stopAsked !== null) return live.stopAsked;
  if (facts.claims?.get(live.id) === 'held') return 'claim-lost';
  const row = facts.wanted?.find(({ id }) => id === live.id);
  if (row?.desire === 'stop') return 'pod-stopped';
  if (counted.missing >= CONFIRMED) return 'pod-stopped';
  if (counted.absences >= CONFIRMED) return 'meeting-ended';
  return null;
}

/** Rows of Pod that we do not keep yet: rows Pod calls started first, then the oldest. */
function decideNewcomers(facts: ReconcileFacts): {
  actions: LiveAction[];
  orphanAbsences: Map<string, number>;
} {
  const kept = new Set(facts.own.map(({ id }) => id));
  const busyMeetings = new Set(facts.own.map(({ meetingId }) => meetingId));
  // A live that only waits for its recording to be moved, or for Pod to be told, holds no slot any more.
  const busySlots = new Set(
    facts.own.filter(({ phase, keeperAlive }) => phase !== 'ended' || keeperAlive).map(({ slot }) => slot),
  );
  const actions: LiveAction[] = [];
  const orphanAbsences = new Map<string, number>();
  const candidates = (facts.wanted ?? [])
    .filter((live) => live.desire === 'run' && !kept.has(live.id))
    .sort((a, b) => Number(b.startedInPod) - Number(a.startedInPod) || a.podId - b.podId);
  for (const live of candidates) {
    const action = decideOne(live, facts, busyMeetings, busySlots, orphanAbsences);
    if (action.kind === 'start') {
      busyMeetings.add(live.meetingId);
      busySlots.add(action.slot);
    }
    actions.push(action);
  }
  return { actions, orphanAbsences };
}

function decideOne(
  live: WantedLive,
  facts: ReconcileFacts,
  busyMeetings: ReadonlySet<string>,
  busySlots: ReadonlySet<number>,
  orphanAbsences: Map<string, number>,
): LiveAction {
  const wait = (reason: WaitReason): LiveAction => ({ kind: 'wait', live, reason });
  const share = mayTake(live, facts);
  if (share !== null) return wait(share);
  if (facts.meetings === null) {
    orphanAbsences.set(live.id, facts.orphanAbsences.get(live.id) ?? 0);
    return wait('bbb-unknown');
  }
  const meeting = facts.meetings.get(live.meetingId);
  if (meeting?.running !== true) return absentMeeting(live, meeting === undefined, facts, orphanAbsences);
  if (busyMeetings.has(live.meetingId)) return wait('meeting-already-live');
  const slot = freeSlot(live, facts, busySlots);
  return slot === null ? wait('no-free-slot') : { kind: 'start', live, meeting, slot };
}

/** A row that Pod calls started, kept by nobody, whose meeting is gone: closed once that is confirmed. */
function absentMeeting(
  live: WantedLive,
  gone: boolean,
  facts: ReconcileFacts,
  orphanAbsences: Map<string, number>,
): LiveAction {
  const absences = (facts.orphanAbsences.get(live.id) ?? 0) + 1;
  if (live.startedInPod && gone && absences >= CONFIRMED) return { kind: 'close', live };
  if (gone) orphanAbsences.set(live.id, absences);
  return { kind: 'wait', live, reason: 'meeting-not-running' };
}

/** Null when this server may take the live, else why not. */
function mayTake(live: WantedLive, facts: ReconcileFacts): WaitReason | null {
  const elsewhere = live.startedInPod && live.holder !== null && live.holder.server !== facts.server;
  // A gateway call came to this very server.
  if (facts.sharing === 'alone' || live.origin === 'gateway') return null;
  if (facts.sharing === 'modulo') {
    if (live.holder !== null && live.startedInPod) return elsewhere ? 'other-server' : null;
    return live.podId % facts.servers === facts.server - 1 ? null : 'other-server';
  }
  if (facts.claims === null) return 'claims-unknown';
  const claim = facts.claims.get(live.id) ?? 'free';
  if (claim === 'held') return 'other-server';
  // Its keeper may be about to beat again: only a claim that stays away frees what another server started.
  if (claim === 'free' && elsewhere) return 'other-server';
  return null;
}

function freeSlot(live: WantedLive, facts: ReconcileFacts, busy: ReadonlySet<number>): number | null {
  const own = live.startedInPod && live.holder?.server === facts.server ? live.holder.slot : null;
  if (own !== null && own >= 1 && own <= facts.slots && !busy.has(own)) return own;
  for (let slot = 1; slot <= facts.slots; slot++) if (!busy.has(slot)) return slot;
  return null;
}
