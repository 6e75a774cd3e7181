/* What the migration needs of Greenlight. src/greenlight implements it for Greenlight 2 (PostgreSQL, SQLite, MySQL of
   some forks) and 3 (PostgreSQL). */

import type { GreenlightFacts, GreenlightOptions } from '../owners/greenlight-facts.js';

export interface GreenlightQuestion {
  readonly recordId: string;
  readonly meetingId: string;
}

export interface GreenlightDatabase {
  /** `[greenlight.NAME]`, as far as the rules read it. */
  readonly options: GreenlightOptions;
  describe(): Promise<{ readonly version: 2 | 3; readonly schema: string }>;
  /** Facts for one chunk of recordings in a constant number of queries. */
  gatherFacts(questions: readonly GreenlightQuestion[]): Promise<GreenlightFacts>;
  /** MeetingIDs of all rooms, in pages: for a server that refuses its whole list. */
  meetingIds(): AsyncIterable<readonly string[]>;
  close(): Promise<void>;
}
