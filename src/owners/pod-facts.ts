/* What the owner rules read of Pod: raw facts, no decision. src/pod/database fills them. */

export interface PodUser {
  readonly id: number;
  readonly username: string;
  readonly email: string;
  readonly isStaff: boolean;
  readonly isActive: boolean;
  /** Sites of the owner row; empty without one. */
  readonly siteIds: readonly number[];
}

export interface PodMeeting {
  readonly id: number;
  readonly meetingId: string;
  readonly name: string;
  readonly siteId: number;
  readonly siteDomain: string;
  readonly ownerId: number;
  /** Their user name, for people to read. */
  readonly ownerName?: string;
  readonly additionalOwnerIds: readonly number[];
  /** Unix ms at which the meeting was created in Pod; null when unknown. */
  readonly createdAt: number | null;
}

/** bbb_attendee rows of role MODERATOR with a known user, by internal meeting id. */
export interface PodAttendeeModerators {
  readonly internalMeetingId: string;
  readonly userIds: readonly number[];
}

/** A session of Pod's session log (meeting_meetingsessionlog). */
export interface PodSessionCreator {
  readonly meetingPk: number;
  /** Unix milliseconds. */
  readonly createdAt: number;
  readonly creatorId: number | null;
}
