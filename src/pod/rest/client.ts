import { messageOf, OperatorError } from '../../kit/errors/operator-error.js';
import { asRecord } from '../../kit/record.js';
import { redactText } from '../../kit/config/redact.js';
import type { Secret } from '../../kit/config/secret.js';
import type { FetchText } from '../../kit/adapters/http/fetch-text.js';
import { texts } from '../texts.js';

export type Row = Readonly<Record<string, unknown>>;

interface PodRestSettings {
  readonly url: string;
  readonly token: Secret;
  readonly fetchText: FetchText;
}

const MAX_PAGES = 2000;

/** Pod's REST: token, pages, status codes, and addresses always rebuilt on the configured base. */
export class PodRest {
  readonly #base: string;
  readonly #token: Secret;
  readonly #fetchText: FetchText;

  constructor({ url, token, fetchText }: PodRestSettings) {
    this.#base = url.replace(/\/+$/, '').replace(/\/rest$/, '');
    this.#token = token;
    this.#fetchText = fetchText;
  }

  /**
   * An address below the base, as DRF wants hyperlinks. Behind a TLS proxy Pod writes http:// and inner host names: only
   * the path from /rest/ on is believed.
   */
  link(place: string): string {
    const at = place.indexOf('/rest/');
    return `${this.#base}${at === -1 ? `/rest/${place.replace(/^\/+/, '')}` : place.slice(at)}`;
  }

  /** A row, or null for 404. `place` is a path below the base, or a hyperlink that Pod gave. */
  async read(place: string, signal: AbortSignal): Promise<Row | null> {
    try {
      return asRecord(await this.#demand('GET', place, signal));
    } catch (error) {
      if (isAbsent(error)) return null;
      throw error;
    }
  }

  /** All rows of a listing, every page. */
  async list(place: string, signal: AbortSignal): Promise<Row[]> {
    const rows: Row[] = [];
    let next: string | null = place;
    for (let page = 0; next !== null && page < MAX_PAGES; page++) {
      const answer: unknown = await this.#demand('GET', next, signal);
      if (Array.isArray(answer)) return answer.map(asRecord);
      const { results, next: following } = asRecord(answer);
      if (!Array.isArray(results))
        throw texts.livePodUnreachable({ detail: `${pathOf(place)} has no results` });
      rows.push(...results.map(asRecord));
      next = typeof following === 'string' ? following : null;
    }
    return rows;
  }

  async write(method: 'POST' | 'PATCH', place: string, body: Row, signal: AbortSignal): Promise<Row> {
    return asRecord(await this.#demand(method, place, signal, body));
  }

  /** Also when it was gone before. */
  async remove(place: string, signal: AbortSignal): Promise<void> {
    try {
      await this.#demand('DELETE', place, signal);
    } catch (error) {
      if (!isAbsent(error)) throw error;
    }
  }

  /** @throws OperatorError live-pod-unreachable, live-pod-refused */
  async #demand(method: string, place: string, signal: AbortSignal, body?: Row): Promise<unknown> {
    const { status, text } = await this.#send(method, place, signal, body);
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
  }

  async #send(
    method: string,
    place: string,
    signal: AbortSignal,
    body: Row | undefined,
  ): Promise<{ status: number; text: string }> {
    try {
      return await this.#fetchText({
        method,
        url: this.link(place),
        headers: {
          authorization: `Token ${this.#token.reveal()}`,
          accept: 'application/json',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal,
      });
    } catch (error) {
      signal.throwIfAborted();
      throw texts.livePodUnreachable({ detail: messageOf(error, 'no answer') });
    }
  }
}

const isAbsent = (error: unknown): boolean =>
  error instanceof OperatorError && error.parameters['status'] === 404;

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
