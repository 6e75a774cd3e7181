import { KeyFilter } from './key-filter.js';

interface OwnRow {
  readonly id: number;
  /** What a later write may ask for it by. */
  readonly keys: readonly string[];
}

interface Range {
  readonly first: number;
  last: number;
}

/** Where others write at the same time our ids lie apart: more gaps than these cost more than they save. */
const MOST_RANGES = 50;

/**
 * The external recordings that this process has written. Each chunk looks for rows that came since the plan, and but for
 * these it would read again all that the run has written for the same owners: a third of a migration's time. What it
 * wrote last is not left out, for the owners of one recording follow each other.
 */
export class OwnRows {
  #ranges: Range[] = [];
  #latest: readonly OwnRow[] = [];
  readonly #keys = new KeyFilter();

  /** Rows of a chunk, once they are committed. */
  remember(rows: readonly OwnRow[]): void {
    for (const { keys } of this.#latest) for (const key of keys) this.#keys.add(key);
    for (const id of this.#latest.map((row) => row.id).sort((a, b) => a - b)) this.#include(id);
    this.#latest = rows;
  }

  /** Ids, both ends included, between which every row is ours, but for those of the last chunk. */
  get ranges(): readonly (readonly [first: number, last: number])[] {
    return this.#ranges.length > MOST_RANGES ? [] : this.#ranges.map(({ first, last }) => [first, last]);
  }

  /** False when none of these rows was written under this key; true may be wrong. */
  mayHold(key: string): boolean {
    return this.#keys.mayHold(key);
  }

  #include(id: number): void {
    const open = this.#ranges.at(-1);
    if (open !== undefined && open.last + 1 === id) open.last = id;
    else this.#ranges.push({ first: id, last: id });
  }
}
