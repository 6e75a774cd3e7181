/* What a claim's file grows in before Pod may see it. src/migrate/adapters implements it. */

import type { LostFile } from '../bbb/published-file.js';

/** Whose work it is: what `migrate status` says of it. */
export interface WorkOwner {
  readonly recordId: string;
  readonly title: string;
  /** Its name in the claim directory. */
  readonly fileName: string;
}

/** A whole film that is not delivered yet. */
export interface FinishedFilm {
  readonly path: string;
  /** What it lacks, in one line (`--allow-missing`); empty for a whole one. */
  readonly missing: string;
  /** The same by file. */
  readonly lost: readonly LostFile[];
}

/** The directory of one recording's file; removed with the file's success. */
export interface ClaimWork {
  readonly path: string;
  /** What an earlier run finished and could not deliver: it is not made again. */
  readonly finished: FinishedFilm | null;
  /** Gives what was made here its own name: from now on it is kept until it is delivered or purged. */
  keep(made: FinishedFilm): Promise<FinishedFilm>;
  /** Says why the finished film is still here. */
  waits(why: string): Promise<void>;
  /** Removes all of it. */
  release(): Promise<void>;
  /** Removes it unless somebody can go on with what it holds. */
  tidy(): Promise<void>;
}

/** One piece of work that stands below the work directory. */
export interface KeptWork {
  readonly path: string;
  /** `finished`: a film that waits for its delivery. `begun`: part of a download or of a conversion. */
  readonly state: 'finished' | 'begun' | 'running';
  /** Empty where nobody can tell any more. */
  readonly recordId: string;
  readonly title: string;
  readonly fileName: string;
  readonly sizeBytes: number;
  /** Last change, Unix milliseconds. */
  readonly changedAt: number;
  /** Why it is still there; empty when nothing was said. */
  readonly why: string;
}
