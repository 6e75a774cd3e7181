import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readSampleRecordings } from '../../src/bbb-server/sample/sample-recordings.js';
import { startSampleServer, type SampleServer } from '../../src/bbb-server/sample/sample-server.js';
import { openRecordingSource } from '../../src/bbb-server/recording-source.js';
import { downloadVideo } from '../../src/bbb-server/video-page.js';
import { videoSources } from '../../src/bbb-server/video-sources.js';
import { openHttp } from '../../src/kit/adapters/http/open-http.js';
import { Secret } from '../../src/kit/config/secret.js';
import { choosePlayback } from '../../src/bbb/choose-playback.js';
import { loopbackGuard } from '../support/loopback-guard.js';

const fixtures = path.resolve(import.meta.dirname, '../../fixtures/getrecordings');
const work = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-video-'));
const published = path.join(work, 'published');
const http = openHttp({ guard: loopbackGuard, retryDelayMs: 1, retries: 2, timeoutMs: 500, environment: {} });
const { signal } = new AbortController();
const bytes = Buffer.from(Array.from({ length: 200_000 }, (_, i) => (i * 7) % 253));
let id = '';
let server: SampleServer;

beforeAll(async () => {
  const found = (await readSampleRecordings(fixtures)).find(({ recording }) =>
    recording.formats.some(({ type }) => type === 'video'),
  );
  id = found!.recording.recordId;
  mkdirSync(path.join(published, 'video', id), { recursive: true });
  writeFileSync(path.join(published, 'video', id, 'video-0.m4v'), bytes);
});
afterEach(async () => server.close());
afterAll(async () => {
  await http.close();
  rmSync(work, { recursive: true, force: true });
});

async function start(options: Partial<Parameters<typeof startSampleServer>[0]> = {}): Promise<void> {
  server = await startSampleServer({
    secret: 's',
    recordings: await readSampleRecordings(fixtures),
    directory: published,
    ...options,
  });
}

/** The URL as getRecordings gives it: a fresh single-use link where the server protects. */
async function playbackUrl(): Promise<string> {
  const source = openRecordingSource({
    spoolDirectory: work,
    servers: [{ name: 'default', url: server.url, secret: new Secret('s'), checksum: 'sha1', http }],
  });
  const playback = choosePlayback((await source.findRecording('default', id, signal))!, { playback23: true });
  return 'url' in playback ? playback.url : '';
}

const fetchVideo = async (url: string, directory = mkdtempSync(path.join(work, 'run-'))) =>
  downloadVideo(http, { recordId: id, url, directory, signal });
const codeOf = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'none',
    (error: unknown) => (error as { code?: unknown }).code,
  );

describe('downloadVideo', () => {
  it('takes the last source of the page, not that of a comment or a script', async () => {
    await start({ videoPage: () => '<source src="teaser.txt"><script>"<source src=\'evil.mp4\'>"</script>' });
    const { path: file, sizeBytes } = await fetchVideo(await playbackUrl());
    expect(sizeBytes).toBe(bytes.length);
    expect(path.basename(file)).toBe(`${id}.m4v`);
    expect(readFileSync(file).equals(bytes)).toBe(true);
  });

  it.each(['scalelite', 'national'] as const)(
    'uses a single-use link of %s exactly once, with its cookie',
    async (protection) => {
      await start({ protection });
      const url = await playbackUrl();
      expect(url).toContain('token=');
      expect(readFileSync((await fetchVideo(url)).path).equals(bytes)).toBe(true);
      const uses = server.requests.filter(({ path: asked }) => asked.startsWith('/recording/'));
      expect(uses.map(({ method }) => method)).toEqual(['GET']);
      expect(await codeOf(fetchVideo(url))).toBe('bbb-token-spent');
      expect(await codeOf(fetchVideo(`${server.url}/playback/video/${id}/video-0.m4v`))).toBe('http-status');
    },
  );

  it('resumes what was cut, in the run and in the next', async () => {
    await start();
    const directory = mkdtempSync(path.join(work, 'cut-'));
    server.trouble = { kind: 'cut', times: 2, afterBytes: 50_000 };
    expect(readFileSync((await fetchVideo(await playbackUrl(), directory)).path).equals(bytes)).toBe(true);
    const next = mkdtempSync(path.join(work, 'next-'));
    const controller = new AbortController();
    server.trouble = { kind: 'cut', times: 1, afterBytes: 120_000 };
    const onProgress = ({ fraction }: { fraction: number }): void => {
      if (fraction > 0.3) controller.abort(new Error('killed'));
    };
    await expect(
      downloadVideo(http, {
        recordId: id,
        url: await playbackUrl(),
        directory: next,
        signal: controller.signal,
        onProgress,
      }),
    ).rejects.toThrow('killed');
    expect(existsSync(path.join(next, `${id}.m4v.part`))).toBe(true);
    server.trouble = null;
    expect(readFileSync((await fetchVideo(await playbackUrl(), next)).path).equals(bytes)).toBe(true);
  });

  it('a missing page is the failure of one recording, with its code', async () => {
    await start();
    expect(await codeOf(fetchVideo(`${server.url}/playback/video/${id.replace(/^./, 'f')}/`))).toBe(
      'http-status',
    );
    await server.close();
    await start({ videoPage: () => '<!--' });
    expect(await codeOf(fetchVideo(await playbackUrl()))).toBe('bbb-video-missing');
  });

  it('refuses a source that leads to this machine', async () => {
    await start({
      videoPage: () =>
        '<source src="http://169.254.169.254/latest/x.mp4"><source src="file:///etc/passwd.mp4">',
    });
    const { path: file } = await fetchVideo(await playbackUrl());
    expect(readFileSync(file).equals(bytes)).toBe(true);
    await server.close();
    await start({ videoPage: () => '</video><source src="http://169.254.169.254/x.mp4"><!--' });
    expect(await codeOf(fetchVideo(await playbackUrl()))).toBe('http-address-refused');
  });

  it('refuses more than the size limit', async () => {
    await start();
    const directory = mkdtempSync(path.join(work, 'large-'));
    const attempt = downloadVideo(
      http,
      { recordId: id, url: await playbackUrl(), directory, signal },
      { maxBytes: 1000 },
    );
    expect(await codeOf(attempt)).toBe('http-too-large');
  });
});

describe('videoSources', () => {
  it('reads HTML as servers write it', () => {
    expect(
      videoSources(`<VIDEO\n><source type=video/mp4 src=a.mp4><Source SRC='b.m4v?x=1&amp;y=2'/></video>`),
    ).toEqual(['a.mp4', 'b.m4v?x=1&y=2']);
    expect(
      videoSources('<!-- <source src=x> --><style><source src=y></style><p>a < b <source src="z.webm"'),
    ).toEqual(['z.webm']);
    expect(videoSources('<source><source src=""><source data-src="q.mp4">')).toEqual([]);
  });

  it('ends on anything', () => {
    const soup = fc.array(
      fc.constantFrom(
        '<',
        '>',
        '!--',
        '-->',
        'source',
        ' src=',
        '"',
        "'",
        '/',
        'script',
        'a',
        '=',
        '\n',
        '&#x41;',
      ),
    );
    fc.assert(
      fc.property(soup, (parts) => {
        expect(videoSources(parts.join(''))).not.toContain('');
      }),
      { numRuns: 500 },
    );
  });
});
