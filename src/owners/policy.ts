/** How owners are chosen: the values of `[migrate]`, `[moodle.*]`, `[bbb.*]` and `[pod]` that the rules read. */
export interface OwnerPolicy {
  readonly match: 'username' | 'email' | 'idnumber';
  /** `{value}`, `{value}@univ.fr`, or `strip:@univ.fr`. */
  readonly matchTemplate: string;
  readonly usernameCase: 'keep' | 'lower' | 'upper';
  readonly createUsers: boolean;
  readonly createdUsersStaff: 'teachers' | 'all' | 'none';
  readonly unresolved: 'admin' | 'skip';
  readonly requireEnrolment: boolean;
  readonly keepSuspended: boolean;
  readonly ignoredServers: readonly string[];
  /**
   * What ties the recording's origin server to the Moodle that answers for it: its section's name, alias or url
   * (`named`), nothing (`default` answers for all), or its url is another server's (`other`).
   */
  readonly moodleOrigin: 'named' | 'unnamed' | 'other';
  readonly moderatorScope: 'course' | 'moodle';
  /** Who receives a group's recording where groups are separate: every moderator, or those whom Moodle shows it. */
  readonly groupTeachers: 'all' | 'own';
  /** `[bbb] shared`: other applications use this server, so a meetingID alone proves nothing. */
  readonly sharedServer: boolean;
  /** The Pod site that receives. */
  readonly siteId: number;
  /** `[bbb.NAME] site_id` says so: then a meeting of another site changes nothing. */
  readonly siteIsNamed?: boolean;
  /** Host names of all sites of this Pod, in lower case. */
  readonly podHosts: readonly string[];
  /** How far a session log row may lie from the session's start. */
  readonly sessionToleranceMs: number;
}

export const defaultOwnerPolicy: OwnerPolicy = {
  match: 'username',
  matchTemplate: '{value}',
  usernameCase: 'keep',
  createUsers: true,
  createdUsersStaff: 'teachers',
  unresolved: 'admin',
  requireEnrolment: false,
  keepSuspended: false,
  ignoredServers: [],
  moodleOrigin: 'unnamed',
  moderatorScope: 'course',
  groupTeachers: 'own',
  sharedServer: true,
  siteId: 1,
  podHosts: [],
  sessionToleranceMs: 120_000,
};
