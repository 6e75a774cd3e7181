import { open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describeDiskFailure } from '../files/disk-failure.js';
import { freeBytes } from '../files/free-space.js';
import { syncDirectory } from '../files/write-atomically.js';
import type { Bandwidth } from './bandwidth.js';
import { renderBytes, renderDuration } from '../../output/units.js';
import { HttpFailure, shownUrl } from './http-failure.js';
import type { HttpAnswer, HttpClient, HttpRequest } from './open-http.js';
import { systemTexts } from '../../errors/system.js';

export interface DownloadOptions {
  readonly request: HttpRequest;
  /** Final path; the bytes grow in `FILE.part` beside it. */
  readonly file: string;
  /** Permission bits of the final file, 0600 by default. */
  readonly mode?: number;
  readonly onProgress?: (progress: {
    readonly receivedBytes: number;
    readonly totalBytes: number | null;
  }) => void;
  readonly bandwidth?: Bandwidth;
  /** Refused when the server sends more; no limit by default. */
  readonly maxBytes?: number;
  /** Given up when less came over a minute; no limit by default. */
  readonly leastBytesPerSecond?: number;
  /** Given up after that time, however fast it comes. */
  readonly deadlineMs?: number;
  /** What must stay free on the disk, beside the file itself. */
  readonly minFreeBytes?: number;
}

const NEVER_TAKEN = new Set(['http-too-large', 'download-not-media', 'download-empty']);
const MOST_UNPACKED_BYTES = 300e6;
const PACE_WINDOW_MS = 60_000;

/** What a partial file is a part of: it is resumed only while the server still offers the same. */
interface Offer {
  readonly etag: string | null;
  readonly lastModified: string | null;
  readonly totalBytes: number | null;
}

/**
 * Streams a file to disk: resumes `FILE.part` by Range while the server still offers the same file, checks the
 * length, fsyncs, renames. A cut connection resumes by itself as long as bytes still come; the final name never
 * shows a partial file.
 * @returns the size written.
 * @throws HttpFailure download-incomplete, download-empty, download-not-media, http-…; OperatorError disk-full.
 */
export async function download(
  http: HttpClient,
  options: DownloadOptions,
): Promise<{ readonly sizeBytes: number }> {
  const part = `${options.file}.part`;
  const request: HttpRequest = {
    ...options.request,
    identity: true,
    accepts: (status) => status === 200 || status === 206 || status === 416,
    headers: async () => ({ ...(await headersOf(options.request)), ...(await rangeHeaders(part)) }),
  };
  for (;;) {
    const before = await sizeOf(part);
    try {
      const sizeBytes = await http.consume(request, (answer) => receive(answer, part, options));
      await settle(part, options.file, options.mode ?? 0o600);
      return { sizeBytes };
    } catch (error) {
      const goesOn =
        error instanceof HttpFailure &&
        error.retryable &&
        (await sizeOf(part)) > before &&
        request.retries !== 0;
      // Nobody goes on with a part of what is never taken.
      if (error instanceof HttpFailure && NEVER_TAKEN.has(error.code)) await discard(part);
      if (!goesOn) throw describeDiskFailure(error, part);
    }
  }
}

const headersOf = async ({ headers }: HttpRequest): Promise<Readonly<Record<string, string>>> =>
  typeof headers === 'function' ? headers() : (headers ?? {});

const offerFile = (part: string): string => `${part}.offer`;

async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}

async function readOffer(part: string): Promise<Offer | null> {
  try {
    return JSON.parse(await readFile(offerFile(part), 'utf8')) as Offer;
  } catch {
    return null;
  }
}

/** Asks for what is missing; a part of we know not what is thrown away. */
async function rangeHeaders(part: string): Promise<Record<string, string>> {
  const size = await sizeOf(part);
  const offer = await readOffer(part);
  if (size === 0) return {};
  if (offer === null) {
    await discard(part);
    return {};
  }
  // A weak entity tag proves nothing about bytes (RFC 9110, 13.1.5).
  const strongTag = offer.etag?.startsWith('W/') === false ? offer.etag : null;
  const proof = strongTag ?? offer.lastModified;
  return { range: `bytes=${size}-`, ...(proof === null ? {} : { 'if-range': proof }) };
}

async function discard(part: string): Promise<void> {
  await rm(part, { force: true });
  await rm(offerFile(part), { force: true });
}

async function receive(answer: HttpAnswer, part: string, options: DownloadOptions): Promise<number> {
  const { headers, status } = answer;
  const have = await sizeOf(part);
  const range = readContentRange(headers['content-range']);
  if (status === 416) {
    if (have > 0 && range?.totalBytes === have) return have;
    throw await changed(answer, part);
  }
  const known = (await readOffer(part))?.totalBytes ?? null;
  if (status === 206 && (range?.start !== have || (known !== null && range.totalBytes !== known)))
    throw await changed(answer, part);
  const offset = status === 206 ? have : 0;
  const encoded = !['', 'identity'].includes(headers['content-encoding'] ?? '');
  const announced =
    encoded || headers['content-length'] === undefined ? null : Number(headers['content-length']);
  const totalBytes = range?.totalBytes ?? (announced === null ? null : offset + announced);
  await refuse(answer, part, totalBytes, offset, options);
  const offer: Offer = {
    etag: headers['etag'] ?? null,
    lastModified: headers['last-modified'] ?? null,
    totalBytes,
  };
  await onDisk(part, () => writeFile(offerFile(part), JSON.stringify(offer), { mode: 0o600 }));
  const received = await append(answer, part, offset, totalBytes, { ...options, encoded });
  if (totalBytes !== null && received !== totalBytes)
    throw new HttpFailure(
      'download-incomplete',
      { url: shownUrl(answer.url), received, expected: totalBytes },
      { retryable: received < totalBytes },
    );
  if (received === 0)
    throw new HttpFailure('download-empty', { url: shownUrl(answer.url) }, { retryable: false });
  return received;
}

