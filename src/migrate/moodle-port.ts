/* What the migration (and the owners room) need of Moodle. src/moodle-site implements it for
   PostgreSQL and MariaDB/MySQL, any prefix, plugin 2.4 to Moodle 5.1. */

import type { MoodleFacts } from '../owners/moodle-facts.js';

export interface MoodleQuestion {
  readonly recordId: string;
  readonly meetingId: string;
  /** The course that the recording itself names (`bbb-context-id`). */
  readonly courseId?: number | null;
}

/** A course category, with the courses of its whole subtree. */
export interface MoodleCategory {
  readonly id: number;
  /** `Sciences / Licence / L1`. */
  readonly path: string;
  readonly courseIds: readonly number[];
}

export interface MoodleDatabase {
  /** Site key: siteidentifier of the configuration table. */
  describe(): Promise<{
    target: string;
    engine: 'mysql' | 'postgresql';
    release: string;
    hasRecordingsTable: boolean;
  }>;
  /** Facts for one chunk of recordings in a constant number of queries. */
  gatherFacts(questions: readonly MoodleQuestion[]): Promise<MoodleFacts>;
  /** recordIDs and meetingIDs the site knows: the last resort for listing a server that cannot page. */
  meetingIds(): AsyncIterable<string[]>;
  /** Categories with that id, idnumber or name. */
  findCategories(wanted: string): Promise<MoodleCategory[]>;
  close(): Promise<void>;
}
