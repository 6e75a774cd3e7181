import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askPage, fetchFile } from '../../src/bbb-server/open-playback.js';
import { startSampleServer, type SampleServer } from '../../src/bbb-server/sample/sample-server.js';
import { openPlayer } from '../../src/chromium/open-player.js';
import { CookieJar } from '../../src/kit/adapters/http/cookie-jar.js';
import { openHttp, type HttpClient } from '../../src/kit/adapters/http/open-http.js';
import { convertRecording } from '../../src/recorder/convert-recording.js';
import type { ConvertOptions } from '../../src/recorder/convert-options.js';
import { probeMedia } from '../../src/recorder/adapters/ffmpeg/probe-media.js';
import { difference, readFrames, type Picture } from '../support/pictures.js';
import { webcamFramesOff } from '../support/recorder/webcam-clock.js';
import { fixtures, publishFixture, realPorts, testOptions, type Kind } from '../support/presentations.js';
import { loopbackGuard } from '../support/loopback-guard.js';

/* `--engine player` on a page of our own that keeps the player's contract (fixtures/player-stand-in), over HTTP. */

const SIZE = { width: 640, height: 360 };
const FPS = 15;
const WEBCAM = { x: 0, y: 0, width: 160, height: 120 };
const CONTENT = { x: 160, y: 0, width: 480, height: 360 };
const IDS: Record<Kind, string> = {
  classic: 'c1a55c0000000000000000000000000000000060-1600000000060',
  tldraw1: '71d7a10000000000000000000000000000000060-1600000001060',
  tldraw2: '71d7a20000000000000000000000000000000060-1600000002060',
};
const signal = new AbortController().signal;
let directory = '';
let server: SampleServer;
let outside: Server;
const reached: string[] = [];
let http: HttpClient;

beforeAll(async () => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-player-'));
  // As root the browser runs under another user, whose profile lies in here.
  chmodSync(directory, 0o711);
  const root = path.join(directory, 'published/presentation');
  mkdirSync(root, { recursive: true });
  for (const [kind, id] of Object.entries(IDS)) {
    const folder = publishFixture(kind as Kind, path.join(directory, 'kinds'), ['webcams', 'deskshare']);
    cpSync(folder, path.join(root, id), { recursive: true });
  }
  server = await startSampleServer({
    secret: 'x',
    recordings: [],
    directory: path.join(directory, 'published'),
    playerPage: readFileSync(path.resolve(fixtures, '../player-stand-in/index.html'), 'utf8'),
  });
  outside = createServer((request, response) => {
    reached.push(request.url ?? '');
    response.end();
  });
  outside.on('upgrade', (request, socket) => {
    reached.push(request.url ?? '');
    socket.destroy();
  });
  await new Promise<void>((resolve) => outside.listen(0, '127.0.0.1', resolve));
  http = openHttp({ guard: loopbackGuard, retries: 0 });
});
afterAll(async () => {
  await http.close();
  await server.close();
  outside.close();
  rmSync(directory, { recursive: true, force: true });
});

const film = (address: string, name: string, options: Partial<ConvertOptions>, readyTimeoutMs = 20_000) => {
  const cookies = new CookieJar();
  const access = { http, cookies, headers: {}, signal };
  const ports = realPorts(directory, {
    openPlayer: async (url, size) =>
      openPlayer({ ...access, page: await askPage(url, cookies, access) }, size, {
        executable: '/usr/bin/chromium',
        sandbox: 'on',
        temporaryDirectory: directory,
        readyTimeoutMs,
        fetchFile: (file, target, onBytes) => fetchFile(file, target, cookies, access, onBytes),
      }),
  });
  const chosen: ConvertOptions = {
    ...testOptions,
    engine: 'player',
    size: SIZE,
    preset: 'fast',
    ...options,
  };
  return convertRecording({ playbackUrl: address }, path.join(directory, name), {
    options: chosen,
    ports,
    signal,
  });
};
const page = (kind: Kind, query = ''): string =>
  `${server.url}/playback/presentation/2.3/${IDS[kind]}${query}`;

describe('--engine player', () => {
  it.each(['classic', 'tldraw1', 'tldraw2'] as const)('films ten seconds of %s', async (kind) => {
    const name = `${kind}.mp4`;
    const result = await film(page(kind), name, { fromMs: 26_000, toMs: 36_000 });
    expect(result.durationMs).toBe(10_000);
    const file = path.join(directory, name);
    const { video, audio } = await probeMedia('/usr/bin/ffprobe', file, { signal, countPackets: true });
    expect([video?.frames, video?.width, audio?.codec]).toEqual([150, 640, 'aac']);
    const [before, slide, after] = readFrames(file, [1 * FPS, 3 * FPS, 5 * FPS], SIZE) as [
      Picture,
      Picture,
      Picture,
    ];
    for (const [frame, number] of [
      [before, 27 * FPS],
      [after, 31 * FPS],
    ] as const)
      expect(webcamFramesOff(frame, WEBCAM, number)).toBeLessThanOrEqual(1);
    // The slide stays but for the seconds in its corner; then the screen is shared: its own file at that instant.
    expect(difference(before, { ...CONTENT, height: 300 }, slide, { ...CONTENT, height: 300 })).toBeLessThan(
      2,
    );
    const [share] = readFrames(path.join(fixtures, 'media/deskshare.webm'), [31 * 5], {
      width: 480,
      height: 270,
    });
    const middle = { x: 160, y: 44, width: 480, height: 268 };
    expect(difference(after, middle, share!, { x: 0, y: 0, width: 480, height: 268 })).toBeLessThan(300);
  });

  it('seeks a page that only follows its video, and shows a hostile one nothing else', async () => {
    const { port } = outside.address() as AddressInfo;
    const query = `?seek=1&reach=${encodeURIComponent(`http://127.0.0.1:${port}/`)}`;
    const before = server.requests.length;
    await film(page('classic', query), 'seek.mp4', { fromMs: 26_000, toMs: 27_000, cores: 1 });
    const [frame] = readFrames(path.join(directory, 'seek.mp4'), [10], SIZE);
    expect(webcamFramesOff(frame!, WEBCAM, 26 * FPS + 10)).toBeLessThanOrEqual(1);
    expect(reached).toEqual([]);
    const asked = server.requests.slice(before);
    expect(asked.length).toBeGreaterThan(5);
    expect(asked.filter(({ method }) => method !== 'GET' && method !== 'HEAD')).toEqual([]);
    expect(readdirSync(directory).filter((name) => name.startsWith('bbb2pod-browser-'))).toEqual([]);
  });

  it('names a page that shows an error, one that never loads, and a folder', async () => {
    await expect(film(page('classic', '?error=1'), 'no.mp4', {})).rejects.toMatchObject({
      code: 'player-page-failed',
      message: expect.stringContaining('404') as string,
    });
    await expect(
      film(`${server.url}/presentation/${IDS.classic}/metadata.xml`, 'no.mp4', {}, 500),
    ).rejects.toMatchObject({ code: 'player-page-failed' });
    await expect(
      convertRecording({ folder: directory }, path.join(directory, 'no.mp4'), {
        options: { ...testOptions, engine: 'player' },
        ports: realPorts(directory),
        signal,
      }),
    ).rejects.toMatchObject({
      code: 'player-needs-page',
      message: expect.stringContaining(directory) as string,
    });
  });
});
