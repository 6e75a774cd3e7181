/* What one chunk of batched queries tells of recordings in one Moodle: raw facts, no decision.
   The decisions (match, moderators, fall-backs) are pure functions of this room. */

export interface MoodleFacts {
  /** Rows of bigbluebuttonbn_recordings for the asked recordIDs; empty for plugin 2.x. */
  readonly recordingRows: readonly MoodleRecordingRow[];
  /** Activities met: of the rows, or found by the seed of a meetingID. */
  readonly activities: readonly MoodleActivity[];
  readonly roles: readonly { readonly id: number; readonly shortname: string }[];
  readonly roleAssignments: readonly MoodleRoleAssignment[];
  readonly users: readonly MoodleUser[];
  /** Who created the activity: the first log row 'Add'. */
  readonly creators: readonly { readonly activityId: number; readonly userId: number }[];
  /** Enrolments, active or not, of creators and moderators in the courses concerned. */
  readonly enrolments: readonly {
    readonly courseId: number;
    readonly userId: number;
    readonly active: boolean;
  }[];
  /** config.bigbluebuttonbn_participant_moderator_default, default `0`. */
  readonly moderatorDefault: string;
  /** config.mnet_localhost_id. */
  readonly localHostId: number;
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
  /** The meetingID seed: 40 hex digits. */
  readonly seed: string;
  /** JSON as stored, or null. */
  readonly participants: string | null;
  /** Null when the activity has no course module. */
  readonly courseModuleId: number | null;
  readonly visible: boolean;
  readonly deletionInProgress: boolean;
  /** Context ids from system down to the module; empty when the path is not built. */
  readonly contextPath: readonly number[];
}

export interface MoodleRoleAssignment {
  readonly contextId: number;
  /** 10 system, 40 category, 50 course, 70 module. */
  readonly contextLevel: number;
  readonly roleId: number;
  readonly userId: number;
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
