import { SaxesParser } from 'saxes';
import type { OperatorError } from '../kit/errors/operator-error.js';
import { plainText } from '../kit/output/text.js';
import type { HttpClient } from '../kit/adapters/http/open-http.js';
import { apiBase, type BbbServer } from './bbb-api.js';
import { askRecordings } from './ask-recordings.js';
import { texts as bbbTexts } from '../bbb/texts.js';

/** What a server says of itself; the shape that `doctor` asks for. */
export interface ServerDescription {
  readonly version: string;
  /** Recordings of all states: announced by a paged answer, else counted in the whole of it. */
  readonly recordings: number;
  /** The server's clock minus ours, from its Date header (whole seconds); null without one. */
  readonly clockSkewMs: number | null;
  /** Whether offset and limit are obeyed; null when there are too few recordings to tell. */
  readonly paged: boolean | null;
}

/**
 * Asks a server for its version (unsigned), then for one recording (signed): reachability, signature, paging, count.
 * @throws OperatorError bbb-not-an-api, bbb-checksum-refused, bbb-call-failed, http-…
 */
export async function describeServer(
  http: HttpClient,
  server: BbbServer,
  signal: AbortSignal,
): Promise<ServerDescription> {
  const askedAt = Date.now();
  const root = await http.readText(
    { url: apiBase(server.url), signal, accepts: (status) => status < 500 },
    1_000_000,
  );
  const answeredAt = Date.now();
  const version = readVersion(root.status, root.text, server.url);
  const page = await askRecordings({ http, server, signal, keep: () => undefined }, { offset: 0, limit: 1 });
  const size = page.recordings + page.unreadable;
  const date = Date.parse(root.headers['date'] ?? '');
  return {
    version,
    recordings: page.announced?.total ?? size,
    // The header is cut to the second: half a second later is the best guess.
    clockSkewMs: Number.isNaN(date) ? null : date + 500 - (askedAt + answeredAt) / 2,
    paged: page.announced !== null ? true : size > 1 ? false : null,
  };
}

function readVersion(status: number, text: string, url: string): string {
  const refuse = (detail: string): OperatorError => bbbTexts.bbbNotAnApi({ url: apiBase(url), detail });
  if (status >= 400) throw refuse(`it answers ${status}`);
  const response = readElements(text);
  if (response === null) throw refuse('it answers no XML');
  if (response.get('returncode') !== 'SUCCESS') throw refuse('it answers no SUCCESS');
  const said = [response.get('bbbVersion'), response.get('apiVersion'), response.get('version')];
  return plainText(said.find((value) => value !== undefined && value !== '') ?? '?');
}

/** Text of each element of a small document, by name; null when it is not well-formed XML. */
function readElements(text: string): Map<string, string> | null {
  const elements = new Map<string, string>();
  const path: string[] = [];
  const parser = new SaxesParser({ position: false });
  const keep = (piece: string): void => {
    const name = path.at(-1) ?? '';
    elements.set(name, (elements.get(name) ?? '') + piece.trim());
  };
  parser.on('opentag', ({ name }) => path.push(name));
  parser.on('closetag', () => path.pop());
  parser.on('text', keep);
  parser.on('cdata', keep);
  parser.on('error', (error) => {
    throw error;
  });
  try {
    parser.write(text).close();
    return elements;
  } catch {
    return null;
  }
}
