import type { FetchText } from '../kit/adapters/http/fetch-text.js';
import { messageOf, OperatorError } from '../kit/errors/operator-error.js';
import { signedLiveUrl, type BbbServer, type LiveCall } from './bbb-api.js';
import { texts } from './texts.js';

/** How `live` speaks to one server: signed reading calls, join and chat. */
export interface LiveApi {
  get(
    call: LiveCall,
    query: URLSearchParams,
    signal?: AbortSignal,
  ): Promise<{ status: number; text: string }>;
  /** A signed address, for a browser. Holds the checksum: never shown. */
  sign(call: LiveCall, query: URLSearchParams): string;
}

export interface LiveApiSettings extends Omit<BbbServer, 'name'> {
  readonly fetchText: FetchText;
}

export function liveApi({ fetchText, ...server }: LiveApiSettings): LiveApi {
  const sign = (call: LiveCall, query: URLSearchParams): string =>
    signedLiveUrl(server, call, Object.fromEntries(query));
  return {
    sign,
    get: async (call, query, signal) => {
      try {
        return await fetchText({ method: 'GET', url: sign(call, query), signal });
      } catch (error) {
        signal?.throwIfAborted();
        if (error instanceof OperatorError && error.code.startsWith('live-')) throw error;
        throw texts.liveBbbUnreachable({
          call,
          detail: messageOf(error, 'no answer'),
        });
      }
    },
  };
}
