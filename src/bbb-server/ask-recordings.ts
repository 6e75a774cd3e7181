import { redactText } from '../kit/config/redact.js';
import { decodeStream } from '../kit/adapters/http/decode-text.js';
import { HttpFailure } from '../kit/adapters/http/http-failure.js';
import type { HttpClient } from '../kit/adapters/http/open-http.js';
import { OperatorError } from '../kit/errors/operator-error.js';
import type { Recording } from '../bbb/recording.js';
import { texts as bbbTexts } from '../bbb/texts.js';
import { apiBase, signedUrl, type BbbServer } from './bbb-api.js';
import { parseRecordings, type RecordingsAnswer } from './parse-recordings.js';
import type { XmlNode } from './read-recording.js';

export interface Asking {
  readonly http: HttpClient;
  readonly server: BbbServer;
  readonly signal: AbortSignal;
  readonly keep: (recording: Recording, node: XmlNode) => void;
}

/** One getRecordings call, streamed. Tried again as a whole when the network fails in its middle. */
export async function askRecordings(
  { http, server, signal, keep }: Asking,
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

/**
 * What a list too long for a server looks like: time-outs, server errors, the 404 that old servers give instead
 * (bigbluebutton issue 10570), and Scalelite's refusal of a list without ids.
 */
export function isTooMuch(error: unknown): boolean {
  if (error instanceof OperatorError && error.code === 'bbb-listing-filtered') return true;
  const failure = error instanceof OperatorError && error.cause instanceof HttpFailure ? error.cause : error;
  if (!(failure instanceof HttpFailure)) return false;
  const { code, status } = failure;
  return code === 'http-timeout' || code === 'http-cut' || status === 404 || (status ?? 0) >= 500;
}
