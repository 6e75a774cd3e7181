import { groupBy } from '../kit/groups.js';
import type {
  MoodleActivity,
  MoodleCourse,
  MoodleFacts,
  MoodleRecordingRow,
  MoodleRole,
  MoodleRoleAssignment,
  MoodleUser,
} from './moodle-facts.js';

/** One chunk's Moodle facts by the keys that the rules ask with; built once per chunk. */
export interface MoodleIndex {
  readonly facts: MoodleFacts;
  readonly rows: ReadonlyMap<string, readonly MoodleRecordingRow[]>;
  readonly activities: ReadonlyMap<number, MoodleActivity>;
  readonly bySeed: ReadonlyMap<string, readonly MoodleActivity[]>;
  readonly courses: ReadonlyMap<number, MoodleCourse>;
  readonly users: ReadonlyMap<number, MoodleUser>;
  readonly roles: ReadonlyMap<number, MoodleRole>;
  readonly assignments: ReadonlyMap<number, readonly MoodleRoleAssignment[]>;
  readonly creators: ReadonlyMap<number, number>;
  /** `course/user` to whether the enrolment is active. */
  readonly enrolments: ReadonlyMap<string, boolean>;
  readonly teachers: ReadonlySet<number>;
  /** `group/user` of every membership. */
  readonly groupMembers: ReadonlySet<string>;
  /** `role/context` to its permission of moodle/site:accessallgroups; null when it cannot be read. */
  readonly groupRules: ReadonlyMap<string, number> | null;
}

export function indexMoodleFacts(facts: MoodleFacts): MoodleIndex {
  const enrolments = new Map<string, boolean>();
  for (const { courseId, userId, active } of facts.enrolments) {
    const key = `${courseId}/${userId}`;
    enrolments.set(key, active || enrolments.get(key) === true);
  }
  const creators = new Map<number, number>();
  for (const { activityId, userId } of facts.creators)
    if (!creators.has(activityId)) creators.set(activityId, userId);
  return {
    facts,
    rows: groupBy(facts.recordingRows, (row) => row.recordId),
    activities: new Map(facts.activities.map((activity) => [activity.id, activity])),
    bySeed: groupBy(facts.activities, (activity) => activity.seed),
    courses: new Map(facts.courses.map((course) => [course.id, course])),
    users: new Map(facts.users.map((user) => [user.id, user])),
    roles: new Map(facts.roles.map((role) => [role.id, role])),
    assignments: groupBy(facts.roleAssignments, (assignment) => assignment.contextId),
    creators,
    enrolments,
    teachers: new Set(facts.teacherIds),
    groupMembers: new Set(facts.groupMembers.map(({ groupId, userId }) => `${groupId}/${userId}`)),
    groupRules:
      facts.groupRules === null
        ? null
        : new Map(
            facts.groupRules.map(({ roleId, contextId, permission }) => [
              `${roleId}/${contextId}`,
              permission,
            ]),
          ),
  };
}
