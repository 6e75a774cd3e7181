import { parseMoodleMeetingId } from './meeting-id.js';
import type { MoodleActivity, MoodleRole } from './moodle-facts.js';
import type { MoodleIndex } from './moodle-index.js';

/** Moodle's group modes: none, separate, visible (lib/grouplib.php). */
export const SEPARATE_GROUPS = 1;

const ALLOW = 1;
const PROHIBIT = -1000;

/** Who has moodle/site:accessallgroups where the site says nothing else (Moodle 4.5, lib/db/access.php). */
export const seesGroupsByDefault = ({ archetype }: Pick<MoodleRole, 'archetype'>): boolean =>
  archetype === 'editingteacher' || archetype === 'manager';

/**
 * The group a recording belongs to within an activity: its row's, else the one its meetingID names; 0 without.
 * A row that the plugin wrote without a group may still be of a group's room.
 */
export function groupOfRecording(
  question: { readonly recordId: string; readonly meetingId: string },
  activityId: number,
  index: MoodleIndex,
): number {
  const rows = (index.rows.get(question.recordId) ?? []).filter((row) => row.activityId === activityId);
  // An imported copy is shown to everybody, whatever its session's room.
  if (rows.length > 0 && rows.every((row) => row.imported)) return 0;
  const ofRow = rows.find((row) => !row.imported && row.groupId > 0)?.groupId;
  return ofRow ?? parseMoodleMeetingId(question.meetingId)?.groupId ?? 0;
}

/**
 * Whether Moodle lists a group's recordings to this person: a member of the group, or somebody who has
 * moodle/site:accessallgroups there (Moodle 4.1 to 5.0, mod/bigbluebuttonbn/classes/recording.php,
 * get_select_for_group). Only separate groups keep anything from anybody.
 */
export function seesGroup(
  userId: number,
  groupId: number,
  activity: Pick<MoodleActivity, 'groupMode' | 'contextPath'>,
  index: MoodleIndex,
): boolean {
  if (groupId === 0 || activity.groupMode !== SEPARATE_GROUPS) return true;
  return index.groupMembers.has(`${groupId}/${userId}`) || accessesAllGroups(userId, activity, index);
}

/** has_capability as Moodle works it out: per role the nearest context that says something; a prohibition anywhere wins. */
function accessesAllGroups(
  userId: number,
  activity: Pick<MoodleActivity, 'contextPath'>,
  index: MoodleIndex,
): boolean {
  const roleIds = new Set(
    activity.contextPath.flatMap((contextId) =>
      (index.assignments.get(contextId) ?? [])
        .filter((held) => held.userId === userId)
        .map((held) => held.roleId),
    ),
  );
  if (index.groupRules === null)
    return [...roleIds].some((roleId) => {
      const role = index.roles.get(roleId);
      return role !== undefined && seesGroupsByDefault(role);
    });
  const nearestFirst = [...activity.contextPath].reverse();
  const said = [...roleIds].map((roleId) =>
    nearestFirst.flatMap((contextId) => index.groupRules?.get(`${roleId}/${contextId}`) ?? []),
  );
  if (said.some((permissions) => permissions.includes(PROHIBIT))) return false;
  return said.some(([nearest]) => nearest === ALLOW);
}
