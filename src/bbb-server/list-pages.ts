import type { ListingNote } from '../bbb/recording-source.js';
import type { Asking } from './ask-recordings.js';
import type { ListingTally } from './listing-tally.js';
import type { RecordingsAnswer } from './parse-recordings.js';
import type { Announced } from './announced.js';

/** BBB accepts 1 to 100 per page. */
const MAX_PAGE_SIZE = 100;
/**
 * A server whose order changes between pages shows some twice and others never, and one that loses entries while it is
 * read moves the next ones to positions already asked: how often all is read again.
 */
const EXTRA_PASSES = 2;
/** After so many pages in a row that are not given, no more are asked. */
const FAILURES_IN_A_ROW = 2;

export interface Pages {
  /** Everything came in one answer, with all formats. */
  readonly unpaged: boolean;
  /** A page was not given. */
  readonly failed: boolean;
  readonly notes: readonly ListingNote[];
}

interface PassEnd {
  readonly announced: Announced | null;
  readonly unpaged: boolean;
  /** The server gave nothing more before the end that it announced. */
  readonly early: boolean;
  /** By how much the total that it announced fell between pages. */
  readonly shrunk: number;
  readonly failures: number;
  readonly error: unknown;
}

/** Reads the pages of a server, again where fewer came than it announces. @throws what the first page fails with */
export async function listPages(
  listing: Asking & { readonly pageSize?: number },
  tally: ListingTally,
): Promise<Pages> {
  let end = await readPass(listing, tally);
  let shrunk = end.shrunk;
  for (let pass = 0; pass < EXTRA_PASSES && !end.unpaged && mayLack(end, tally); pass++) {
    end = await readPass(listing, tally);
    shrunk += end.shrunk;
  }
  const { announced, unpaged, failures, early, error } = end;
  const notes: ListingNote[] = [];
  if (unpaged) notes.push({ server: tally.server, kind: 'unpaged', count: tally.ids.size });
  if (shrunk > 0) notes.push({ server: tally.server, kind: 'shrunk', count: shrunk });
  if (failures > 0) notes.push(tally.failure('pages-failed', failures, error, announced?.total));
  const missing = announced === null ? 0 : announced.total - tally.ids.size - tally.unreadable;
  // A total that counts formats is too high by nature: only an end before it is a sign.
  if (missing > 0 && failures === 0 && (announced?.exact === true || early))
    notes.push(tally.note('incomplete', missing, { announced: announced?.total ?? 0 }));
  else if (end.shrunk > 0 && failures === 0)
    notes.push(tally.note('incomplete', end.shrunk, { announced: (announced?.total ?? 0) + end.shrunk }));
  return { unpaged, failed: failures > 0, notes };
}

const mayLack = ({ announced, failures, shrunk }: PassEnd, tally: ListingTally): boolean =>
  failures === 0 &&
  (shrunk > 0 || (announced?.exact === true && tally.ids.size + tally.unreadable < announced.total));

async function readPass(
  listing: Asking & { readonly pageSize?: number },
  tally: ListingTally,
): Promise<PassEnd> {
  const limit = Math.min(listing.pageSize ?? MAX_PAGE_SIZE, MAX_PAGE_SIZE);
  let first: RecordingsAnswer | null = null;
  let announced: Announced | null = null;
  let shrunk = 0;
  const failed = { count: 0, inARow: 0, error: null as unknown };
  const ends = (more: Partial<PassEnd>): PassEnd => ({
    announced,
    unpaged: false,
    early: false,
    shrunk,
    failures: failed.count,
    error: failed.error,
    ...more,
  });
  // Positions are counted in what the server pages over, not in what a page shows: older ones merge entries of one page.
  for (let offset = 0; ; offset += limit) {
    let page: RecordingsAnswer;
    try {
      page = await tally.ask(listing, { offset, limit });
      failed.inARow = 0;
    } catch (error) {
      listing.signal.throwIfAborted();
      if (first === null) throw error;
      failed.count++;
      failed.error ??= error;
      const last = announced === null || offset + limit >= announced.total;
      if (last || ++failed.inARow >= FAILURES_IN_A_ROW) return ends({});
      continue;
    }
    const size = page.recordings + page.unreadable;
    const repeats =
      first !== null &&
      size > 0 &&
      page.firstId === first.firstId &&
      (page.lastId === first.lastId || first.cut !== null || page.cut !== null);
    if (!repeats) tally.add(page);
    if (page.announced !== null && announced !== null && page.announced.total < announced.total)
      shrunk += announced.total - page.announced.total;
    announced = page.announced ?? announced;
    if (size > limit || repeats) return ends({ unpaged: true, early: repeats });
    first ??= page;
    const isLast = announced !== null ? offset + limit >= announced.total : size < limit && page.cut === null;
    if (isLast) return ends({});
    if (size === 0) return ends({ early: true });
  }
}
