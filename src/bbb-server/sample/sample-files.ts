import { createReadStream, type Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import { safeJoin } from '../../kit/adapters/files/safe-join.js';

const TYPES: Readonly<Record<string, string>> = {
  '.xml': 'text/xml',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.json': 'application/json',
  '.webm': 'video/webm',
  '.mp4': 'video/mp4',
  '.m4v': 'video/mp4',
  '.ogg': 'audio/ogg',
  '.html': 'text/html; charset=utf-8',
  '.vtt': 'text/vtt',
};

/**
 * Serves one file as nginx does: Range, ETag, If-Range, HEAD.
 * @param roots the first of these directories that has the file gives it
 * @param cutAfter breaks the connection off after so many bytes
 */
export async function serveFile(
  request: IncomingMessage,
  response: ServerResponse,
  roots: readonly string[],
  relative: string,
  cutAfter: number | null,
): Promise<void> {
  const { file, facts } = await find(roots, relative);
  if (facts === null) {
    response.writeHead(404, { 'content-type': 'text/html' }).end('<html><body>404 Not Found</body></html>');
    return;
  }
  const etag = `"${facts.mtimeMs.toString(16)}-${facts.size.toString(16)}"`;
  const ifRange = request.headers['if-range'];
  const asked = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
  const range = asked !== null && (ifRange === undefined || ifRange === etag) ? asked : null;
  const start = range === null ? 0 : Number(range[1]);
  const end =
    range?.[2] !== undefined && range[2] !== '' ? Math.min(Number(range[2]), facts.size - 1) : facts.size - 1;
  const headers = {
    'content-type': TYPES[path.extname(file)] ?? 'application/octet-stream',
    'accept-ranges': 'bytes',
    etag,
    'last-modified': facts.mtime.toUTCString(),
  };
  if (range !== null && start >= facts.size) {
    response.writeHead(416, { ...headers, 'content-range': `bytes */${facts.size}` }).end();
    return;
  }
  response.writeHead(range === null ? 200 : 206, {
    ...headers,
    'content-length': Math.max(0, end - start + 1),
    ...(range === null ? {} : { 'content-range': `bytes ${start}-${end}/${facts.size}` }),
  });
  if (request.method === 'HEAD' || facts.size === 0) {
    response.end();
    return;
  }
  send(response, file, start, end, cutAfter);
}

async function find(
  roots: readonly string[],
  relative: string,
): Promise<{ readonly file: string; readonly facts: Stats | null }> {
  for (const root of roots) {
    const file = safeJoin(root, relative);
    const facts = await stat(file).catch(() => null);
    if (facts?.isFile()) return { file, facts };
  }
  return { file: relative, facts: null };
}

function send(
  response: ServerResponse,
  file: string,
  start: number,
  end: number,
  cutAfter: number | null,
): void {
  const last = cutAfter === null ? end : Math.min(end, start + cutAfter - 1);
  const content = createReadStream(file, { start, end: last });
  content.on('error', () => response.destroy());
  response.on('close', () => content.destroy());
  if (last === end) {
    content.pipe(response);
    return;
  }
  content.pipe(response, { end: false });
  content.on('end', () => setTimeout(() => response.destroy(), 60));
}
