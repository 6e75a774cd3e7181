import { normaliseHost, originServerOf } from '../bbb/origin-server.js';
import type { Recording } from '../bbb/recording.js';
import { reason, type CandidateDecision, type CandidateRule, type Reason } from './decision.js';
import { originOf } from './meeting-id.js';
import type { GreenlightIndex } from './greenlight-index.js';
import { ownersByGreenlight, type GreenlightAnswer } from './greenlight-owners.js';
import type { MoodleActivity } from './moodle-facts.js';
import { ownersByCourse } from './moodle-course.js';
import { groupOfRecording } from './moodle-groups.js';
import type { MoodleIndex } from './moodle-index.js';
import { matchMoodleActivities } from './moodle-match.js';
import { ownersByMoodle } from './moodle-moderators.js';
import { entryOfRecording, type OwnersFile } from './owners-file.js';
import type { PodAttendeeModerators, PodMeeting, PodSessionCreator } from './pod-facts.js';
import { ownerBySessionLog, ownersByPodMeeting } from './pod-meetings.js';
import type { OwnerPolicy } from './policy.js';

/** Facts of one chunk that the rules read. */
export interface OwnerFacts {
  readonly ownersFile: OwnersFile;
  readonly podMeetings: readonly PodMeeting[];
  /** Of the Moodle that answers for the recording (`moodleSectionFor`); null without look-up. */
  readonly moodle: MoodleIndex | null;
  /** Of the Greenlights that may know the recording (`greenlightSectionsFor`); missing without look-up. */
  readonly greenlights?: readonly GreenlightIndex[];
  readonly attendees: readonly PodAttendeeModerators[];
  readonly sessions: readonly PodSessionCreator[];
}

interface MoodleAnswer {
  readonly rules: readonly CandidateRule[];
  readonly notes: readonly Reason[];
  readonly activities: readonly MoodleActivity[];
  readonly deleted: boolean;
}

/**
 * Asks every rule in order: owners file, Pod meeting, Moodle, Greenlight, bbb_attendee, session log, the teachers of a
 * deleted activity's course. Pure.
 */
export function findCandidates(
  recording: Recording,
  facts: OwnerFacts,
  policy: OwnerPolicy,
): CandidateDecision {
  const file = byOwnersFile(recording, facts.ownersFile);
  const meeting = ownersByPodMeeting(recording, facts.podMeetings, policy);
  const moodle = byMoodle(recording, facts.moodle, policy);
  const greenlight = byGreenlight(recording, facts.greenlights);
  const attendee = byAttendees(recording, facts.attendees);
  const session = ownerBySessionLog(recording, meeting.possible, facts.sessions, policy.sessionToleranceMs);
  const course = byCourse(recording, facts.moodle, moodle, policy);
  const rules = [
    file,
    meeting.rule,
    ...moodle.rules,
    ...(greenlight?.rules ?? []),
    attendee,
    session.rule,
    course.rule,
  ].filter((rule) => rule !== null);
  const { noAccount, room } = greenlight ?? { noAccount: null, room: null };
  const skip = moodle.deleted && file === null ? reason('skip-deleted-in-moodle') : null;
  return {
    rules,
    skip,
    otherwise: whyNobody(recording, facts.moodle, moodle, greenlight, policy),
    notes: [
      ...meeting.notes,
      ...moodle.notes,
      ...(greenlight?.notes ?? []),
      ...session.notes,
      ...course.notes,
    ],
    activities: moodle.activities,
    ...(noAccount === null ? {} : { noAccount }),
    ...(room === null ? {} : { room }),
  };
}

function byOwnersFile(recording: Recording, file: OwnersFile): CandidateRule | null {
  const entry = entryOfRecording(recording, file);
  if (entry === undefined) return null;
  const why = reason('owner-file', { line: entry.line });
  return {
    candidates: entry.usernames.map((username) => ({
      person: { from: 'pod', by: 'username', value: username },
      reason: why,
    })),
  };
}

function byMoodle(recording: Recording, index: MoodleIndex | null, policy: OwnerPolicy): MoodleAnswer {
  if (index === null || originOf(recording) !== 'moodle')
    return { rules: [], notes: [], activities: [], deleted: false };
  const match = matchMoodleActivities(recording, index);
  if (match.activities.length === 0)
    return { rules: [], notes: match.notes, activities: [], deleted: match.deleted };
  const { rules, notes } = ownersByMoodle(match.activities, index, policy, ({ id }) =>
    groupOfRecording(recording, id, index),
  );
  return { rules, notes: [...match.notes, ...notes], activities: match.activities, deleted: false };
}

/** Only where Moodle made it and none of its activities holds it any more. */
function byCourse(
  recording: Recording,
  index: MoodleIndex | null,
  moodle: MoodleAnswer,
  policy: OwnerPolicy,
): ReturnType<typeof ownersByCourse> {
  const isLost =
    index !== null && originOf(recording) === 'moodle' && moodle.activities.length === 0 && !moodle.deleted;
  return isLost ? ownersByCourse(recording, index, policy) : { rule: null, notes: [] };
}

/** Null where no Greenlight was asked, and where none knows a recording whose origin is lost. */
function byGreenlight(
  recording: Recording,
  sites: readonly GreenlightIndex[] | undefined,
): GreenlightAnswer | null {
  if (sites === undefined || sites.length === 0) return null;
  const answer = ownersByGreenlight(recording, sites);
  return answer.room === null && originOf(recording) !== 'greenlight' ? null : answer;
}

function byAttendees(
  recording: Recording,
  attendees: readonly PodAttendeeModerators[],
): CandidateRule | null {
  const ids = new Set(
    attendees
      .filter(({ internalMeetingId }) => internalMeetingId === recording.internalMeetingId)
      .flatMap(({ userIds }) => userIds),
  );
  if (ids.size === 0) return null;
  const why = reason('owner-attendee');
  return {
    candidates: [...ids].map((value) => ({ person: { from: 'pod', by: 'id', value }, reason: why })),
  };
}

function whyNobody(
  recording: Recording,
  index: MoodleIndex | null,
  moodle: MoodleAnswer,
  greenlight: GreenlightAnswer | null,
  policy: OwnerPolicy,
): Reason {
  const origin = originOf(recording);
  const server = originServerOf(recording);
  const meeting = recording.meetingId || recording.recordId;
  if (greenlight !== null) return greenlight.otherwise;
  if (origin === 'greenlight') return reason('unresolved-greenlight', { server: server || '-' });
  if (origin !== 'moodle') return reason('unresolved-origin', { meeting });
  if (server !== '' && policy.ignoredServers.some((ignored) => normaliseHost(ignored) === server))
    return reason('unresolved-ignored-server', { server });
  if (index === null)
    return server === '' ? reason('unresolved-no-server') : reason('unresolved-no-moodle', { server });
  const code = moodle.activities.length === 0 ? 'unresolved-no-activity' : 'unresolved-no-moderator';
  return reason(code, { meeting });
}
