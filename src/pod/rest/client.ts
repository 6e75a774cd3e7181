import { messageOf, OperatorError } from '../../kit/errors/operator-error.js';
import { asRecord } from '../../kit/record.js';
import { redactText } from '../../kit/config/redact.js';
import type { Secret } from '../../kit/config/secret.js';
import type { FetchText } from '../../kit/adapters/http/fetch-text.js';
import { texts } from '../texts.js';

export type Row = Readonly<Record<string, unknown>>;

/** Pod's REST: token, pages, status codes, and addresses always rebuilt on the configured base. */
export interface PodRest {
  /** A row, or null for 404. `place` is a path below the base, or a hyperlink that Pod gave. */
  read(place: string, signal: AbortSignal): Promise<Row | null>;
  /** All rows of a listing, every page. */
  list(place: string, signal: AbortSignal): Promise<Row[]>;
  write(method: 'POST' | 'PATCH', place: string, body: Row, signal: AbortSignal): Promise<Row>;
  /** True when it is gone, also when it was before. */
  remove(place: string, signal: AbortSignal): Promise<void>;
  /** An address below the base, as DRF wants hyperlinks. */
  link(place: string): string;
}

const MAX_PAGES = 2000;

export function podRest({
  url,
  token,
  fetchText,
}: {
  url: string;
  token: Secret;
  fetchText: FetchText;
}): PodRest {
  const base = url.replace(/\/+$/, '').replace(/\/rest$/, '');
  /** Behind a TLS proxy Pod writes http:// and inner host names: only the path from /rest/ on is believed. */
  const link = (place: string): string => {
    const at = place.indexOf('/rest/');
    return `${base}${at === -1 ? `/rest/${place.replace(/^\/+/, '')}` : place.slice(at)}`;
  };
  const send = async (
    method: string,
    place: string,
    signal: AbortSignal,
    body?: Row,
  ): Promise<{ status: number; text: string }> => {
    try {
      return await fetchText({
        method,
        url: link(place),
        headers: {
          authorization: `Token ${token.reveal()}`,
          accept: 'application/json',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal,
      });
    } catch (error) {
      signal.throwIfAborted();
      throw texts.livePodUnreachable({
        detail: messageOf(error, 'no answer'),
      });
    }
  };
  const demand = async (method: string, place: string, signal: AbortSignal, body?: Row): Promise<unknown> => {
    const { status, text } = await send(method, place, signal, body);
    if (status >= 500) throw texts.livePodUnreachable({ detail: `status ${status} for ${pathOf(place)}` });
    if (status < 200 || status > 299)
      throw texts.livePodRefused({
        what: `${method} ${pathOf(place)}`,
        status,
        detail: redactText(text).slice(0, 300),
      });
    try {
      return text === '' ? {} : JSON.parse(text);
    } catch {
      throw texts.livePodUnreachable({ detail: `${pathOf(place)} is not JSON` });
    }
  };
  return {
    link,
    read: async (place, signal) => {
      try {
        return asRecord(await demand('GET', place, signal));
      } catch (error) {
        if (error instanceof OperatorError && error.parameters['status'] === 404) return null;
        throw error;
      }
    },
    list: async (place, signal) => {
      const rows: Row[] = [];
      let next: string | null = place;
      for (let page = 0; next !== null && page < MAX_PAGES; page++) {
        const answer: unknown = await demand('GET', next, signal);
        if (Array.isArray(answer)) return answer.map(asRecord);
        const { results, next: following } = asRecord(answer);
        if (!Array.isArray(results))
          throw texts.livePodUnreachable({ detail: `${pathOf(place)} has no results` });
        rows.push(...results.map(asRecord));
        next = typeof following === 'string' ? following : null;
      }
      return rows;
    },
    write: async (method, place, body, signal) => asRecord(await demand(method, place, signal, body)),
    remove: async (place, signal) => {
      try {
        await demand('DELETE', place, signal);
      } catch (error) {
        if (!(error instanceof OperatorError && error.parameters['status'] === 404)) throw error;
      }
    },
  };
}

const pathOf = (place: string): string => {
  const at = place.indexOf('/rest/');
  return at === -1 ? place : place.slice(at);
};

/** Last number of a hyperlink: `http://inner/rest/bbb_meeting/12/` is 12; a plain number is itself. */
export function idOf(link: unknown): number {
  if (typeof link === 'number') return link;
  const found = typeof link === 'string' ? /(\d+)\/?(?:\?.*)?$/.exec(link) : null;
  return found === null ? 0 : Number(found[1]);
}
