/* What one chunk of batched queries tells of rooms in one Greenlight (2 or 3): raw facts, no decision. */

export interface GreenlightFacts {
  readonly version: 2 | 3;
  /** Rooms that the asked recordings lead to, soft-deleted ones included: their recordings are still on BBB. */
  readonly rooms: readonly GreenlightRoom[];
  /** Owners and people with shared access, and every further row of the same address. */
  readonly users: readonly GreenlightUser[];
  readonly shares: readonly { readonly roomId: string; readonly userId: string }[];
  /** Rooms whose meetingID has the hash that a recordID begins with: sha1(meetingID)-createTime. */
  readonly byHash: readonly RoomOfRecording[];
  /** What Greenlight 3's own list of recordings says (table recordings): a cache, refilled at each synchronisation. */
  readonly byRecording: readonly RoomOfRecording[];
  /** Every tenant and mail domain (lower case) that occurs among all accounts. */
  readonly population: readonly { readonly provider: string; readonly domain: string }[];
}

interface RoomOfRecording {
  readonly recordId: string;
  readonly roomId: string;
}

export interface GreenlightRoom {
  readonly id: string;
  /** rooms.bbb_id (2, not unique) or rooms.meeting_id (3): the meetingID of all its sessions. */
  readonly meetingId: string;
  readonly name: string;
  readonly ownerId: string;
}

export interface GreenlightUser {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  /** In 2 how the person logs in (`ldap`, `google`, `greenlight`); in 3 the tenant. */
  readonly provider: string;
  /** users.username; Greenlight 2 only. */
  readonly username: string;
  /** users.social_uid (2) or users.external_id (3): what the identity provider calls the person. */
  readonly externalId: string;
  readonly status: 'active' | 'pending' | 'banned' | 'deleted';
}

/** What an account of Pod is looked for by, in the order of `[greenlight.NAME] match`. */
export type GreenlightKey = 'external_id' | 'email' | 'local_part';

/** The configuration of one `[greenlight.NAME]` that the rules read. */
export interface GreenlightOptions {
  readonly section: string;
  /** The tenant (3) or sign-in (2) that counts; null: all of 2, the only or the usual tenant of 3. */
  readonly provider: string | null;
  readonly match: readonly GreenlightKey[];
  /** Whether people with shared access to a room receive its recordings beside the owner. */
  readonly shared: 'none' | 'owners';
}

/** Somebody whom Greenlight knows, with all that an account of Pod may be found by. */
export interface GreenlightPerson {
  readonly name: string;
  readonly email: string;
  /** What the identity provider calls the person, where it may be a user name; of every row with that address. */
  readonly logins: readonly string[];
  /** What stands before the @; null where it names nobody for certain. */
  readonly localPart: string | null;
  readonly match: readonly GreenlightKey[];
}
