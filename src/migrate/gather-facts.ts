import { reason, type CandidateDecision } from '../owners/decision.js';
import { indexGreenlightFacts, type GreenlightIndex } from '../owners/greenlight-index.js';
import { greenlightSectionsFor } from '../owners/greenlight-section.js';
import { findCandidates, type OwnerFacts } from '../owners/find-candidates.js';
import { indexPodUsers } from '../owners/map-user.js';
import { moodleSectionFor, podMeetingNumber } from '../owners/meeting-id.js';
import { contextCourseOf } from '../owners/moodle-course.js';
import { indexMoodleFacts, type MoodleIndex } from '../owners/moodle-index.js';
import { entryOfRecording, type OwnersFile } from '../owners/owners-file.js';
import type { OwnerPolicy } from '../owners/policy.js';
import { resolveCandidates, wantedEmails, wantedNewNames, wantedPodUsers } from '../owners/resolve-owners.js';
import type { OwnerDecision } from '../owners/decision.js';
import { isRecordId } from '../bbb/record-id.js';
import type { Recording } from '../bbb/recording.js';
import type { MoodleDatabase, MoodleQuestion } from './moodle-port.js';
import type { GreenlightDatabase } from './greenlight-port.js';
import type { PodDatabase } from './pod-port.js';
import { append } from '../kit/groups.js';

/** Where the facts of owners come from. */
export interface OwnerSources {
  readonly pod: PodDatabase;
  /** By section name of the configuration; empty without --use-database-moodle. */
  readonly moodles: ReadonlyMap<string, MoodleDatabase>;
  /** By section name; missing or empty without --use-database-greenlight. */
  readonly greenlights?: ReadonlyMap<string, GreenlightDatabase>;
  readonly ownersFile: OwnersFile;
  /** The policy for one recording: its server, its Moodle section and its Pod site decide. */
  readonly policyFor: (recording: Recording, moodleSection: string | null) => OwnerPolicy;
  readonly ignoredServers: readonly string[];
  /** `[moodle.NAME] aliases`. */
  readonly aliases?: Readonly<Record<string, readonly string[]>>;
  /** `[greenlight.NAME] aliases`. */
  readonly greenlightAliases?: Readonly<Record<string, readonly string[]>>;
  /** One of all that were listed: the meeting that a breakout room belongs to. */
  readonly findRecording?: (recordId: string) => Recording | null;
}

/** Decides the owners of one chunk of recordings, with a constant number of queries per database. */
export async function gatherOwners(
  given: readonly Recording[],
  sources: OwnerSources,
): Promise<Map<string, OwnerDecision>> {
  const recordings = given.map((recording) => standInOf(recording, sources));
  const { pod, ownersFile } = sources;
  const { sectionOf, policyOf } = policiesOf(sources);
  const greenlights = sources.greenlights ?? new Map<string, GreenlightDatabase>();
  const greenlightNamesOf = (recording: Recording): readonly string[] =>
    greenlightSectionsFor(recording, [...greenlights.keys()], sources.greenlightAliases);
  const [facts, moodles, rooms] = await Promise.all([
    gatherPodFacts(recordings, pod),
    askMoodles(recordings, sectionOf, sources.moodles),
    askGreenlights(recordings, greenlightNamesOf, greenlights),
  ]);
  const candidates = new Map<string, CandidateDecision>();
  for (const recording of recordings) {
    const section = sectionOf(recording);
    const own: OwnerFacts = {
      ...facts,
      ownersFile,
      moodle: section === null ? null : (moodles.get(section) ?? null),
      greenlights: greenlightNamesOf(recording).flatMap((name) => rooms.get(name) ?? []),
    };
    candidates.set(recording.recordId, findCandidates(recording, own, policyOf(recording)));
  }
  const [first] = recordings;
  if (first === undefined) return new Map();
  const wanted = wantedPodUsers([...candidates.values()], ownersFile, policyOf(first));
  const users = (
    await Promise.all([
      pod.findUsersById(wanted.ids),
      pod.findUsersByUsername(wanted.usernames),
      pod.findUsersByEmail(wanted.emails),
    ])
  ).flat();
  const named = indexPodUsers(users);
  const emails = wantedEmails([...candidates.values()], named, policyOf(first));
  const newNames = wantedNewNames([...candidates.values()], named, policyOf(first));
  const [holders, alike] = await Promise.all([pod.findUsersByEmail(emails), pod.findNamesTakenFor(newNames)]);
  const podUsers = indexPodUsers([...users, ...holders], alike);
  const decisions = new Map<string, OwnerDecision>();
  for (const recording of recordings) {
    const decision = candidates.get(recording.recordId);
    if (decision !== undefined)
      decisions.set(
        recording.recordId,
        resolveCandidates(decision, podUsers, ownersFile, policyOf(recording)),
      );
  }
  return new Map(
    given
      .map((recording, i): [string, OwnerDecision | undefined] => {
        const asked = recordings[i] ?? recording;
        const decision = decisions.get(asked.recordId);
        const isOwn = asked === recording || decision === undefined;
        const note = reason('note-breakout-of', { parent: asked.recordId });
        return [recording.recordId, isOwn ? decision : { ...decision, notes: [note, ...decision.notes] }];
      })
      .filter((entry): entry is [string, OwnerDecision] => entry[1] !== undefined),
  );
}

