import type { Recording } from '../bbb/recording.js';
import { reason, type Candidate, type CandidateRule, type Reason } from './decision.js';
import { originOf, podMeetingNumber } from './meeting-id.js';
import type { PodMeeting, PodSessionCreator } from './pod-facts.js';
import type { OwnerPolicy } from './policy.js';

export interface PodMeetingAnswer {
  readonly rule: CandidateRule | null;
  readonly notes: readonly Reason[];
  /** Meetings the recording may be of, proven or not: where the session log is looked up. */
  readonly possible: readonly PodMeeting[];
}

/**
 * Owners by Pod's own meetings: exact meetingID, or the number that survives a rename. Development and production
 * Pods, or several universities, share one BBB and each has its `0042-…`: a match counts only when the recording's
 * metadata names one of this Pod's sites; without metadata an exact match needs a server of our own, and a number
 * alone also a session that is later than the meeting.
 */
export function ownersByPodMeeting(
  recording: Recording,
  meetings: readonly PodMeeting[],
  policy: OwnerPolicy,
): PodMeetingAnswer {
  const origin = originOf(recording);
  if (origin === 'moodle' || origin === 'greenlight') return { rule: null, notes: [], possible: [] };
  const exact = meetings.filter((meeting) => meeting.meetingId === recording.meetingId);
  const number = podMeetingNumber(recording.meetingId);
  const renamed = exact.length > 0 ? [] : meetings.filter((meeting) => meeting.id === number);
  const possible = exact.length > 0 ? exact : renamed;
  if (possible.length === 0) return { rule: null, notes: [], possible };
  const host = callbackHost(recording);
  if (host !== null && !policy.podHosts.includes(host))
    return { rule: null, notes: [reason('note-meeting-of-another-application', { host })], possible: [] };
  const proven = host === null ? provenWithoutMetadata(recording, exact, renamed, policy) : possible;
  const chosen = chooseSite(proven, host, policy.siteId);
  if (chosen === null) {
    const notes = possible.map((meeting) =>
      reason('note-possible-pod-owner', {
        meeting: meeting.meetingId,
        owner: meeting.ownerName ?? meeting.ownerId,
        asked: recording.meetingId,
      }),
    );
    return { rule: null, notes, possible };
  }
  const code = exact.length > 0 ? 'owner-pod-meeting' : 'owner-pod-meeting-renamed';
  const parameters = { meeting: chosen.meetingId, site: chosen.siteDomain };
  const candidates: Candidate[] = [chosen.ownerId, ...chosen.additionalOwnerIds].map((value, i) => ({
    person: { from: 'pod', by: 'id', value },
    reason: reason(i === 0 ? code : 'owner-pod-meeting-additional', parameters),
  }));
  // Pod lists a user's external videos per site, and its own script wrote the meeting's (migrate_bbb_recordings.py 3.5.1).
  const site = policy.siteIsNamed === true ? {} : { siteId: chosen.siteId };
  return { rule: { candidates, ...site }, notes: [], possible };
}

const CALLBACKS = ['endcallbackurl', 'bbb-recording-ready-url', 'bn-recording-ready-url'];

/** Host that the application told BBB to call back: whose meeting it is. Null when it told none. */
export function callbackHost(recording: Pick<Recording, 'metadata'>): string | null {
  for (const key of CALLBACKS) {
    const value = recording.metadata[key];
    if (value !== undefined && URL.canParse(value)) return new URL(value).hostname.toLowerCase();
  }
  return null;
}

function provenWithoutMetadata(
  recording: Recording,
  exact: readonly PodMeeting[],
  renamed: readonly PodMeeting[],
  policy: OwnerPolicy,
): readonly PodMeeting[] {
  if (policy.sharedServer) return [];
  if (exact.length > 0) return exact;
  return renamed.filter((meeting) => meeting.createdAt !== null && recording.startAt >= meeting.createdAt);
}

/** meeting_id is unique per site only: the site that BBB calls back, else the one that receives. */
function chooseSite(meetings: readonly PodMeeting[], host: string | null, siteId: number): PodMeeting | null {
  const ofHost = meetings.filter((meeting) => host !== null && hostOf(meeting.siteDomain) === host);
  const pool = ofHost.length > 0 ? ofHost : meetings;
  if (pool.length === 1) return pool[0] ?? null;
  const ofSite = pool.filter((meeting) => meeting.siteId === siteId);
  return ofSite.length === 1 ? (ofSite[0] ?? null) : null;
}

/** Django's site domain may carry a port. */
const hostOf = (domain: string): string => domain.toLowerCase().replace(/:\d+$/, '');

/** Owner by Pod's session log: whoever opened the one session that began when the recording did. */
export function ownerBySessionLog(
  recording: Recording,
  possible: readonly PodMeeting[],
  sessions: readonly PodSessionCreator[],
  toleranceMs: number,
): { rule: CandidateRule | null; notes: readonly Reason[] } {
  const pks = new Set(possible.map((meeting) => meeting.id));
  const creators = new Set<number>();
  for (const { meetingPk, createdAt, creatorId } of sessions) {
    if (creatorId === null || !pks.has(meetingPk)) continue;
    if (Math.abs(createdAt - recording.startAt) <= toleranceMs) creators.add(creatorId);
  }
  const [userId] = creators;
  if (userId === undefined) return { rule: null, notes: [] };
  if (creators.size > 1)
    return { rule: null, notes: [reason('note-session-log-ambiguous', { count: creators.size })] };
  const candidates: Candidate[] = [
    { person: { from: 'pod', by: 'id', value: userId }, reason: reason('owner-session-log') },
  ];
  return { rule: { candidates }, notes: [] };
}
