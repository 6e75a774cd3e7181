/* Where recordings come from, as use cases see it. src/bbb-server implements it over the BBB API, or over a saved
   answer (--from-xml). */

import type { RecordingFilters, RecordingRange } from './filters.js';
import type { RecordingPosition } from './order.js';
import type { Recording } from './recording.js';

/** What a listing met on its way; said in the plan and the report, never silent. */
export interface ListingNote {
  readonly server: string;
  readonly kind:
    /** The server ignores offset and limit: everything came in one answer. */
    | 'unpaged'
    /** `count` recordings could not be read, even mended, and were left out: the list is partial. */
    | 'unreadable'
    /** Characters or tags that XML forbids were mended in `count` recordings, `detail` being the first. */
    | 'mended'
    /** The server's own total shrank by `count` while it was being listed. */
    | 'shrunk'
    /** The server announces `count` more recordings than it gives: partial. */
    | 'incomplete'
    /** Listed by batches of ids that Moodle, Pod and others know, since a whole listing failed: partial. */
    | 'by-batches'
    /** Only what flags name was asked, since a whole listing failed: all that was asked for, hence whole. */
    | 'asked'
    /** `count` pages were not given: partial. */
    | 'pages-failed'
    /** The formats of `count` recordings were not given: partial. */
    | 'formats-failed'
    /** `count` recordings of its pages were not given by their recordIDs, `detail` being the first: partial. */
    | 'vanished'
    /** Of `count` recordings there are more formats or metadata than are kept, `detail` being the first: partial. */
    | 'overfull'
    /** An answer or a file breaks off: partial. */
    | 'cut'
    /** The server gave nothing, while another one did: partial. */
    | 'failed';
  readonly count: number;
  /** Recordings of this server that are in the list. */
  readonly kept?: number;
  /** Recordings that it says there are. */
  readonly announced?: number;
  /** What happened, in words: a failure's text, a recordID and a place. */
  readonly detail?: string;
}

/**
 * A listing, spooled outside memory (mode 0600, under state_dir/spool). Reading it is synchronous and cheap: keyset
 * pages by (startAt, recordId), both descending. Every recordID occurs once, whatever the number of servers.
 */
export interface RecordingSpool {
  /** All recordings of the listing, before filters. */
  readonly total: number;
  readonly notes: readonly ListingNote[];
  /** How many pass the filters, of all states. */
  count(filters: RecordingFilters): number;
  /** The next recordings in the fixed order after a position (null: the newest). At most `size`; empty at the end. */
  page(filters: RecordingFilters, after: RecordingPosition | null, size: number): readonly Recording[];
  /**
   * Pages of what a range takes of the filtered list (positions count after the filters), in order.
   * @param pageSize at most that many per page; 500 by default.
   */
  pages(
    filters: RecordingFilters,
    range: RecordingRange,
    pageSize?: number,
  ): AsyncIterable<readonly Recording[]>;
  find(recordId: string): Recording | null;
  /** Closes and removes the spool's file. A later listing removes what a killed run left. */
  close(): void;
}

/** IDs by which a server too busy for a whole listing can be asked in small calls. */
export interface KnownIds {
  readonly meetingIds: AsyncIterable<string> | Iterable<string>;
  readonly recordIds: AsyncIterable<string> | Iterable<string>;
}

export interface ListingRequest {
  readonly signal: AbortSignal;
  /** Asked only when a whole listing fails: ids from Moodle, Pod, Greenlight and the owners file. */
  readonly knownIds?: (server: string) => KnownIds;
  /** The only recordings that are wanted (--recording, --meeting): asked instead of known ones. */
  readonly wantedIds?: KnownIds;
  /** How many calls a server took, and how long. */
  readonly onServerListed?: (listed: ServerListed) => void;
  readonly onProgress?: (progress: { readonly server: string; readonly recordings: number }) => void;
}

export interface ServerListed {
  readonly server: string;
  readonly recordings: number;
  readonly calls: number;
  readonly milliseconds: number;
}

export interface RecordingSource {
  /**
   * Lists every recording of every server, of all states, into a spool. What is known not to be whole says so in its
   * notes (`isPartial`).
   * @throws OperatorError bbb-… or http-…: no server gave anything.
   */
  list(request: ListingRequest): Promise<RecordingSpool>;
  /** Asks a server again for one recording: token URLs die in minutes. Null when it does not offer it (any more). */
  findRecording(server: string, recordId: string, signal: AbortSignal): Promise<Recording | null>;
}
