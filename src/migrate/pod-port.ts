/* What the migration needs of a Pod database. src/pod/database implements it for
   SQLite, MariaDB/MySQL and PostgreSQL; docs/pod-database.md has the facts. */

import type { PodMeeting, PodUser } from '../owners/pod-facts.js';
import type { PodVersion } from './pod-version.js';

export type { PodMeeting, PodUser };

export interface PodDescription {
  readonly engine: 'sqlite' | 'mysql' | 'postgresql';
  /** Told by its tables; a lower bound: 4.0.1 to 4.1.0 look alike. */
  readonly version: PodVersion;
  readonly siteDomain: string;
  /** Stable over upgrades: site id and domain. The journal's target. */
  readonly target: string;
  /** recorder_recordingfiletreatment.file and recorder_recording.source_file. */
  readonly claimPathLength: number;
  /** Name and URL columns that can hold four-byte characters. */
  readonly storesAllCharacters: boolean;
  readonly hasSessionLog: boolean;
  readonly hasBbbAttendee: boolean;
  /** Columns of external recordings that must have a value and that nobody here knows. */
  readonly unknownColumns: readonly string[];
}

export interface PodExternalRecording {
  readonly id: number;
  readonly ownerId: number | null;
  readonly siteId: number;
  readonly name: string;
  /** Unix milliseconds. */
  readonly startAt: number;
  readonly type: string;
  readonly sourceUrl: string;
  readonly state: string | null;
  readonly uploadedToPodById: number | null;
}

/** A row to insert into import_video_externalrecording, exactly as Pod would. */
export interface NewExternalRecording {
  readonly name: string;
  readonly startAt: number;
  readonly sourceUrl: string;
  readonly siteId: number;
}

export interface NewPodUser {
  readonly username: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly isStaff: boolean;
  readonly authType: string;
  readonly affiliation: string;
  readonly establishment: string;
  readonly siteId: number;
}

