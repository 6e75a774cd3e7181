import type { KnownIds } from '../bbb/recording-source.js';
import { HttpFailure } from '../kit/adapters/http/http-failure.js';
import type { Asking } from './ask-recordings.js';
import type { ListingTally } from './listing-tally.js';

const MEETINGS_PER_CALL = 25;
export const RECORDINGS_PER_CALL = 50;
/** After so many calls in a row that fail, no more are sent. */
const FAILURES_IN_A_ROW = 2;

export interface ByIds {
  /** Calls that were answered. */
  readonly answered: number;
  /** Entries that they held. */
  readonly recordings: number;
  /** Ids whose call was not answered, and the first reason; null when every call was. */
  readonly failed: number;
  readonly error: unknown;
  /** recordIDs that an answered call asked for and did not bring. */
  readonly absent: readonly string[];
}

/** Asks for recordings by meetingIDs and recordIDs, without limit: each comes with all its formats. */
export async function listByIds(listing: Asking, tally: ListingTally, ids: KnownIds): Promise<ByIds> {
  const asker = new Asker(listing, tally);
  for await (const batch of batchesOf(ids.meetingIds, MEETINGS_PER_CALL)) await asker.ask('meetingID', batch);
  for await (const batch of batchesOf(ids.recordIds, RECORDINGS_PER_CALL)) await asker.ask('recordID', batch);
  return asker.result;
}

class Asker {
  readonly #listing: Asking;
  readonly #tally: ListingTally;
  #answered = 0;
  #recordings = 0;
  #failed = 0;
  #inARow = 0;
  #error: unknown = null;
  readonly #absent: string[] = [];

  constructor(listing: Asking, tally: ListingTally) {
    this.#listing = listing;
    this.#tally = tally;
  }

  get result(): ByIds {
    return {
      answered: this.#answered,
      recordings: this.#recordings,
      failed: this.#failed,
      error: this.#error,
      absent: this.#absent,
    };
  }

  async ask(name: 'meetingID' | 'recordID', ids: readonly string[]): Promise<void> {
    if (this.#inARow >= FAILURES_IN_A_ROW) {
      this.#failed += ids.length;
      return;
    }
    try {
      const given = new Set<string>();
      const { keep } = this.#listing;
      const asking: Asking = {
        ...this.#listing,
        keep: (recording, node) => {
          given.add(recording.recordId);
          keep(recording, node);
        },
      };
      const answer = await this.#tally.ask(asking, { [name]: ids.join(',') });
      if (answer.cut !== null && ids.length > 1) {
        await this.#halves(name, ids);
        return;
      }
      this.#tally.add(answer);
      this.#answered++;
      if (name === 'recordID' && answer.unreadable === 0)
        this.#absent.push(...ids.filter((id) => !given.has(id)));
      this.#recordings += answer.recordings;
      this.#inARow = 0;
    } catch (error) {
      this.#listing.signal.throwIfAborted();
      // What the network or a busy server fails at is not a matter of one id; the rest may be.
      const isBusy = error instanceof HttpFailure && error.retryable;
      if (!isBusy && ids.length > 1 && this.#answered > 0) return this.#halves(name, ids);
      this.#failed += ids.length;
      this.#error ??= error;
      this.#inARow++;
    }
  }

  async #halves(name: 'meetingID' | 'recordID', ids: readonly string[]): Promise<void> {
    const middle = Math.ceil(ids.length / 2);
    await this.ask(name, ids.slice(0, middle));
    await this.ask(name, ids.slice(middle));
  }
}

/** Distinct ids in batches; one that holds a comma goes alone, since BBB splits at commas. */
async function* batchesOf(
  ids: AsyncIterable<string> | Iterable<string>,
  size: number,
): AsyncGenerator<string[]> {
  const seen = new Set<string>();
  let batch: string[] = [];
  for await (const id of ids) {
    if (id === '' || seen.has(id)) continue;
    seen.add(id);
    if (id.includes(',')) yield [id];
    else batch.push(id);
    if (batch.length === size) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}
