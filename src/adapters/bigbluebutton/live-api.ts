import { createHash } from 'node:crypto';
import { OperatorError } from '../../codes/operator-error.js';
import type { Secret } from '../../config/secret.js';

/** How `live` speaks to one server: signed reading calls, join and chat. */
export interface LiveApi {
  get(call: string, query: URLSearchParams, signal?: AbortSignal): Promise<{ status: number; text: string }>;
  /** A signed address, for a browser. Holds the checksum: never shown. */
  sign(call: string, query: URLSearchParams): string;
}

export interface LiveApiSettings {
  /** Bare host, `/bigbluebutton` or `/bigbluebutton/api`, with or without a final slash. */
  readonly url: string;
  readonly secret: Secret;
  readonly checksum: 'sha1' | 'sha256' | 'sha384' | 'sha512';
  readonly fetchText: FetchText;
}

/** The door to HTTP, as src/cli lends it. */
export type FetchText = (request: {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal | undefined;
}) => Promise<{ status: number; text: string }>;

export function liveApi({ url, secret, checksum, fetchText }: LiveApiSettings): LiveApi {
  const base = apiBase(url);
  const sign = (call: string, query: URLSearchParams): string => {
    const text = query.toString();
    const sum = createHash(checksum).update(`${call}${text}${secret.reveal()}`).digest('hex');
    return `${base}/${call}?${text}${text === '' ? '' : '&'}checksum=${sum}`;
  };
  return {
    sign,
    get: async (call, query, signal) => {
      try {
        return await fetchText({ method: 'GET', url: sign(call, query), signal });
      } catch (error) {
        signal?.throwIfAborted();
        if (error instanceof OperatorError && error.code.startsWith('live-')) throw error;
        throw new OperatorError('live-bbb-unreachable', {
          call,
          detail: error instanceof Error ? error.message : 'no answer',
        });
      }
    },
  };
}

function apiBase(url: string): string {
  const bare = url.replace(/\/+$/, '');
  if (bare.endsWith('/api')) return bare;
  return bare.endsWith('/bigbluebutton') ? `${bare}/api` : `${bare}/bigbluebutton/api`;
}
