import { pipeline, type Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import pRetry from 'p-retry';
import type { CookieJar } from './cookie-jar.js';
import { decodeText } from './decode-text.js';
import { HttpFailure, describeFailure, refusedStatus, shownUrl } from './http-failure.js';
import { openWay, type HttpSettings, type Way } from './open-way.js';
import { send } from './undici.js';

export type { HttpSettings } from './open-way.js';

export interface HttpRequest {
  readonly url: string | URL;
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** A function is asked at each attempt. */
  readonly headers?: Readonly<Record<string, string>> | (() => Promise<Readonly<Record<string, string>>>);
  readonly body?: string | Buffer | Readable;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
  /** 0 for a single-use token, and by default for what is not GET or HEAD. */
  readonly retries?: number;
  /** One session: kept and sent at every hop, to whom they belong. */
  readonly cookies?: CookieJar;
  /** Who may see `headers` beside accept and range; the origin of `url` by default. */
  readonly identifiesTo?: (url: URL) => boolean;
  readonly maxRedirects?: number;
  /** Which statuses are answers and not failures; 200 to 299 by default. */
  readonly accepts?: (status: number) => boolean;
  /** Refuses a hop before it is made. */
  readonly allows?: (url: URL) => boolean;
  /** Ask for the bytes as they are: ranges and lengths then mean what they say. */
  readonly identity?: boolean;
}

export interface HttpAnswer {
  /** After redirects. */
  readonly url: URL;
  readonly status: number;
  /** Names in lower case; repeated ones joined with `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** Decompressed. Must be read to its end, or destroyed. */
  readonly body: Readable;
}

export interface HttpClient {
  /**
   * Sends a request, follows redirects, and gives the answer to `use`; the whole of it is tried again when the
   * network or a busy server fails, also in the middle of the body: `use` starts afresh then.
   * @throws HttpFailure (an OperatorError with a redacted URL); the signal's reason when aborted.
   */
  consume<T>(request: HttpRequest, use: (answer: HttpAnswer, attempt: number) => Promise<T>): Promise<T>;
  /** The whole body as text, in the charset it says. @param maxBytes 16 MB by default; http-too-large beyond. */
  readText(
    request: HttpRequest,
    maxBytes?: number,
  ): Promise<Omit<HttpAnswer, 'body'> & { readonly text: string }>;
  close(): Promise<void>;
}

const USER_AGENT = 'bbb2pod (+BigBlueButton recordings to Esup-Pod)';
const MAX_RETRY_AFTER_MS = 60_000;

/** Opens the one adapter of the web. @throws OperatorError http-ca-unreadable */
export function openHttp(settings: HttpSettings = {}): HttpClient {
  const { timeoutMs = 180_000, retries = 4, retryDelayMs = 1000 } = settings;
  const way = openWay(settings);
  const consume: HttpClient['consume'] = (request, use) => {
    const limit = request.timeoutMs ?? timeoutMs;
    const isRead = request.method === undefined || request.method === 'GET' || request.method === 'HEAD';
    return pRetry((attempt) => attemptOnce(way, request, limit, (answer) => use(answer, attempt)), {
      retries: request.retries ?? (isRead ? retries : 0),
      minTimeout: retryDelayMs,
      maxTimeout: 60_000,
      randomize: retryDelayMs >= 1000,
      ...(request.signal === undefined ? {} : { signal: request.signal }),
      shouldRetry: ({ error }) => error instanceof HttpFailure && error.retryable,
      onFailedAttempt: async ({ error, attemptNumber, retriesLeft }) => {
        if (!(error instanceof HttpFailure) || !error.retryable || retriesLeft === 0) return;
        settings.onRetry?.({ reason: error.message, attempt: attemptNumber });
        if (error.retryAfterMs !== null)
          await delay(Math.min(error.retryAfterMs, MAX_RETRY_AFTER_MS), undefined, {
            ...(request.signal === undefined ? {} : { signal: request.signal }),
          });
      },
    });
  };
  return {
    consume,
    readText: (request, maxBytes = 16_000_000) =>
      consume(request, async ({ body, ...answer }) => ({
        ...answer,
        text: decodeText(await readAll(body, answer.url, maxBytes), answer.headers['content-type']),
      })),
    // Not `close()`, which waits for answers that nobody reads any more.
    close: () => way.dispatcher.destroy(),
  };
}

async function attemptOnce<T>(
  { dispatcher, judge }: Way,
  request: HttpRequest,
  timeoutMs: number,
  use: (answer: HttpAnswer) => Promise<T>,
): Promise<T> {
  let url = typeof request.url === 'string' ? parseUrl(request.url) : request.url;
  let body: Readable | null = null;
  try {
    for (let hop = 0; ; hop++) {
      request.signal?.throwIfAborted();
      await judge(url);
      const sent = await sendOnce(dispatcher, request, url, timeoutMs);
      body = sent.body.on('error', () => undefined);
      const next = redirectOf(sent.status, sent.headers, url);
      if (next === null) {
        if (!(request.accepts ?? isSuccess)(sent.status))
          throw refusedStatus(url, sent.status, sent.headers['retry-after'], Date.now());
        return await use({ ...sent, url });
      }
      sent.body.destroy();
      if (hop >= (request.maxRedirects ?? 5) || !/^https?:$/.test(next.protocol))
        throw new HttpFailure('http-redirects', { url: shownUrl(url) }, { retryable: false });
      if (request.allows?.(next) === false)
        throw new HttpFailure(
          'http-elsewhere',
          { url: shownUrl(url), target: next.origin, host: next.host },
          { retryable: false },
        );
      url = next;
    }
  } catch (error) {
    request.signal?.throwIfAborted();
    throw describeFailure(error, url, timeoutMs);
  } finally {
    body?.destroy();
  }
}

function parseUrl(text: string): URL {
  if (URL.canParse(text)) return new URL(text);
  throw new HttpFailure('http-redirects', { url: shownUrl(text) }, { retryable: false });
}

const isSuccess = (status: number): boolean => status >= 200 && status < 300;

async function sendOnce(
  dispatcher: Way['dispatcher'],
  request: HttpRequest,
  url: URL,
  timeoutMs: number,
): Promise<Omit<HttpAnswer, 'url'>> {
  const cookie = request.cookies?.header(url) ?? null;
  const asked = (typeof request.headers === 'function' ? await request.headers() : request.headers) ?? {};
  const identifies =
    request.identifiesTo ?? (({ origin }: URL): boolean => origin === new URL(request.url).origin);
  const own = identifies(url) ? asked : withoutIdentity(asked);
  const { statusCode, headers, body } = await send(dispatcher, url, {
    method: request.method ?? 'GET',
    headers: {
      'user-agent': USER_AGENT,
      accept: '*/*',
      'accept-encoding': request.identity === true ? 'identity' : 'gzip, deflate',
      ...own,
      ...(cookie === null ? {} : { cookie }),
    },
    ...(request.body === undefined ? {} : { body: request.body }),
    ...(request.signal === undefined ? {} : { signal: request.signal }),
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  });
  const setCookies = headers['set-cookie'] ?? [];
  request.cookies?.store(url, Array.isArray(setCookies) ? setCookies : [setCookies]);
  const flat = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
  return { status: statusCode, headers: flat, body: decompress(body, flat['content-encoding']) };
}

/** What proves who we are goes to the host that was meant, not where it redirects to. */
const withoutIdentity = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).filter(([name]) => ['accept', 'range', 'if-range'].includes(name.toLowerCase())),
  );

function redirectOf(status: number, headers: Readonly<Record<string, string>>, url: URL): URL | null {
  const target = headers['location'];
  if (![301, 302, 303, 307, 308].includes(status) || target === undefined) return null;
  return URL.canParse(target, url.href) ? new URL(target, url.href) : null;
}

function decompress(body: Readable, encoding: string | undefined): Readable {
  const name = encoding?.trim().toLowerCase() ?? '';
  if (name === '' || name === 'identity') return body;
  const decoder =
    name === 'br' ? createBrotliDecompress() : name === 'deflate' ? createInflate() : createGunzip();
  pipeline(body, decoder, () => undefined);
  return decoder;
}

async function readAll(body: Readable, url: URL, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes)
      throw new HttpFailure('http-too-large', { url: shownUrl(url), limit: maxBytes }, { retryable: false });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
