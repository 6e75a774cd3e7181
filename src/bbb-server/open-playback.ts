import { mkdir, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  defaultFileLimits,
  htmlPage,
  isPage,
  kindOf,
  limitOf,
  type FileLimits,
} from '../bbb/published-file.js';
import { fileShortfall } from './file-shortfall.js';
import type { OpenedRecording } from '../recorder/recording-ports.js';
import type { RemoteFiles } from '../recorder/fetch-presentation.js';
import { isTokenUrl, parsePlaybackUrl } from '../bbb/playback-url.js';
import { safeJoin } from '../kit/adapters/files/safe-join.js';
import { CookieJar } from '../kit/adapters/http/cookie-jar.js';
import { download } from '../kit/adapters/http/download.js';
import { HttpFailure, shownUrl } from '../kit/adapters/http/http-failure.js';
import type { HttpClient } from '../kit/adapters/http/open-http.js';
import { findVideoFile } from './video-page.js';
import { texts } from './texts.js';

export interface PlaybackAccess {
  readonly http: HttpClient;
  /** `--header-file`, and who may see them; nobody where it is not said. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly identifiesTo?: (url: URL) => boolean;
  /** Servers beside the recording's own that its files may come from: `allow_hosts`. */
  readonly allowsElsewhere?: (url: URL) => boolean;
  /** Cookies of a cookies.txt; the session's own are added. */
  readonly cookies?: CookieJar;
  /** `defaultFetchLimits` where it is not given. */
  readonly limits?: FetchLimits;
  readonly signal: AbortSignal;
}

/** What one file may cost: `[recorder] max_picture, max_text, max_media, least_rate, file_deadline`. */
export interface FetchLimits extends FileLimits {
  readonly leastBytesPerSecond: number;
  readonly deadlineMs: number;
  /** Before what did not come is asked a second time. */
  readonly retryAfterMs: number;
}

export const defaultFetchLimits: FetchLimits = {
  ...defaultFileLimits,
  leastBytesPerSecond: 1000,
  deadlineMs: 6 * 3_600_000,
  retryAfterMs: 2000,
};

/**
 * Opens a playback URL of any form. A token is used exactly once: its page is asked, and the cookie it sets opens
 * the files from then on.
 * @param folder where the files of a presentation go.
 * @throws OperatorError playback-url-unknown, playback-gone; HttpFailure
 */
export async function openPlayback(
  url: string,
  folder: string,
  access: PlaybackAccess,
): Promise<OpenedRecording> {
  const parsed = parsePlaybackUrl(url);
  if (parsed === null) throw texts.playbackUrlUnknown({ url: shownUrl(url) });
  const { recordId } = parsed;
  const jar = access.cookies ?? new CookieJar();
  const viaPage = parsed.token || /\/recording\//.test(new URL(url).pathname);
  if (parsed.format === 'video') {
    const source = await findVideoFile(
      access.http,
      { url, signal: access.signal, headers: access.headers, identifiesTo: identifiesOf(access) },
      jar,
    );
    return {
      kind: 'video',
      recordId,
      fetchTo: (file, onBytes) => fetchFile(source, file, jar, access, onBytes),
    };
  }
  if (parsed.format !== 'presentation')
    throw texts.playbackFormatOther({ url: shownUrl(url), format: parsed.format });
  const page = viaPage ? await askPage(url, jar, access) : new URL(url);
  const base = filesBase(page, recordId);
  return { kind: 'presentation', recordId, files: remoteFiles(base, folder, jar, access) };
}

/** `/prefix/playback/presentation/…` has its files under `/prefix/presentation/ID/`. */
export function filesBase(page: URL, recordId: string): URL {
  const before = /^(.*?)\/(?:playback|recording|presentation)\//.exec(page.pathname)?.[1] ?? '';
  return new URL(`${before}/presentation/${recordId}/`, page.origin);
}

/**
 * The page behind a link, after its redirects; a token is spent by that one request, and its cookie kept.
 * @throws OperatorError playback-token-spent; HttpFailure
 */
