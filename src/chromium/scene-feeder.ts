import { randomBytes, timingSafeEqual } from 'node:crypto';
import { closeSync, createReadStream, openSync, readSync, realpathSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pictureSize } from '../bbb/picture-size.js';
import type { Scene } from '../recorder/ports.js';
import { listenOnLoopback, type LoopbackServer } from './loopback-server.js';

export interface Feeder extends LoopbackServer {
  readonly pageUrl: string;
}

const TYPES: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.svg': 'image/svg+xml',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
};

/**
 * Serves one scene to our own browsers, on loopback and below a secret path: other people of the machine must
 * not read a protected recording there. Only pictures inside the folder are given out.
 */
export async function feedScene(scene: Promise<Scene>): Promise<Feeder> {
  const token = randomBytes(18).toString('base64url');
  const served = scene.then((known) => ({ known, root: realpathSync(known.folder) }));
  served.catch(() => undefined);
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const name = pathBelow(request, token);
    if (name === null || request.method !== 'GET') throw new Error('refused');
    const { known, root } = await served;
    answer(known, root, name, response);
  };
  const server = createServer((request, response) => {
    respond(request, response).catch(() => refuse(response));
  });
  const { port, close } = await listenOnLoopback(server);
  return { port, pageUrl: `http://127.0.0.1:${port}/${token}/page`, close };
}

function pathBelow(request: IncomingMessage, token: string): string | null {
  const [, given = '', ...rest] = (request.url ?? '').split('?')[0]?.split('/') ?? [];
  const [one, other] = [Buffer.from(given), Buffer.from(token)];
  if (one.length !== other.length || !timingSafeEqual(one, other)) return null;
  try {
    return rest.map(decodeURIComponent).join('/');
  } catch {
    return null;
  }
}

function answer(scene: Scene, root: string, name: string, response: ServerResponse): void {
  const [kind, ...below] = name.split('/');
  const rest = below.join('/');
  if (kind === 'page') {
    const nonce = randomBytes(12).toString('base64url');
    response.writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': scene.policy(nonce),
    });
    response.end(scene.page(nonce));
  } else if (kind === 'visit') {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(scene.visit(Number(rest))));
  } else if (kind === 'font') {
    sendFont(rest, response);
  } else if (kind === 'file') {
    sendPicture(scene, root, rest, response);
  } else {
    refuse(response);
  }
}

function sendPicture(scene: Scene, root: string, name: string, response: ServerResponse): void {
  const card = scene.card(name);
  if (card !== null) {
    response.writeHead(200, { 'content-type': 'image/svg+xml', 'x-content-type-options': 'nosniff' });
    response.end(card);
    return;
  }
  const type = TYPES[path.extname(name).toLowerCase()];
  const file = realpathSync(path.join(root, name));
  const inside = file.startsWith(root + path.sep);
  const status = statSync(file);
  if (type === undefined || !inside || !status.isFile() || status.size > scene.mostPictureBytes)
    throw new Error('no picture');
  const size = pictureSize(firstBytes(file));
  if (size !== null && size.width * size.height > scene.mostPixels) throw new Error('too many pixels');
  response.writeHead(200, {
    'content-type': type,
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:",
    'x-content-type-options': 'nosniff',
  });
  createReadStream(file)
    .on('error', () => response.destroy())
    .pipe(response);
}

function firstBytes(file: string): Buffer {
  const descriptor = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(4096);
    return bytes.subarray(0, readSync(descriptor, bytes));
  } finally {
    closeSync(descriptor);
  }
}

const require = createRequire(import.meta.url);

function sendFont(name: string, response: ServerResponse): void {
  if (!/^[\w-]+\.woff2$/.test(name)) throw new Error('no font');
  const family = /^(.+?)-(?:latin|vietnamese|greek|cyrillic)(?:-ext)?-\d+-\w+\.woff2$/.exec(name)?.[1];
  const file =
    family === undefined
      ? path.join(path.dirname(require.resolve('@tldraw/assets/package.json')), 'fonts', name)
      : path.join(path.dirname(require.resolve(`@fontsource/${family}/package.json`)), 'files', name);
  statSync(file);
  response.writeHead(200, { 'content-type': 'font/woff2' });
  createReadStream(file)
    .on('error', () => response.destroy())
    .pipe(response);
}

function refuse(response: ServerResponse): void {
  response.writeHead(404);
  response.end();
}
