import type { Code } from '../kit/errors/code.js';
import type { Recording } from '../bbb/recording.js';

/** Why a list is known not to be whole: the head of plan and report, and status 3, come of it. */
export interface PartialListing {
  readonly code: Code;
  readonly server: string;
  readonly kept: number;
  /** Null when the server did not say. */
  readonly announced: number | null;
  readonly text: string;
  readonly remedy: string;
}

/** What people are told of a listing. */
export interface ListingFacts {
  /** Everything the servers told. */
  readonly listed: number;
  /** What the filters leave, whatever the range. */
  readonly filtered: number;
  /** What the filters and the range leave: the number announced is the number processed. */
  readonly chosen: number;
  /** What people should know of the listing: a count that shrank, a server that cannot page. */
  readonly notices: readonly string[];
  /** Empty for a list that is whole as far as anybody can tell. */
  readonly partial: readonly PartialListing[];
  /** Filters as typed (`--course ANA1`) that no recording of a whole list passes, whatever the others. */
  readonly unmatched: readonly string[];
}

/** The recordings of all servers, listed once and spooled; pages come newest first, memory stays flat. */
export interface RecordingListing extends ListingFacts {
  /** One of all that were listed. */
  find(this: void, recordId: string): Recording | null;
  /** The chosen ones, in order. */
  pages(): AsyncIterable<readonly Recording[]>;
  /** All of them, in order. */
  all(): AsyncIterable<readonly Recording[]>;
}
