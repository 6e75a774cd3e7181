import { mkdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { OperatorError } from '../kit/errors/operator-error.js';
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
  readonly signal: AbortSignal;
}

const MOST_FILE_BYTES = 20e9;

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
  return {
    fetch: async (name, onBytes) => {
      const file = safeJoin(folder, name);
      const url = new URL(name.split('/').map(encodeURIComponent).join('/'), base);
      try {
        return await fetchFile(url, file, jar, access, onBytes, ownServer(base, access));
      } catch (error) {
        // An empty file says nothing, and a page instead of a file is a server's way to say 404.
        if (error instanceof OperatorError && ['download-empty', 'download-not-media'].includes(error.code))
          return false;
        throw error;
      }
    },
    readText: (name) => readFile(safeJoin(folder, name), 'utf8').catch(() => null),
  };
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
 * @param allows where it may be redirected to; anywhere that the address guard permits when it is not given.
 */
export async function fetchFile(
  url: URL,
  file: string,
  cookies: CookieJar,
  access: PlaybackAccess,
  onBytes: (bytes: number) => void,
  allows?: (url: URL) => boolean,
): Promise<boolean> {
  const { http, headers = {}, signal } = access;
  const identifiesTo = identifiesOf(access);
  if ((await sizeOf(file)) !== null) return true;
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  let before = 0;
  try {
    await download(http, {
      request: { url, cookies, headers, identifiesTo, signal, ...(allows === undefined ? {} : { allows }) },
      file,
      maxBytes: MOST_FILE_BYTES,
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
