import { reason, type Candidate, type CandidateRule, type Reason } from './decision.js';
import {
  isEditingTeacherRole,
  type MoodleActivity,
  type MoodleCourse,
  type MoodleRoleAssignment,
  type MoodleUser,
} from './moodle-facts.js';
import { seesGroup } from './moodle-groups.js';
import type { MoodleIndex } from './moodle-index.js';
import { readModeratorRules } from './moodle-participants.js';
import type { OwnerPolicy } from './policy.js';

const COURSE_LEVEL = 50;
const MODULE_LEVEL = 70;

export interface ModeratorAnswer {
  /** Moderators, else the creator, else the course's teachers: strongest first, only those that name somebody. */
  readonly rules: readonly CandidateRule[];
  readonly notes: readonly Reason[];
}

/**
 * Owners of a recording by the activities that hold it: the union of their moderators. Where the rules name nobody,
 * or everybody, the creator stands in, then the teachers who may edit the course.
 */
export function ownersByMoodle(
  activities: readonly MoodleActivity[],
  index: MoodleIndex,
  policy: OwnerPolicy,
  /** The group of this recording in an activity; 0 without. */
  groupOf: (activity: Pick<MoodleActivity, 'id'>) => number,
): ModeratorAnswer {
  const groupIn = ({ id }: Place): number => (id === undefined ? 0 : groupOf({ id }));
  const gathering = new Gathering(index, policy, groupIn);
  const moderators = activities.flatMap((activity) => moderatorsOf(activity, gathering));
  const standIns = new Gathering(index, policy, groupIn);
  const creators = activities.flatMap((activity) => creatorOf(activity, standIns));
  const teachers = activities.flatMap((activity) => teachersOf(activity, standIns));
  const rules = [moderators, creators, teachers].map(oncePerPerson).filter((list) => list.length > 0);
  // Whom the fall-backs leave out matters only where they are needed.
  const notes = [...gathering.notes, ...(moderators.length > 0 ? [] : standIns.notes)];
  return { rules: rules.map((candidates) => ({ candidates })), notes };
}

/** Checks people and remembers whom it left out, once each. */
class Gathering {
  readonly index: MoodleIndex;
  readonly policy: OwnerPolicy;
  readonly #groupOf: (place: Place) => number;
  readonly #leftOut = new Map<string, Reason>();
  readonly #marks: Reason[] = [];

  constructor(index: MoodleIndex, policy: OwnerPolicy, groupOf: (place: Place) => number) {
    this.index = index;
    this.policy = policy;
    this.#groupOf = groupOf;
  }

  get notes(): Reason[] {
    return [...this.#marks, ...this.#leftOut.values()];
  }

  mark(note: Reason): void {
    this.#marks.push(note);
  }

  admit(userId: number, activity: Place, why: Reason): Candidate[] {
    const user = this.index.users.get(userId);
    const refusal = this.#refusal(user, userId, activity);
    if (refusal !== null) {
      this.#leftOut.set(`${refusal.code} ${userId}`, refusal);
      return [];
    }
    if (user === undefined) return [];
    return [{ person: { from: 'moodle', user, teaches: this.index.teachers.has(userId) }, reason: why }];
  }

  #refusal(user: MoodleUser | undefined, userId: number, activity: Place): Reason | null {
    if (user === undefined) return reason('note-moodle-user-unknown', { user: userId });
    const code = accountRefusal(user, this.index.facts.localHostId, this.policy.keepSuspended);
    if (code !== null) return reason(code, { user: user.username });
    if (this.policy.requireEnrolment && this.index.enrolments.get(`${activity.courseId}/${userId}`) !== true)
      return reason('note-moodle-user-not-enrolled', { user: user.username });
    const group = this.#groupOf(activity);
    if (this.policy.groupTeachers === 'own' && !seesGroup(userId, group, activity, this.index))
      return reason('note-moodle-user-other-group', { user: user.username, group });
    return null;
  }
}

/** Why an account can own nothing, or null when it can. */
function accountRefusal(user: MoodleUser, localHostId: number, keepSuspended: boolean) {
  if (user.deleted) return 'note-moodle-user-deleted';
  if (user.id === 1 || user.username === 'guest') return 'note-moodle-user-guest';
  if (user.mnetHostId !== localHostId) return 'note-moodle-user-foreign';
  if (!user.confirmed) return 'note-moodle-user-unconfirmed';
  if (!keepSuspended && user.suspended) return 'note-moodle-user-suspended';
  if (!keepSuspended && user.auth === 'nologin') return 'note-moodle-user-nologin';
  return null;
}