export async function askPage(url: string, cookies: CookieJar, access: PlaybackAccess): Promise<URL> {
  const { http, signal, headers = {} } = access;
  const identifiesTo = identifiesOf(access);
  const token = isTokenUrl(url);
  try {
    const answer = await http.readText({
      ...{ url, cookies, headers, identifiesTo, signal },
      allows: ownServer(new URL(url), access),
      ...(token ? { retries: 0 } : {}),
    });
    return answer.url;
  } catch (error) {
    if (token && error instanceof HttpFailure && error.status !== null)
      throw texts.playbackTokenSpent({ url: shownUrl(url), status: error.status }, { cause: error });
    throw error;
  }
}

function remoteFiles(base: URL, folder: string, jar: CookieJar, access: PlaybackAccess): RemoteFiles {
  const { limits = defaultFetchLimits } = access;
  return {
    fetch: async (name, onBytes) => {
      const file = safeJoin(folder, name);
      const url = new URL(name.split('/').map(encodeURIComponent).join('/'), base);
      try {
        const found = await fetchFile(url, file, jar, access, onBytes, {
          name,
          allows: ownServer(base, access),
        });
        return found ? await refusePage(file) : '404';
      } catch (error) {
        access.signal.throwIfAborted();
        const received = (await sizeOf(`${file}.part`)) ?? 0;
        const shortfall = fileShortfall(error, limitOf(name, limits), received);
        // Who is refused the first texts is refused the recording.
        const refused = error instanceof HttpFailure && error.code === 'http-refused' && !name.includes('/');
        if (shortfall === null || refused) throw error;
        // The text of a slide without words.
        if (shortfall !== 'empty' || kindOf(name) !== 'text') return shortfall;
        await writeFile(file, '', { mode: 0o600 });
        return null;
      }
    },
    pause: () => sleep(limits.retryAfterMs, undefined, { signal: access.signal }),
    readText: (name) => readFile(safeJoin(folder, name), 'utf8').catch(() => null),
  };
}

/** A page that pretends to be a file is not kept: it is asked again. @returns what it is; null for no page */
async function refusePage(file: string): Promise<string | null> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(512), 0, 512, 0);
    if (!isPage(buffer.subarray(0, bytesRead))) return null;
    const { size } = await handle.stat();
    await rm(file);
    return htmlPage(size);
  } finally {
    await handle.close();
  }
}

const identifiesOf = ({ identifiesTo = () => false }: PlaybackAccess): ((url: URL) => boolean) =>
  identifiesTo;

/**
 * A recording's files come from the server of its page, or from one that `allow_hosts` names; from plain HTTP the same
 * host may lead on to HTTPS.
 */
export const ownServer =
  (base: URL, { allowsElsewhere = () => false }: Pick<PlaybackAccess, 'allowsElsewhere'>) =>
  (url: URL): boolean =>
    url.origin === base.origin ||
    (url.hostname === base.hostname && url.protocol === 'https:' && url.port === '' && base.port === '') ||
    allowsElsewhere(url);

/**
 * Brings one file to disk, resumed; false when the server has none.
 * @param more its name in the published folder, which decides how large it may be; `allows`: where it may be redirected
 * to; anywhere that the address guard permits when it is not given.
 */
export async function fetchFile(
  url: URL,
  file: string,
  cookies: CookieJar,
  access: PlaybackAccess,
  onBytes: (bytes: number) => void,
  { name = path.basename(file), allows }: { name?: string; allows?: (url: URL) => boolean } = {},
): Promise<boolean> {
  const { http, headers = {}, signal, limits = defaultFetchLimits } = access;
  const identifiesTo = identifiesOf(access);
  if ((await sizeOf(file)) !== null) return true;
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  let before = 0;
  try {
    await download(http, {
      request: { url, cookies, headers, identifiesTo, signal, ...(allows === undefined ? {} : { allows }) },
      file,
      maxBytes: limitOf(name, limits).bytes,
      leastBytesPerSecond: limits.leastBytesPerSecond,
      deadlineMs: limits.deadlineMs,
      onProgress: ({ receivedBytes }) => {
        onBytes(receivedBytes - before);
        before = receivedBytes;
      },
    });
    return true;
  } catch (error) {
    if (error instanceof HttpFailure && (error.status === 404 || error.status === 410)) return false;
    throw error;
  }
}

const sizeOf = (file: string): Promise<number | null> =>
  stat(file).then(
    ({ size }) => size,
    () => null,
  );
