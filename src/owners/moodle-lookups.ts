import {
  isEditingTeacherRole,
  type MoodleActivity,
  type MoodleCourse,
  type MoodleRole,
} from './moodle-facts.js';
import { SEPARATE_GROUPS } from './moodle-groups.js';
import { readModeratorRules } from './moodle-participants.js';

/** What the activities' rules and fall-backs will ask of role assignments and users: the adapter fetches just that. */
export interface MoodleLookups {
  /** Contexts in which holders of each role matter. */
  readonly contextsByRole: ReadonlyMap<number, ReadonlySet<number>>;
  readonly userIds: ReadonlySet<number>;
}

/** Reads the rules of a chunk's activities and says which assignments and people they lead to. */
export function moodleLookups(
  activities: readonly MoodleActivity[],
  courses: readonly MoodleCourse[],
  roles: readonly MoodleRole[],
  moderatorDefault: string,
  groupRoleIds: readonly number[],
): MoodleLookups {
  const contextsByRole = new Map<number, Set<number>>();
  const userIds = new Set<number>();
  const teacherRoles = roles.filter(isEditingTeacherRole).map((role) => role.id);
  for (const activity of activities) {
    const rules = readModeratorRules(activity.participants, moderatorDefault, roles);
    rules.userIds.forEach((id) => userIds.add(id));
    for (const roleId of rules.roleIds) addAll(contextsByRole, roleId, activity.contextPath);
    // Who sees every group may hold that role anywhere above.
    if (activity.groupMode === SEPARATE_GROUPS)
      for (const roleId of groupRoleIds) addAll(contextsByRole, roleId, activity.contextPath);
    // The fall-back reads the course and the module only: the last two of the path.
    for (const roleId of teacherRoles) addAll(contextsByRole, roleId, activity.contextPath.slice(-2));
  }
  for (const course of courses)
    for (const roleId of teacherRoles) addAll(contextsByRole, roleId, course.contextPath.slice(-1));
  return { contextsByRole, userIds };
}

function addAll(map: Map<number, Set<number>>, roleId: number, contexts: readonly number[]): void {
  const known = map.get(roleId) ?? new Set<number>();
  contexts.forEach((context) => known.add(context));
  map.set(roleId, known);
}
