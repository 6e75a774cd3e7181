/* What one chunk of batched queries tells of recordings in one Moodle: raw facts, no decision.
   The decisions (match, moderators, fall-backs) are pure functions of this room. */

export interface MoodleFacts {
  /** Rows of bigbluebuttonbn_recordings for the asked recordIDs; empty for plugin 2.x. */
  readonly recordingRows: readonly MoodleRecordingRow[];
  /** Activities met: of the rows, or found by the beginning of a meetingID (the activity's own `meetingid`). */
  readonly activities: readonly MoodleActivity[];
  /** Courses of recordings to which no activity leads. */
  readonly courses: readonly MoodleCourse[];
  /** Every role of the site. */
  readonly roles: readonly MoodleRole[];
  /** Those of the roles that rules or fall-backs of the activities name, in the activities' contexts. */
  readonly roleAssignments: readonly MoodleRoleAssignment[];
  readonly users: readonly MoodleUser[];
  /** Who created the activity: the first log row 'Add'. */
  readonly creators: readonly { readonly activityId: number; readonly userId: number }[];
  /** Enrolments, active or not, of the people concerned in the courses concerned. */
  readonly enrolments: readonly MoodleEnrolment[];
  /** People concerned who hold a teaching role somewhere in this Moodle. */
  readonly teacherIds: readonly number[];
  /** Memberships of the people concerned in the groups whose recordings are asked for. */
  readonly groupMembers: readonly { readonly groupId: number; readonly userId: number }[];
  /** What roles say of moodle/site:accessallgroups, by context; null where the account cannot read it. */
  readonly groupRules: readonly MoodlePermission[] | null;
  /** config.bigbluebuttonbn_participant_moderator_default, default `0`. */
  readonly moderatorDefault: string;
  /** config.mnet_localhost_id. */
  readonly localHostId: number;
}

/** A row of role_capabilities: 1 allow, -1 prevent, -1000 prohibit. */
export interface MoodlePermission {
  readonly roleId: number;
  readonly contextId: number;
  readonly permission: number;
}

export interface MoodleRecordingRow {
  readonly id: number;
  readonly recordId: string;
  readonly activityId: number;
  readonly courseId: number;
  readonly groupId: number;
  /** 0 awaiting, 1 dismissed, 2 processed, 3 notified, 4 reset, 5 deleted. */
  readonly status: number;
  readonly imported: boolean;
  readonly headless: boolean;
}

export interface MoodleActivity {
  readonly id: number;
  readonly courseId: number;
  readonly name: string;
  readonly courseName: string;
  readonly courseShortName: string;
  /** The meetingID seed: 40 hex digits. */
  readonly seed: string;
  /** JSON as stored, or null. */
  readonly participants: string | null;
  /** Null when the activity has no course module. */
  readonly courseModuleId: number | null;
  readonly visible: boolean;
  readonly deletionInProgress: boolean;
  /** 0 none, 1 separate, 2 visible groups: the course's where it forces its own, else the activity's. */
  readonly groupMode: number;
  /** Context ids from system down to the module; down to the course when the module's path is not built. */
  readonly contextPath: readonly number[];
}

export interface MoodleCourse {
  readonly id: number;
  readonly name: string;
  readonly shortName: string;
  /** Context ids from system down to the course. */
  readonly contextPath: readonly number[];
}

export interface MoodleRole {
  readonly id: number;
  readonly shortname: string;
  readonly archetype: string;
}

export interface MoodleRoleAssignment {
  readonly contextId: number;
  /** 10 system, 40 category, 50 course, 70 module. */
  readonly contextLevel: number;
  readonly roleId: number;
  readonly userId: number;
}

export interface MoodleEnrolment {
  readonly courseId: number;
  readonly userId: number;
  /** Neither suspended nor expired, and the enrolment method is enabled. */
  readonly active: boolean;
}

export interface MoodleUser {
  readonly id: number;
  readonly username: string;
  readonly email: string;
  readonly idnumber: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly auth: string;
  readonly deleted: boolean;
  readonly suspended: boolean;
  readonly confirmed: boolean;
  readonly mnetHostId: number;
}

const TEACHING = new Set(['editingteacher', 'teacher', 'manager', 'coursecreator']);

/** A role whose holders teach or run courses: by archetype, or by its standard short name. */
export const isTeachingRole = (role: MoodleRole): boolean =>
  TEACHING.has(role.archetype) || TEACHING.has(role.shortname);

/** The role that may edit a course: the last fall-back before the administrator. */
export const isEditingTeacherRole = (role: MoodleRole): boolean =>
  role.archetype === 'editingteacher' || role.shortname === 'editingteacher';
