import { OperatorError } from '../kit/errors/operator-error.js';
import { redactText } from '../kit/config/redact.js';
import type { KnownIds, ListingNote } from '../bbb/recording-source.js';
import type { Recording } from '../bbb/recording.js';
import { decodeStream } from '../kit/adapters/http/decode-text.js';
import { HttpFailure } from '../kit/adapters/http/http-failure.js';
import type { HttpClient } from '../kit/adapters/http/open-http.js';
import { apiBase, signedUrl, type BbbServer } from './bbb-api.js';
import { parseRecordings, type RecordingsAnswer } from './parse-recordings.js';
import type { XmlNode } from './read-recording.js';
import { texts as bbbTexts } from '../bbb/texts.js';

/** BBB accepts 1 to 100 per page. */
const MAX_PAGE_SIZE = 100;
const MEETINGS_PER_CALL = 25;
const RECORDINGS_PER_CALL = 50;
/** A server whose order changes between pages shows some twice and others never: how often all is read again. */
const EXTRA_PASSES = 2;

export interface ServerListing {
  readonly http: HttpClient;
  readonly server: BbbServer;
  readonly pageSize?: number;
  readonly signal: AbortSignal;
  readonly keep: (recording: Recording, node: XmlNode) => void;
  /** Recordings of this server kept so far, each recordID once. */
  readonly kept: () => number;
  readonly knownIds?: KnownIds | undefined;
}

/**
 * Reads every recording of a server, of all states: page by page where it obeys offset and limit, in one answer where
 * it ignores them, by batches of known ids where the whole list is too much for it.
 */
export async function listServer(listing: ServerListing): Promise<ListingNote[]> {
  try {
    return await listPaged(listing);
  } catch (error) {
    if (listing.knownIds === undefined || !isTooMuch(error)) throw error;
    return listByBatches(listing, listing.knownIds);
  }
}

/** One getRecordings call, streamed. Tried again as a whole when the network fails in its middle. */
export async function askRecordings(
  { http, server, signal, keep }: Pick<ServerListing, 'http' | 'server' | 'signal' | 'keep'>,
  parameters: Readonly<Record<string, string | number>>,
): Promise<RecordingsAnswer> {
  const url = signedUrl(server, 'getRecordings', { ...parameters, state: 'any' });
  const source = new URL(server.url).host;
  try {
    return await http.consume({ url, signal }, ({ headers, body }) =>
      parseRecordings(decodeStream(body as AsyncIterable<Buffer>, headers['content-type']), {
        source,
        server: server.name,
        onRecording: keep,
      }),
    );
  } catch (error) {
    if (error instanceof HttpFailure && error.status === 404)
      throw bbbTexts.bbbNotAnApi(
        { url: redactText(apiBase(server.url)), detail: 'it answers 404' },
        { cause: error },
      );
    throw error;
  }
}

async function listPaged(listing: ServerListing): Promise<ListingNote[]> {
  const counts = { unreadable: 0, shrunk: 0 };
  let announced: number | null = null;
  for (let pass = 0; pass <= EXTRA_PASSES; pass++) {
    const end = await readPass(listing, counts);
    announced = end.announced;
    if (end.unpaged) return notesOf(listing, { ...counts, unpaged: end.recordings });
    if (announced === null || listing.kept() + counts.unreadable >= announced) break;
    if (pass < EXTRA_PASSES) counts.unreadable = 0;
  }
  const incomplete = announced === null ? 0 : Math.max(0, announced - listing.kept() - counts.unreadable);
  return notesOf(listing, { ...counts, incomplete });
}

async function readPass(
  listing: ServerListing,
  counts: { unreadable: number; shrunk: number },
): Promise<{ announced: number | null; unpaged: boolean; recordings: number }> {
  const limit = Math.min(listing.pageSize ?? MAX_PAGE_SIZE, MAX_PAGE_SIZE);
  let first: RecordingsAnswer | null = null;
  let announced: number | null = null;
  for (let offset = 0; ;) {
    const page = await askRecordings(listing, { offset, limit });
    const size = page.recordings + page.unreadable;
    const repeats =
      first !== null && size > 0 && page.firstId === first.firstId && page.lastId === first.lastId;
    if (!repeats) counts.unreadable += page.unreadable;
    if (size > limit || repeats) return { announced: null, unpaged: true, recordings: size };
    if (page.announced !== null && announced !== null && page.announced < announced)
      counts.shrunk += announced - page.announced;
    announced = page.announced ?? announced;
    first ??= page;
    offset += size;
    const more = page.announced === null ? size === limit : offset < page.announced;
    if (size === 0 || !more) return { announced, unpaged: false, recordings: offset };
  }
}

type Counts = Partial<Record<ListingNote['kind'], number>>;

const notesOf = ({ server }: ServerListing, counts: Counts): ListingNote[] =>
  Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => ({ server: server.name, kind: kind as ListingNote['kind'], count }));

/** Time-outs, server errors, and the 404 that old servers give instead: what a list too long for them looks like. */
function isTooMuch(error: unknown): boolean {
  const failure = error instanceof OperatorError && error.cause instanceof HttpFailure ? error.cause : error;
  if (!(failure instanceof HttpFailure)) return false;
  const { code, status } = failure;
  return code === 'http-timeout' || code === 'http-cut' || status === 404 || (status ?? 0) >= 500;
}

async function listByBatches(listing: ServerListing, known: KnownIds): Promise<ListingNote[]> {
  let unreadable = 0;
  const ask = async (name: 'meetingID' | 'recordID', ids: readonly string[]): Promise<void> => {
    unreadable += (await askRecordings(listing, { [name]: ids.join(',') })).unreadable;
  };
  for await (const ids of batchesOf(known.meetingIds, MEETINGS_PER_CALL)) await ask('meetingID', ids);
  for await (const ids of batchesOf(known.recordIds, RECORDINGS_PER_CALL)) await ask('recordID', ids);
  return notesOf(listing, { 'by-batches': listing.kept(), unreadable });
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
