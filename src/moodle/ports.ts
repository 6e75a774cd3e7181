import type { MoodleFacts } from '../owners/moodle-facts.js';

/** An activity's text with what decides how a notice is written into it. */
export interface ActivityText {
  readonly id: number;
  readonly name: string;
  readonly courseId: number;
  readonly courseName: string;
  /** The course's forced language, as `fr` or `fr_ca`; '' when it has none. */
  readonly courseLanguage: string;
  readonly intro: string | null;
  readonly introFormat: number;
  /** Unix seconds. */
  readonly timeModified: number;
  /** 0 room and recordings, 1 room only, 2 recordings only (bigbluebuttonbn.type). */
  readonly kind: number;
  /** 0 none, 1 separate, 2 visible groups. */
  readonly groupMode: number;
  /** Not everybody in the course may enter (course_modules.availability). */
  readonly isRestricted: boolean;
  readonly courseModuleId: number | null;
  readonly visible: boolean;
  readonly deletionInProgress: boolean;
}

/** Reads one Moodle; the account needs no right to write. */
export interface MoodleReader {
  describe(): Promise<MoodleDescription>;
  gatherFacts(
    questions: readonly { readonly recordId: string; readonly meetingId: string }[],
  ): Promise<MoodleFacts>;
  /** Every form a meetingID of this site's activities can have, in pages. */
  meetingIds(): AsyncIterable<string[]>;
  readActivities(ids: readonly number[]): Promise<ActivityText[]>;
  /** Rows of the recordings table with id > after, ascending, at most 500; empty for plugin 2.x. */
  recordingRows(after: number): Promise<InventoryRow[]>;
}

export interface MoodleDescription {
  /** Journal target: the site's identifier, which outlives a move of the database. */
  readonly target: string;
  readonly engine: 'mysql' | 'postgresql';
  readonly prefix: string;
  readonly release: string;
  readonly hasRecordingsTable: boolean;
  /** False for 3-byte utf8 columns: characters beyond the basic plane are written as entities. */
  readonly storesAllCharacters: boolean;
  readonly defaultLanguage: string;
}

export interface InventoryRow {
  readonly id: number;
  readonly recordId: string;
}

export interface IntroChange {
  readonly id: number;
  /** The text it must still have, byte for byte, when its row is locked. */
  readonly from: string | null;
  readonly to: string | null;
}

export type IntroResult = { readonly id: number } & (
  | { readonly state: 'written' }
  /** Somebody saved the activity meanwhile: left alone. */
  | { readonly state: 'changed'; readonly intro: string | null }
  | { readonly state: 'gone' }
);

/** Writes one Moodle. */
export interface MoodleWriter {
  /** Throws unless this account may write here and now: rights, no read replica, transactions. Writes nothing. */
  checkWritable(): Promise<void>;
  /** One transaction: rows locked in id order, compared, written, their courses' caches outdated. */
  writeIntros(changes: readonly IntroChange[]): Promise<IntroResult[]>;
}
