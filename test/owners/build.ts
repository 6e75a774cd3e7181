import type { OwnerDecision } from '../../src/owners/decision.js';
import type { OwnerFacts } from '../../src/owners/find-candidates.js';
import { indexPodUsers } from '../../src/owners/map-user.js';
import type { MoodleActivity, MoodleFacts, MoodleUser } from '../../src/owners/moodle-facts.js';
import { indexMoodleFacts } from '../../src/owners/moodle-index.js';
import { emptyOwnersFile } from '../../src/owners/owners-file.js';
import type { PodMeeting, PodUser } from '../../src/owners/pod-facts.js';
import { defaultOwnerPolicy, type OwnerPolicy } from '../../src/owners/policy.js';
import { resolveOwners } from '../../src/owners/resolve-owners.js';
import type { Recording } from '../../src/bbb/recording.js';

export const SEED = 'a'.repeat(40);
export const START = 1_700_000_000_000;

const aRecording = (over: Partial<Recording> = {}): Recording => ({
  recordId: `rec-${START}`,
  internalMeetingId: over.recordId ?? `rec-${START}`,
  meetingId: `${SEED}-2-1[0]`,
  name: 'Lecture',
  state: 'published',
  startAt: START,
  endAt: null,
  participants: null,
  sizeBytes: null,
  isBreakout: false,
  metadata: { 'bbb-origin': 'Moodle', 'bbb-origin-server-name': 'moodle.example' },
  formats: [],
  server: 'default',
  ...over,
});

export const aUser = (id: number, over: Partial<MoodleUser> = {}): MoodleUser => ({
  id,
  username: `user${id}`,
  email: `user${id}@univ.example`,
  idnumber: '',
  firstName: 'First',
  lastName: 'Last',
  auth: 'cas',
  deleted: false,
  suspended: false,
  confirmed: true,
  mnetHostId: 1,
  ...over,
});

export const anActivity = (
  id: number,
  participants: unknown,
  over: Partial<MoodleActivity> = {},
): MoodleActivity => ({
  id,
  courseId: 2,
  name: `Activity ${id}`,
  courseName: 'Course',
  courseShortName: 'C',
  seed: SEED,
  participants:
    typeof participants === 'string' || participants === null ? participants : JSON.stringify(participants),
  courseModuleId: 100 + id,
  visible: true,
  deletionInProgress: false,
  groupMode: 0,
  contextPath: [1, 11, 33, 1000 + id],
  ...over,
});

/** A rule of participants. */
export const rule = (selectiontype: string, selectionid: string | number, role = 'moderator') => ({
  selectiontype,
  selectionid,
  role,
});

export const someFacts = (over: Partial<MoodleFacts>): MoodleFacts => ({
  recordingRows: [],
  activities: [],
  courses: [],
  roles: [
    { id: 1, shortname: 'manager', archetype: 'manager' },
    { id: 3, shortname: 'editingteacher', archetype: 'editingteacher' },
    { id: 4, shortname: 'teacher', archetype: 'teacher' },
    { id: 5, shortname: 'student', archetype: 'student' },
  ],
  roleAssignments: [],
  users: [],
  creators: [],
  enrolments: [],
  teacherIds: [],
  groupMembers: [],
  groupRules: null,
  moderatorDefault: '0',
  localHostId: 1,
  ...over,
});

export const aRow = (
  activityId: number,
  status: number,
  over: Partial<MoodleFacts['recordingRows'][number]> = {},
) => ({
  id: activityId,
  recordId: `rec-${START}`,
  activityId,
  courseId: 2,
  groupId: 0,
  status,
  imported: false,
  headless: false,
  ...over,
});

export const held = (roleId: number, userId: number, contextId: number, contextLevel: number) => ({
  roleId,
  userId,
  contextId,
  contextLevel,
});

export const podUser = (id: number, username: string, over: Partial<PodUser> = {}): PodUser => ({
  id,
  username,
  email: `${username}@univ.example`,
  isStaff: true,
  isActive: true,
  siteIds: [1],
  ...over,
});

export const podMeeting = (id: number, over: Partial<PodMeeting> = {}): PodMeeting => ({
  id,
  meetingId: `${String(id).padStart(4, '0')}-meeting`,
  name: 'Meeting',
  siteId: 1,
  siteDomain: 'pod.example',
  ownerId: 7,
  additionalOwnerIds: [],
  createdAt: START - 1000,
  ...over,
});

export interface Given {
  recording?: Partial<Recording>;
  moodle?: Partial<MoodleFacts>;
  facts?: Partial<OwnerFacts>;
  podUsers?: PodUser[];
  policy?: Partial<OwnerPolicy>;
}

/** The decision for one recording, everything not given being empty. */
export function decide({ recording, moodle, facts, podUsers = [], policy }: Given): OwnerDecision {
  return resolveOwners(
    aRecording(recording),
    {
      ownersFile: emptyOwnersFile,
      podMeetings: [],
      attendees: [],
      sessions: [],
      moodle: moodle === undefined ? null : indexMoodleFacts(someFacts(moodle)),
      ...facts,
      podUsers: indexPodUsers(podUsers),
    },
    { ...defaultOwnerPolicy, podHosts: ['pod.example'], ...policy },
  );
}

/** Who owns, as text: user names, new ones marked with `+` (`*` when staff). */
export const namesOf = (decision: OwnerDecision): string[] =>
  decision.kind === 'owners'
    ? decision.owners.map(({ account }) =>
        'create' in account
          ? `+${account.create.username}${account.create.isStaff ? '*' : ''}`
          : account.username,
      )
    : [`(${decision.kind} ${decision.reason.code})`];

export const codesOf = (decision: OwnerDecision): string[] => decision.notes.map((note) => note.code);
