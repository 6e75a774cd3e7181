import type { KnownIds, ListingNote } from '../bbb/recording-source.js';
import { isTooMuch, type Asking } from './ask-recordings.js';
import { listByIds } from './list-by-ids.js';
import { listPages } from './list-pages.js';
import { ListingTally } from './listing-tally.js';

export interface ServerListing extends Asking {
  readonly pageSize?: number;
  readonly knownIds?: KnownIds | undefined;
  readonly wantedIds?: KnownIds | undefined;
}

export interface ListedServer {
  readonly notes: readonly ListingNote[];
  readonly recordings: number;
  readonly calls: number;
}

/**
 * Reads every recording of a server, of all states (docs/domain/bbb.md, "getRecordings"): page by page for the
 * recordIDs, then by batches of recordIDs for all their formats (what a page cuts off or drops, a call without limit
 * gives); in one answer where the server ignores paging; by batches of known ids where the whole list is too much for it
 * or refused.
 * @throws OperatorError the first failure, when nothing could be asked otherwise or nothing came of it
 */
export async function listServer(listing: ServerListing): Promise<ListedServer> {
  const tally = new ListingTally(listing.server.name);
  const notes = await listBy(listing, tally);
  return { notes: [...notes, ...tally.notes()], recordings: tally.ids.size, calls: tally.calls };
}

async function listBy(listing: ServerListing, tally: ListingTally): Promise<ListingNote[]> {
  try {
    const pages = await listPages(listing, tally);
    const notes = [...pages.notes];
    if (pages.unpaged) return notes;
    if (pages.failed && listing.knownIds !== undefined) await listByIds(listing, tally, listing.knownIds);
    const formats = await listByIds(listing, tally, { meetingIds: [], recordIds: [...tally.ids] });
    if (formats.error !== null) notes.push(tally.failure('formats-failed', formats.failed, formats.error));
    const [vanished] = formats.absent;
    if (vanished !== undefined)
      notes.push(tally.note('vanished', formats.absent.length, { detail: vanished }));
    return notes;
  } catch (error) {
    listing.signal.throwIfAborted();
    const ids = listing.wantedIds ?? listing.knownIds;
    if (ids === undefined || !isTooMuch(error)) throw error;
    const batches = await listByIds(listing, tally, ids);
    // Nothing was asked, or nothing came of it: an empty list would be a lie.
    if (batches.answered === 0 || batches.recordings === 0) throw error;
    const failed =
      batches.error === null ? [] : [tally.failure('formats-failed', batches.failed, batches.error)];
    return [
      tally.failure(listing.wantedIds === undefined ? 'by-batches' : 'asked', tally.ids.size, error),
      ...failed,
    ];
  }
}