interface Policies {
  readonly sectionOf: (recording: Recording) => string | null;
  readonly policyOf: (recording: Recording) => OwnerPolicy;
}

/** Both are asked for several times of each recording of a chunk, and worked out once. */
function policiesOf({ moodles, ignoredServers, aliases, policyFor }: OwnerSources): Policies {
  const names = [...moodles.keys()];
  const sections = new Map<Recording, string | null>();
  const policies = new Map<Recording, OwnerPolicy>();
  const sectionOf = (recording: Recording): string | null => {
    let section = sections.get(recording);
    if (section === undefined) {
      section = moodleSectionFor(recording, names, ignoredServers, aliases);
      sections.set(recording, section);
    }
    return section;
  };
  const policyOf = (recording: Recording): OwnerPolicy => {
    let policy = policies.get(recording);
    if (policy === undefined) {
      policy = policyFor(recording, sectionOf(recording));
      policies.set(recording, policy);
    }
    return policy;
  };
  return { sectionOf, policyOf };
}

/** A breakout room is its parent's meeting's, unless the owners file names it itself. */
function standInOf(recording: Recording, { findRecording, ownersFile }: OwnerSources): Recording {
  const { isBreakout, parentId } = recording;
  if (!isBreakout || parentId === undefined || entryOfRecording(recording, ownersFile) !== undefined)
    return recording;
  const listed = findRecording?.(parentId);
  if (listed != null) return listed;
  // Moodle's row of a parent that was not recorded, or was deleted since, tells its owners all the same.
  return isRecordId(parentId)
    ? { ...recording, recordId: parentId, internalMeetingId: parentId, meetingId: '' }
    : recording;
}

async function gatherPodFacts(
  recordings: readonly Recording[],
  pod: PodDatabase,
): Promise<Pick<OwnerFacts, 'podMeetings' | 'attendees' | 'sessions'>> {
  const internalIds = recordings.map(({ internalMeetingId }) => internalMeetingId);
  const [podMeetings, attendees] = await Promise.all([
    pod.findMeetings(
      recordings.map(({ meetingId }) => meetingId).filter((id) => podMeetingNumber(id) !== null),
    ),
    pod.findAttendeeModerators(internalIds),
  ]);
  const sessions = await pod.findSessionCreators(podMeetings.map(({ id }) => id));
  return { podMeetings, attendees, sessions };
}

const questionOf = (recording: Recording): MoodleQuestion => ({
  recordId: recording.recordId,
  meetingId: recording.meetingId,
  courseId: contextCourseOf(recording),
});

async function askMoodles(
  recordings: readonly Recording[],
  sectionOf: (recording: Recording) => string | null,
  moodles: OwnerSources['moodles'],
): Promise<Map<string, MoodleIndex>> {
  const bySection = new Map<string, Recording[]>();
  for (const recording of recordings) {
    const section = sectionOf(recording);
    if (section !== null) append(bySection, section, recording);
  }
  const answers = await Promise.all(
    [...bySection].map(async ([section, asked]): Promise<[string, MoodleIndex] | null> => {
      const moodle = moodles.get(section);
      return moodle === undefined
        ? null
        : [section, indexMoodleFacts(await moodle.gatherFacts(asked.map(questionOf)))];
    }),
  );
  return new Map(answers.filter((answer) => answer !== null));
}

async function askGreenlights(
  recordings: readonly Recording[],
  namesOf: (recording: Recording) => readonly string[],
  greenlights: ReadonlyMap<string, GreenlightDatabase>,
): Promise<Map<string, GreenlightIndex>> {
  const answers = await Promise.all(
    [...greenlights].map(async ([name, greenlight]): Promise<[string, GreenlightIndex] | null> => {
      const asked = recordings.filter((recording) => namesOf(recording).includes(name));
      if (asked.length === 0) return null;
      return [name, indexGreenlightFacts(await greenlight.gatherFacts(asked), greenlight.options)];
    }),
  );
  return new Map(answers.filter((answer) => answer !== null));
}
