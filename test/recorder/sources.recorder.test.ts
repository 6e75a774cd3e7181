import { execFileSync } from 'node:child_process';
import {
  cpSync,
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSampleRecordings } from '../../src/bbb-server/sample/sample-recordings.js';
import { startSampleServer, type SampleServer } from '../../src/bbb-server/sample/sample-server.js';
import { root, runCli } from '../e2e/run-cli.js';
import { selfSign } from '../support/cluster/certificates.js';
import { readFrames } from '../support/pictures.js';
import { encoderSettings } from '../support/recorder/encoder-settings.js';
import { fixtures, publishFixture } from '../support/presentations.js';

/* Every source that an operator may name, through the built command line. */

const ID = '8a724a8c995d92903f3788506636c5e5471a0396-1700000000000';
const SMALL = ['--size', '640x360', '--preset', 'fast', '--no-extras', '--no-progress'];
let directory = '';
let folder = '';

beforeAll(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-sources-'));
  folder = publishFixture('classic', directory, ['webcams', 'deskshare']);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const convert = (args: readonly string[], env: Record<string, string> = {}) =>
  runCli(['recorder', 'convert', ...args], { cwd: directory, env });
const probe = (file: string): { seconds: number; codecs: string } => {
  const shown = execFileSync('ffprobe', [
    ...['-v', 'error', '-show_entries', 'format=duration:stream=codec_name', '-of', 'json', file],
  ]);
  const { format, streams } = JSON.parse(String(shown)) as {
    format: { duration: string };
    streams: { codec_name: string }[];
  };
  const codecs = streams.map(({ codec_name: name }) => name).filter((name) => /h264|aac/.test(name));
  return { seconds: Number(format.duration), codecs: codecs.sort().join('+') };
};
const out = (name: string): string => path.join(directory, name);

describe('files on disk', () => {
  it('converts a part of a .tar, and leaves nothing of it', async () => {
    execFileSync('tar', ['--create', '--file', out('lecture.tar'), '--directory', directory, 'classic']);
    const { status, stderr } = await convert([
      ...['lecture.tar', '--output', 'tar.mp4', '--from', '26', '--to', '0:28', ...SMALL],
    ]);
    expect([status, stderr]).toEqual([0, expect.stringContaining('checking') as string]);
    expect(probe(out('tar.mp4'))).toEqual({ seconds: expect.closeTo(2, 1) as number, codecs: 'aac+h264' });
    expect(readdirSync(directory).filter((name) => name.includes('work'))).toEqual([]);
  });

  it('keeps the clock of the media in a recording that was paused', async () => {
    const file = path.join(folder, 'metadata.xml');
    const paused = path.join(directory, 'paused');
    cpSync(folder, paused, { recursive: true });
    // An hour by the clock on the wall, three seconds of it recorded.
    const text = readFileSync(file, 'utf8');
    const start = Number(/<start_time>(\d+)/.exec(text)?.[1]);
    writeFileSync(
      path.join(paused, 'metadata.xml'),
      text
        .replace(/<end_time>\d+/, `<end_time>${start + 3_600_000}`)
        .replace(/<duration>\d+/, '<duration>3000'),
    );
    expect((await convert(['paused', '--output', 'paused.mp4', ...SMALL])).status).toBe(0);
    expect(probe(out('paused.mp4')).seconds).toBeCloseTo(3, 1);
  });

  it('draws the largest size, and a dark ground', async () => {
    const large = [...SMALL.slice(2), '--size', '3840x2160', '--to', '0.4'];
    expect((await convert(['classic', '--output', 'large.mp4', ...large])).status).toBe(0);
    const [picture] = readFrames(out('large.mp4'), [0], { width: 3840, height: 2160 });
    expect(picture?.rgb.length).toBe(3840 * 2160 * 3);
    const dark = [...SMALL, '--to', '0.4', '--background', 'dark', '--chat', '--anonymous'];
    expect((await convert(['classic', '--output', 'dark.mp4', ...dark])).status).toBe(0);
    const [night] = readFrames(out('dark.mp4'), [0], { width: 640, height: 360 });
    expect(Math.max(...night!.rgb.subarray((359 * 640 + 635) * 3, (359 * 640 + 638) * 3))).toBeLessThan(60);
  });
});

describe('how it encodes', () => {
  const encoded = async (name: string, flags: readonly string[], env: Record<string, string> = {}) => {
    const { status, stderr } = await convert(['classic', '--output', name, ...SMALL, ...flags], env);
    expect([status, stderr]).toEqual([0, expect.any(String) as string]);
    return encoderSettings(out(name));
  };

  it('takes --crf; [recorder] threads is how many segments are made side by side, each in one thread', async () => {
    const settings = await encoded('crf.mp4', ['--to', '21', '--crf', '40'], {
      BBB2POD_RECORDER_THREADS: '3',
    });
    expect(settings).toMatchObject({ rc: 'crf', crf: '40.0', threads: '1', segments: '3' });
  });

  it('takes --video-bitrate, and keeps it; one thread makes one segment of it all', async () => {
    const settings = await encoded('rate.mp4', ['--to', '21', '--video-bitrate', '150'], {
      BBB2POD_RECORDER_THREADS: '1',
    });
    expect(settings).toMatchObject({ rc: 'abr', bitrate: '150', vbv_maxrate: '300', segments: '1' });
    const shown = execFileSync('ffprobe', [
      ...['-v', 'error', '-select_streams', 'v', '-show_entries', 'stream=bit_rate', '-of', 'csv=p=0'],
      out('rate.mp4'),
    ]);
    expect(Math.abs(Number(shown) / 150_000 - 1)).toBeLessThan(0.35);
    expect(statSync(out('rate.mp4')).size).toBeLessThan(21 * ((150_000 * 1.35 + 110_000) / 8));
  });
});

describe('servers', () => {
  let sample: SampleServer;
  let locked: Server;
  let base = '';

  beforeAll(async () => {
    const published = path.join(directory, 'published');
    cpSync(path.join(root, 'fixtures/demo/published/presentation'), path.join(published, 'presentation'), {
      recursive: true,
    });
    const video = path.join(published, 'video', ID);
    mkdirSync(video, { recursive: true });
    execFileSync('ffmpeg', [
      ...['-v', 'error', '-t', '2', '-i', path.join(fixtures, 'media/webcams.webm')],
      ...[
        '-c:v',
        'libx264',
        '-preset',
        'ultrafast',
        '-c:a',
        'aac',
        '-f',
        'mp4',
        path.join(video, 'video-0.m4v'),
      ],
    ]);
    sample = await startSampleServer({
      secret: 'secret',
      recordings: await readSampleRecordings(path.join(root, 'fixtures/demo')),
      directory: published,
      protection: 'scalelite',
    });
    selfSign(directory, 'locked', 'localhost');
    locked = createServer(
      { key: readFileSync(out('locked.key')), cert: readFileSync(out('locked.crt')) },
      (request, response) => {
        const name = (request.url ?? '').split(`/presentation/${ID}/`)[1] ?? '';
        const file = path.join(folder, name);
        const knows = request.headers.cookie?.includes('session=abc') === true;
        const may = knows && request.headers['x-access'] === 'letmein';
        if (!may || name === '' || !existsSync(file) || !statSync(file).isFile()) {
          response.writeHead(404, { 'content-type': 'text/html' }).end('<html>no</html>');
          return;
        }
        response.writeHead(200, { 'content-length': statSync(file).size });
        createReadStream(file).pipe(response);
      },
    );
    await new Promise<void>((resolve) => locked.listen(0, 'localhost', resolve));
    base = `https://localhost:${(locked.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    await sample.close();
    locked.close();
  });

  it('shows cookies, headers and a doubtful certificate only when told to', async () => {
    writeFileSync(out('cookies.txt'), 'localhost\tFALSE\t/\tTRUE\t0\tsession\tabc\n');
    writeFileSync(out('headers.txt'), 'X-Access: letmein\n');
    const url = `${base}/playback/presentation/2.3/${ID}`;
    const sound = ['--to', '2', '--audio-only', '--no-extras', '--no-progress', '--output', 'locked.m4a'];
    const strict = await convert([url, ...sound, '--cookie-file', 'cookies.txt']);
    expect([strict.status, strict.stderr]).toEqual([1, expect.stringMatching(/certificate/i) as string]);
    const unknown = await convert([url, ...sound, '--insecure']);
    expect([unknown.status, unknown.stderr]).toEqual([1, expect.stringContaining('--cookie-file') as string]);
    const files = ['--cookie-file', 'cookies.txt', '--header-file', 'headers.txt'];
    const told = await convert([url, ...sound, '--insecure', ...files]);
    expect([told.status, told.stderr]).toEqual([0, expect.stringContaining('checking') as string]);
    expect(probe(out('locked.m4a')).codecs).toBe('aac');
    expect(`${told.stdout}${told.stderr}`).not.toMatch(/letmein|abc/);
  });

  it('opens a recording of Scalelite by its recordID: one request to the token, then its cookie', async () => {
    const before = sample.requests.length;
    const configured = { BBB2POD_BBB_URL: sample.url, BBB2POD_BBB_SECRET: 'secret' };
    const { status, stderr } = await convert(
      [ID, '--output', 'scalelite.mp4', '--to', '1', ...SMALL],
      configured,
    );
    expect([status, stderr]).toEqual([0, expect.stringContaining('checking') as string]);
    const asked = sample.requests.slice(before);
    expect(asked.filter(({ path: asks }) => asks.startsWith('/recording/'))).toHaveLength(1);
    expect(asked.every(({ method }) => method === 'GET')).toBe(true);
    expect(asked.filter(({ call }) => call !== null).map(({ call }) => call)).toEqual(['getRecordings']);
  });

  it('tries a server that is not there again as often and as soon as it is told to', async () => {
    const before = { BBB2POD_BBB_SECRET: 's' };
    const gone = { ...before, BBB2POD_BBB_URL: 'http://127.0.0.1:9', BBB2POD_BBB_RETRY_AFTER: '0.01' };
    const startedAt = Date.now();
    const listed = await convert([ID, '--output', 'gone.mp4', ...SMALL], {
      ...gone,
      BBB2POD_BBB_RETRIES: '2',
    });
    expect([listed.status, listed.stderr]).toEqual([1, expect.stringContaining('127.0.0.1:9') as string]);
    expect(listed.stderr.match(/try \d failed/g)).toEqual(['try 1 failed', 'try 2 failed']);
    const page = `http://127.0.0.1:9/playback/presentation/2.3/${ID}`;
    const fetched = await convert([page, '--output', 'gone.mp4', ...SMALL], {
      BBB2POD_BBB_RETRIES: '1',
      BBB2POD_BBB_RETRY_AFTER: '0.01',
    });
    expect([fetched.status, fetched.stderr]).toEqual([1, expect.stringContaining('127.0.0.1:9') as string]);
    expect(Date.now() - startedAt).toBeLessThan(8000);
    expect(existsSync(out('gone.mp4'))).toBe(false);
  });

  it('takes a ready video as it is, and cuts a part of it', async () => {
    const open = await startSampleServer({
      secret: 'secret',
      recordings: sample.recordings,
      directory: path.join(directory, 'published'),
    });
    try {
      const url = `${open.url}/playback/video/${ID}/`;
      const whole = await convert([url, '--output', 'video.mp4', ...SMALL]);
      expect([whole.status, whole.stderr]).toEqual([0, expect.any(String) as string]);
      const packets = (file: string): string =>
        String(
          execFileSync('ffmpeg', [
            '-v',
            'error',
            '-i',
            file,
            '-map',
            '0:v',
            '-c',
            'copy',
            '-f',
            'streamhash',
            '-',
          ]),
        );
      expect(packets(out('video.mp4'))).toBe(
        packets(path.join(directory, 'published/video', ID, 'video-0.m4v')),
      );
      expect(
        (await convert([url, '--output', 'cut.mp4', '--from', '0.5', '--to', '1.5', ...SMALL])).status,
      ).toBe(0);
      expect(probe(out('cut.mp4'))).toEqual({ seconds: expect.closeTo(1, 0) as number, codecs: 'aac+h264' });
    } finally {
      await open.close();
    }
  });
});
