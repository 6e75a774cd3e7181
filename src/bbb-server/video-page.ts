import path from 'node:path';
import { isTokenUrl } from '../bbb/playback-url.js';
import type { Bandwidth } from '../kit/adapters/http/bandwidth.js';
import { CookieJar } from '../kit/adapters/http/cookie-jar.js';
import { decodeText } from '../kit/adapters/http/decode-text.js';
import { download } from '../kit/adapters/http/download.js';
import { HttpFailure, shownUrl } from '../kit/adapters/http/http-failure.js';
import type { HttpClient } from '../kit/adapters/http/open-http.js';
import { safeJoin } from '../kit/adapters/files/safe-join.js';
import { videoSources } from './video-sources.js';
import { texts as bbbTexts } from '../bbb/texts.js';

export interface VideoDownload {
  readonly recordId: string;
  /** Video playback page: `…/playback/video/ID/`, or a single-use `…/recording/ID/video?token=T`. */
  readonly url: string;
  /** Where the file grows; what an interrupted run left there is resumed. */
  readonly directory: string;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: { readonly fraction: number }) => void;
}

export interface VideoSettings {
  readonly bandwidth?: Bandwidth;
  /** Refuses larger files. */
  readonly maxBytes?: number;
  readonly minFreeBytes?: number;
  /** A server that is slower over a minute, or takes longer for one file, is given up. */
  readonly leastBytesPerSecond?: number;
  readonly deadlineMs?: number;
  /** `--cookie`: a session that a protected server wants. */
  readonly cookies?: CookieJar;
}

/** What Pod takes for a video (VIDEO_ALLOWED_EXTENSIONS), and no sound. */
const EXTENSIONS = new Set('3gp avi divx flv m2p m4v mkv mov mp4 mpeg mpg mts wmv webm ts'.split(' '));
const MAX_PAGE_BYTES = 4_000_000;

/**
 * Downloads the video behind a playback page, in one cookie session: the page is asked exactly once when its link is
 * single-use, and the file with the cookies it gave. Resumes, checks the length, and names the file `ID.EXT`.
 * @throws OperatorError bbb-token-spent, bbb-video-missing; http-…, download-…, disk-full.
 */
export async function downloadVideo(
  http: HttpClient,
  request: VideoDownload,
  settings: VideoSettings = {},
): Promise<{ readonly path: string; readonly sizeBytes: number }> {
  const cookies = settings.cookies ?? new CookieJar();
  const file = await findVideoFile(http, request, cookies);
  const extension = extensionOf(file) ?? 'mp4';
  const target = safeJoin(request.directory, `${request.recordId}.${extension}`);
  const { sizeBytes } = await download(http, {
    request: { url: file, cookies, signal: request.signal },
    file: target,
    onProgress: ({ receivedBytes, totalBytes }) =>
      request.onProgress?.({ fraction: totalBytes === null ? 0 : receivedBytes / totalBytes }),
    ...(settings.bandwidth === undefined ? {} : { bandwidth: settings.bandwidth }),
    ...(settings.maxBytes === undefined ? {} : { maxBytes: settings.maxBytes }),
    ...(settings.minFreeBytes === undefined ? {} : { minFreeBytes: settings.minFreeBytes }),
    ...(settings.leastBytesPerSecond === undefined
      ? {}
      : { leastBytesPerSecond: settings.leastBytesPerSecond }),
    ...(settings.deadlineMs === undefined ? {} : { deadlineMs: settings.deadlineMs }),
  });
  return { path: target, sizeBytes };
}

/**
 * The address of the video behind a playback page; the page is asked once.
 * @throws OperatorError bbb-token-spent, bbb-video-missing; http-…
 */
export async function findVideoFile(
  http: HttpClient,
  {
    url,
    signal,
    headers,
    identifiesTo,
  }: {
    url: string;
    signal: AbortSignal;
    headers?: Readonly<Record<string, string>> | undefined;
    identifiesTo?: (url: URL) => boolean;
  },
  cookies: CookieJar,
): Promise<URL> {
  const single = isTokenUrl(url);
  if (!single && extensionOf(new URL(url)) !== null) return new URL(url);
  try {
    return await http.consume(
      {
        url,
        signal,
        cookies,
        ...(headers === undefined ? {} : { headers }),
        ...(identifiesTo === undefined ? {} : { identifiesTo }),
        ...(single ? { retries: 0 } : {}),
      },
      async (answer) => {
        if (/^(video|application\/octet-stream)/i.test(answer.headers['content-type'] ?? ''))
          return answer.url;
        let size = 0;
        const chunks: Buffer[] = [];
        for await (const chunk of answer.body as AsyncIterable<Buffer>) {
          size += chunk.length;
          if (size > MAX_PAGE_BYTES)
            throw new HttpFailure(
              'http-too-large',
              { url: shownUrl(url), limit: MAX_PAGE_BYTES },
              { retryable: false },
            );
          chunks.push(chunk);
        }
        const html = decodeText(Buffer.concat(chunks), answer.headers['content-type'] ?? 'text/html');
        return chooseSource(html, answer.url);
      },
    );
  } catch (error) {
    const spent = single && error instanceof HttpFailure && error.status !== null && error.status < 500;
    if (spent) throw bbbTexts.bbbTokenSpent({ url: shownUrl(url), status: error.status }, { cause: error });
    throw error;
  }
}

/** The last source that is a video, as Pod itself takes it. */
function chooseSource(html: string, page: URL): URL {
  const base = baseOf(page);
  const found = videoSources(html)
    .flatMap((src) => (URL.canParse(src, base.href) ? [new URL(src, base.href)] : []))
    .findLast((url) => extensionOf(url) !== null && /^https?:$/.test(url.protocol));
  if (found === undefined) throw bbbTexts.bbbVideoMissing({ url: shownUrl(page) });
  return found;
}

/**
 * What a page's relative addresses count from. The national server shows its page at the address of the token,
 * `/recording/ID/video`, and keeps the files at `/video/ID/`; a page asked without its final slash counts as a directory.
 */
function baseOf(page: URL): URL {
  const base = new URL(page.href);
  base.search = '';
  base.pathname = base.pathname.replace(/\/recording\/([^/]+)\/video\/?$/, '/video/$1/');
  if (/\/video\/[^/.]+$/.test(base.pathname)) base.pathname += '/';
  return base;
}

function extensionOf({ pathname }: URL): string | null {
  const extension = path.posix.extname(pathname).slice(1).toLowerCase();
  return EXTENSIONS.has(extension) ? extension : null;
}