/** The file changed on the server: the part is worth nothing, the next attempt begins anew. */
async function changed(answer: HttpAnswer, part: string): Promise<HttpFailure> {
  await discard(part);
  return new HttpFailure(
    'http-cut',
    { url: shownUrl(answer.url), detail: 'the file changed meanwhile' },
    { retryable: true },
  );
}

function readContentRange(text: string | undefined): { start: number; totalBytes: number | null } | null {
  const match = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(text ?? '');
  if (match === null) return null;
  return { start: Number(match[1] ?? -1), totalBytes: match[2] === '*' ? null : Number(match[2]) };
}

async function refuse(
  { url, headers }: HttpAnswer,
  part: string,
  totalBytes: number | null,
  offset: number,
  { maxBytes, minFreeBytes = 0 }: DownloadOptions,
): Promise<void> {
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (type === 'text/html' || type === 'application/xhtml+xml')
    throw new HttpFailure(
      'download-not-media',
      { url: shownUrl(url), type, ...(totalBytes === null ? {} : { sizeBytes: totalBytes }) },
      { retryable: false },
    );
  if (maxBytes !== undefined && totalBytes !== null && totalBytes > maxBytes)
    throw new HttpFailure(
      'http-too-large',
      { url: shownUrl(url), limit: maxBytes, sizeBytes: totalBytes },
      { retryable: false },
    );
  const rest = totalBytes === null ? 0 : totalBytes - offset;
  if (rest + minFreeBytes <= 0) return;
  const free = await freeBytes(path.dirname(part));
  if (free < rest) throw systemTexts.diskFull({ path: part });
  if (free < rest + minFreeBytes)
    throw systemTexts.minFreeReached({
      path: path.dirname(part),
      free: renderBytes(free - rest),
      least: renderBytes(minFreeBytes),
    });
}

/**
 * A server that sends a byte a second never falls silent: the rate of each minute counts, and the whole time.
 * @returns told of each piece that came. @throws HttpFailure http-too-slow
 */
function watchPace(
  url: URL,
  { leastBytesPerSecond = 0, deadlineMs = Infinity, bandwidth }: DownloadOptions,
): (bytes: number) => void {
  const startedAt = performance.now();
  let windowFrom = startedAt;
  let inWindow = 0;
  const tooSlow = (rate: string): HttpFailure =>
    new HttpFailure('http-too-slow', { url: shownUrl(url), rate }, { retryable: false });
  return (bytes) => {
    const now = performance.now();
    inWindow += bytes;
    if (now - startedAt > deadlineMs) throw tooSlow(`not whole after ${renderDuration(now - startedAt)}`);
    if (now - windowFrom < PACE_WINDOW_MS) return;
    const perSecond = (inWindow * 1000) / (now - windowFrom);
    // Who limits the bandwidth is slow on purpose.
    if (bandwidth === undefined && perSecond < leastBytesPerSecond)
      throw tooSlow(`${renderBytes(perSecond)} a second`);
    windowFrom = now;
    inWindow = 0;
  };
}

async function append(
  { url, body }: HttpAnswer,
  part: string,
  offset: number,
  totalBytes: number | null,
  options: DownloadOptions & { readonly encoded: boolean },
): Promise<number> {
  const { request, bandwidth, onProgress } = options;
  // We ask for the bytes as they are: what comes compressed all the same may be a bomb.
  const maxBytes = Math.min(options.maxBytes ?? Infinity, options.encoded ? MOST_UNPACKED_BYTES : Infinity);
  const pace = watchPace(url, options);
  const handle = await onDisk(part, () => open(part, offset === 0 ? 'w' : 'a', 0o600));
  let receivedBytes = offset;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      await bandwidth?.spend(chunk.length, request.signal);
      if (receivedBytes + chunk.length > maxBytes)
        throw new HttpFailure(
          'http-too-large',
          { url: shownUrl(url), limit: maxBytes },
          { retryable: false },
        );
      await onDisk(part, () => handle.writeFile(chunk));
      receivedBytes += chunk.length;
      onProgress?.({ receivedBytes, totalBytes });
      pace(chunk.length);
    }
    await onDisk(part, () => handle.sync());
  } finally {
    await handle.close();
  }
  return receivedBytes;
}

/** Failures of the disk must not pass for failures of the web, which are tried again. */
async function onDisk<T>(file: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw describeDiskFailure(error, file);
  }
}

async function settle(part: string, file: string, mode: number): Promise<void> {
  const handle = await open(part, 'r+');
  try {
    await handle.chmod(mode);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(part, file);
  await rm(offerFile(part), { force: true });
  await syncDirectory(path.dirname(file));
}