/** The five rows that make a Pod user, as written: undo compares them before it removes them. */
export interface WrittenPodUser {
  readonly userId: number;
  readonly ownerId: number;
  readonly rows: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface ImportWrite {
  readonly actionId: string;
  /** An existing user's id, or the username of one created earlier in the plan or by this very write. */
  readonly owner: { readonly userId: number } | { readonly create: NewPodUser };
  readonly row: NewExternalRecording;
  /** Any row of this owner whose URL leads to this recordID makes the write unnecessary. */
  readonly recordId: string;
  /** A row that an earlier run gave to the administrator: if it is still like this, it changes owner; else a row is inserted. */
  readonly takeOver?: PodExternalRecording;
}

/** Pod accounts of what seems one person: the same address, or the same name but for its case. */
export interface DoubledAccounts {
  readonly by: 'email' | 'username';
  /** What they share, in lower case. */
  readonly value: string;
  readonly accounts: readonly { readonly id: number; readonly username: string }[];
}

/** Highest ids before a chunk is written: after a crash they tell our rows from older ones. */
export interface HighestIds {
  readonly externalRecording: number;
  readonly user: number;
}

export type ImportResult =
  | {
      readonly actionId: string;
      readonly state: 'done';
      readonly rowId: number;
      readonly userId: number;
      readonly createdUser?: WrittenPodUser;
      readonly written: PodExternalRecording;
      /** The name holds replacement characters: the column's character set could not store it whole. */
      readonly charactersReplaced?: true;
      /** The owner a taken-over row had before. */
      readonly tookOverFrom?: number;
    }
  | { readonly actionId: string; readonly state: 'already-there'; readonly rowId: number }
  /** The account of its owner was removed since the plan: nothing was written. */
  | { readonly actionId: string; readonly state: 'owner-gone' }
  /** The address of the account to create belongs to `account` meanwhile: nothing was written. */
  | {
      readonly actionId: string;
      readonly state: 'address-taken';
      readonly user: string;
      readonly email: string;
      readonly account: string;
    }
  /** The database takes the name of the account to create for that of `account`: nothing was written. */
  | {
      readonly actionId: string;
      readonly state: 'name-taken';
      readonly user: string;
      readonly account: string;
    };

export interface ClaimRegistration {
  readonly actionId: string;
  /** join(DEFAULT_RECORDER_PATH, directory, file), literally. */
  readonly file: string;
  readonly fileSizeBytes: number;
  readonly recorderId: number;
  /** Unix milliseconds of the session. */
  readonly dateAdded: number;
}

export interface PodRecorder {
  readonly id: number;
  readonly name: string;
  readonly directory: string;
  readonly recordingType: string;
  readonly userId: number | null;
  readonly siteIds: readonly number[];
}

/** How taking one row back ended; `present` is what stands there instead of what was written. */
export interface RowRemoval {
  readonly id: number;
  readonly state: 'removed' | 'changed' | 'gone';
  readonly present?: PodExternalRecording;
}

/** Reads run in read-only transactions with a statement limit; writes in one transaction per call. All batches are chunked inside. */
export interface PodDatabase {
  describe(): Promise<PodDescription>;
  findSite(id: number): Promise<{ id: number; domain: string; name: string } | null>;
  listSites(): Promise<{ id: number; domain: string; name: string }[]>;
  findRecorder(id: number): Promise<PodRecorder | null>;
  /** Case-insensitive on every engine: several users may answer for one name. */
  findUsersByUsername(usernames: readonly string[]): Promise<PodUser[]>;
  /**
   * Of these names, which nobody has, those that the database itself takes for another's (accents, final blanks on
   * MariaDB): name in lower case, NFKC, to the account that has it. No account of that name can be made.
   */
  findNamesTakenFor(names: readonly string[]): Promise<ReadonlyMap<string, string>>;
  findUsersByEmail(emails: readonly string[]): Promise<PodUser[]>;
  findUsersById(ids: readonly number[]): Promise<PodUser[]>;
  findDoubledAccounts(): Promise<DoubledAccounts[]>;
  /** By exact meeting_id, or by the numeric prefix that survives a rename (`0042-…`). */
  findMeetings(meetingIds: readonly string[]): Promise<PodMeeting[]>;
  /** Recordings already imported through the meetings module: those with a non-empty source_url. */
  findInternalRecordings(
    recordIds: readonly string[],
  ): Promise<{ recordId: string; ownerId: number | null }[]>;
  /** Pod 3's bbb_attendee rows of role MODERATOR with a known user, by internal meeting id. */
  findAttendeeModerators(
    internalMeetingIds: readonly string[],
  ): Promise<{ internalMeetingId: string; userIds: number[] }[]>;
  /** meeting_meetingsessionlog rows of these meetings whose creation lies within `toleranceMs` of a session start. */
  findSessionCreators(
    meetingPks: readonly number[],
  ): Promise<{ meetingPk: number; createdAt: number; creatorId: number | null }[]>;
  /** meetingIDs of Pod's meetings and recordIDs that Pod's own tables hold, in pages: a last resort for listing. */
  bbbIds(): AsyncIterable<readonly string[]>;
  /** Streams every external recording with id > afterId, by ascending id, in pages. */
  externalRecordings(afterId: number): AsyncIterable<PodExternalRecording[]>;
  /** Those of these rows that are there. */
  findExternalRecordings(ids: readonly number[]): Promise<PodExternalRecording[]>;
  /** Paths (column values) among these that Pod holds as claimed, pending, or uploaded. */
  findClaimPaths(paths: readonly string[]): Promise<{ path: string; state: 'claimed' | 'pending' }[]>;
  /** One transaction: users created where missing, preconditions checked again, rows inserted and read back. */
  writeImports(writes: readonly ImportWrite[], knownUpToId: number): Promise<ImportResult[]>;
  highestIds(): Promise<HighestIds>;
  /** The highest ids that this database ever gave, by its own counters, also of rows that are gone; null where it cannot tell. */
  lastGivenIds(): Promise<{ readonly [K in keyof HighestIds]: HighestIds[K] | null }>;
  /** After a crash: which of these writes reached the database (rows above those ids, by natural key); the others are absent from the answer. */
  recoverImports(writes: readonly ImportWrite[], above: HighestIds): Promise<ImportResult[]>;
  /** Gives taken-over rows back to their former owner, where they still equal what was written. */
  giveBack(
    rows: readonly { readonly written: PodExternalRecording; readonly formerOwnerId: number }[],
  ): Promise<RowRemoval[]>;
  registerClaim(claim: ClaimRegistration): Promise<{ state: 'done' | 'already-there'; rowId: number | null }>;
  /** Removes rows that still equal what was written; says which were changed or gone. One transaction. */
  removeExternalRecordings(rows: readonly PodExternalRecording[]): Promise<RowRemoval[]>;
  /** Puts back whole rows under their old ids (undo of a cleanup); not those of accounts that are gone. */
  restoreExternalRecordings(
    rows: readonly PodExternalRecording[],
  ): Promise<{ id: number; state: 'restored' | 'present' | 'ownerless' }[]>;
  removeClaimRegistration(file: string): Promise<'removed' | 'gone' | 'claimed'>;
  /** Removes users that nobody touched: last_login NULL and no row leads to them in any table whose foreign keys point at them, beside our own. */
  removeCreatedUsers(
    users: readonly WrittenPodUser[],
  ): Promise<{ userId: number; state: 'removed' | 'touched' | 'gone' }[]>;
  /** The one lock per Pod database, on a connection of its own. Null when somebody else holds it. */
  lock(): Promise<{ release(): Promise<void> } | null>;
  close(): Promise<void>;
}
