import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { CookieJar } from '../kit/adapters/http/cookie-jar.js';
import type { HttpAnswer, HttpClient } from '../kit/adapters/http/open-http.js';
import { listenOnLoopback, type LoopbackServer } from './loopback-server.js';

export interface PlayerServer {
  /** The player's page, after its redirects. */
  readonly page: URL;
  readonly http: HttpClient;
  readonly headers: Readonly<Record<string, string>>;
  readonly identifiesTo?: (url: URL) => boolean;
  readonly cookies: CookieJar;
  readonly signal: AbortSignal;
}

export interface PlayerFeeder extends LoopbackServer {
  readonly origin: string;
  /** The browser shows it: other people of the machine must not read a protected recording here. */
  readonly cookie: { readonly name: string; readonly value: string };
  /** Answers on their way that are no media: slides and data that a picture waits for. */
  pending(): number;
}

/** One browser's whole appetite, and one answer's silence: a page of the outside must not fill the machine. */
const MOST_BYTES = 20e9;
const PASSED = [
  'content-type',
  'content-range',
  'accept-ranges',
  'last-modified',
  'etag',
  'cache-control',
] as const;

/**
 * The only thing that the page of a player reaches: a server on loopback that fetches from the playback host and from
 * nowhere else, with the session (cookies, headers, certificates) that the page itself never sees.
 */
export async function feedPlayer(target: PlayerServer): Promise<PlayerFeeder> {
  const cookie = { name: 'bbb2pod', value: randomBytes(18).toString('base64url') };
  let pending = 0;
  let servedBytes = 0;
  const server = createServer((request, response) => {
    const isOurs = (request.headers.cookie ?? '').split('; ').includes(`${cookie.name}=${cookie.value}`);
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (!isOurs || !isRead || servedBytes > MOST_BYTES) {
      response.writeHead(403).end();
      return;
    }
    const media = request.headers.range !== undefined;
    if (!media) pending++;
    forward(target, request, response, (bytes) => (servedBytes += bytes))
      .catch(() => response.destroy())
      .finally(() => {
        if (!media) pending--;
      });
  });
  const { port, close } = await listenOnLoopback(server);
  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    cookie,
    pending: () => pending,
    close,
  };
}

async function forward(
  { page, http, headers, identifiesTo = () => false, cookies, signal }: PlayerServer,
  request: IncomingMessage,
  response: ServerResponse,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const url = new URL(page.origin);
  const [name = '/', query = ''] = (request.url ?? '/').split('?', 2);
  url.pathname = name;
  url.search = query;
  const { range } = request.headers;
  await http.consume(
    {
      url,
      method: request.method === 'HEAD' ? 'HEAD' : 'GET',
      headers: { ...headers, ...(range === undefined ? {} : { range }) },
      cookies,
      identifiesTo,
      signal: AbortSignal.any([signal, gone.signal]),
      identity: true,
      accepts: () => true,
      allows: ({ origin }) => origin === page.origin,
    },
    (answer) => pass(answer, response, onBytes),
  );
}

async function pass(
  { status, headers, body }: HttpAnswer,
  response: ServerResponse,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const kept = PASSED.flatMap((name) => {
    const value = headers[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const encoded = /\S/.test(headers['content-encoding'] ?? '') && headers['content-encoding'] !== 'identity';
  response.writeHead(status, {
    ...Object.fromEntries(kept),
    ...(encoded || headers['content-length'] === undefined
      ? {}
      : { 'content-length': headers['content-length'] }),
    'access-control-allow-origin': '*',
  });
  body.on('data', (chunk: Buffer) => onBytes(chunk.length));
  await pipeline(body, response);
}

const require = createRequire(import.meta.url);

/**
 * A font that the whiteboard of BBB 3.0 asks from a public server, in base64: our packages hold the same ones.
 * Null for anything else.
 */
export async function localFont(url: string): Promise<string | null> {
  const name = /\/([\w-]+\.woff2)(?:\?|$)/.exec(url)?.[1];
  if (name === undefined) return null;
  const folder = path.join(path.dirname(require.resolve('@tldraw/assets/package.json')), 'fonts');
  return readFile(path.join(folder, name), 'base64').catch(() => null);
}
