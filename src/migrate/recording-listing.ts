import type { Recording } from '../bbb/recording.js';

/** The recordings of all servers, listed once and spooled; pages come newest first, memory stays flat. */
export interface RecordingListing {
  /** Everything the servers told. */
  readonly listed: number;
  /** What the filters and the range leave: the number announced is the number processed. */
  readonly chosen: number;
  /** What people should know of the listing: a count that shrank, a server that cannot page. */
  readonly notices: readonly string[];
  /** The chosen ones, in order. */
  pages(): AsyncIterable<readonly Recording[]>;
  /** All of them, in order. */
  all(): AsyncIterable<readonly Recording[]>;
}
