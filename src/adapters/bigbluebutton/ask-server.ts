import { XMLParser } from 'fast-xml-parser';
import type { AskBbb } from '../../doctor/ports.js';
import { HttpFailure } from '../http/http-failure.js';
import type { HttpClient } from '../http/open-http.js';
import { signedUrl, type BbbServer } from './bbb-api.js';
import { askRecordings } from './list-recordings.js';

const parser = new XMLParser({ parseTagValue: false });

/**
 * What doctor wants to know of a server: its version, its clock, and how many recordings it has, asked as cheaply as
 * it allows. Calls that read only.
 * @throws OperatorError as the listing does: unreachable, checksum refused, not an API.
 */
export const askServer = async (
  http: HttpClient,
  server: BbbServer,
  signal: AbortSignal,
): ReturnType<AskBbb> => {
  const sentAt = Date.now();
  const root = await http.readText({ url: signedUrl(server, ''), signal, retries: 1 });
  const middle = (sentAt + Date.now()) / 2;
  const date = Date.parse(root.headers['date'] ?? '');
  const count = await countRecordings(http, server, signal);
  return {
    version: versionOf(root.text),
    // The header counts whole seconds: half of one is taken off on either side.
    clockSkewMs: Number.isNaN(date) ? null : date + 500 - middle,
    ...count,
  };
};

async function countRecordings(
  http: HttpClient,
  server: BbbServer,
  signal: AbortSignal,
): Promise<{ recordings: number | null; paged: boolean | null }> {
  const ask = (parameters: Record<string, number>) =>
    askRecordings({ http, server, signal, keep: () => undefined }, parameters);
  try {
    const first = await ask({ offset: 0, limit: 1 });
    const shown = first.recordings + first.unreadable;
    if (first.announced !== null) return { recordings: first.announced, paged: true };
    if (shown > 1) return { recordings: shown, paged: false };
    const all = await ask({});
    const total = all.recordings + all.unreadable;
    return { recordings: total, paged: total > 1 ? true : null };
  } catch (error) {
    signal.throwIfAborted();
    // Too long a list: the server is there and knows us, it only cannot tell in one go.
    if (error instanceof HttpFailure && (error.code === 'http-timeout' || (error.status ?? 0) === 504))
      return { recordings: null, paged: null };
    throw error;
  }
}

function versionOf(text: string): string {
  const answer = parser.parse(text) as { response?: { bbbVersion?: unknown; version?: unknown } };
  const { bbbVersion, version } = answer.response ?? {};
  const shown = typeof bbbVersion === 'string' && bbbVersion !== '' ? bbbVersion : version;
  return typeof shown === 'string' ? shown : '?';
}