/** A living person's account, whatever the policy keeps: only such accounts are ever created in Pod. */
export const isRealPerson = (user: MoodleUser): boolean =>
  accountRefusal(user, user.mnetHostId, false) === null;

function moderatorsOf(activity: MoodleActivity, gathering: Gathering): Candidate[] {
  const { index, policy } = gathering;
  const rules = readModeratorRules(activity.participants, index.facts.moderatorDefault, index.facts.roles);
  if (rules.everyone) {
    gathering.mark(reason('note-everyone-moderator', { activity: activity.id }));
    return [];
  }
  if (rules.isDefault) gathering.mark(reason('note-default-rule', { activity: activity.id }));
  const parameters = { activity: activity.id };
  const named = rules.userIds.flatMap((userId) =>
    gathering.admit(userId, activity, reason('owner-moodle-user', parameters)),
  );
  const byRole = assignmentsOf(activity, index)
    .filter(({ roleId, contextLevel }) => rules.roleIds.includes(roleId) && inScope(contextLevel, policy))
    .flatMap((held) => gathering.admit(held.userId, activity, roleReason(held, activity, index)));
  return [...named, ...byRole, ...(rules.creator ? enrolledCreator(activity, gathering) : [])];
}

/** The site's default makes the creator moderator only while enrolled in the course, actively or not. */
function enrolledCreator(activity: MoodleActivity, gathering: Gathering): Candidate[] {
  const userId = gathering.index.creators.get(activity.id);
  if (userId === undefined || !gathering.index.enrolments.has(`${activity.courseId}/${userId}`)) return [];
  return gathering.admit(userId, activity, reason('owner-moodle-default-creator', { activity: activity.id }));
}

function creatorOf(activity: MoodleActivity, gathering: Gathering): Candidate[] {
  const userId = gathering.index.creators.get(activity.id);
  if (userId === undefined) return [];
  return gathering.admit(userId, activity, reason('owner-moodle-creator', { activity: activity.id }));
}

const teachersOf = (activity: MoodleActivity, gathering: Gathering): Candidate[] =>
  teachersIn(activity, gathering, reason('owner-moodle-teacher', { course: activity.courseId }));

/** What the rules on people read of an activity, or of a course. */
type Place = Pick<MoodleActivity, 'courseId' | 'groupMode' | 'contextPath'> & { readonly id?: number };

function teachersIn(activity: Place, gathering: Gathering, why: Reason): Candidate[] {
  const { index } = gathering;
  return assignmentsOf(activity, index)
    .filter(({ roleId, contextLevel }) => {
      const role = index.roles.get(roleId);
      return contextLevel >= COURSE_LEVEL && role !== undefined && isEditingTeacherRole(role);
    })
    .flatMap(({ userId }) => gathering.admit(userId, activity, why));
}

/** Who may edit a course whose activity was deleted; their group is not asked for, it went with the activity. */
export function courseTeachers(
  course: MoodleCourse,
  index: MoodleIndex,
  policy: OwnerPolicy,
): { readonly candidates: readonly Candidate[]; readonly notes: readonly Reason[] } {
  const gathering = new Gathering(index, policy, () => 0);
  const place = { courseId: course.id, groupMode: 0, contextPath: course.contextPath };
  const why = reason('owner-moodle-course', { course: course.id });
  const candidates = oncePerPerson(teachersIn(place, gathering, why));
  return { candidates, notes: gathering.notes };
}

const assignmentsOf = (activity: Place, index: MoodleIndex): MoodleRoleAssignment[] =>
  activity.contextPath.flatMap((contextId) => index.assignments.get(contextId) ?? []);

const inScope = (contextLevel: number, policy: OwnerPolicy): boolean =>
  policy.moderatorScope === 'moodle' || contextLevel >= COURSE_LEVEL;

const LEVELS: Readonly<Record<number, string>> = {
  10: 'site',
  40: 'category',
  [COURSE_LEVEL]: 'course',
  [MODULE_LEVEL]: 'activity',
};

const roleReason = (held: MoodleRoleAssignment, activity: MoodleActivity, index: MoodleIndex): Reason =>
  reason('owner-moodle-role', {
    role: index.roles.get(held.roleId)?.shortname ?? held.roleId,
    level: LEVELS[held.contextLevel] ?? held.contextLevel,
    activity: activity.id,
  });

function oncePerPerson(candidates: readonly Candidate[]): Candidate[] {
  const seen = new Set<number>();
  return candidates.filter(({ person }) => {
    if (person.from !== 'moodle') return true;
    if (seen.has(person.user.id)) return false;
    seen.add(person.user.id);
    return true;
  });
}
