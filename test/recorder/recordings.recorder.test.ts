import { execFileSync } from 'node:child_process';
import {
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
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPlayback } from '../../src/bbb-server/open-playback.js';
import { openHttp } from '../../src/kit/adapters/http/open-http.js';
import { convertRecording } from '../../src/recorder/convert-recording.js';
import { readFrames, toneOnsets } from '../support/pictures.js';
import { convertFolder, fixtures, publishFixture, realPorts, testOptions } from '../support/presentations.js';
import { loopbackGuard } from '../support/loopback-guard.js';

const signal = new AbortController().signal;
const small = {
  size: { width: 640, height: 360 },
  layout: 'presentation',
  chat: false,
  preset: 'fast',
} as const;
let directory = '';

beforeAll(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-recordings-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** A fixture that ends after that many milliseconds, in a folder of its own. */
function publish(name: string, durationMs: number, media: readonly ('webcams' | 'deskshare')[]): string {
  const into = path.join(directory, name);
  mkdirSync(into, { recursive: true });
  const folder = publishFixture('classic', into, media);
  const file = path.join(folder, 'metadata.xml');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/<duration>\d+</, `<duration>${durationMs}<`));
  return folder;
}

interface Probed {
  format: { duration: string; tags?: Record<string, string> };
  streams: { codec_type: string; codec_name: string; tags?: Record<string, string> }[];
  chapters: { start_time: string; tags: { title: string } }[];
}
const probe = (file: string): Probed =>
  JSON.parse(
    execFileSync(
      'ffprobe',
      ['-v', 'error', '-of', 'json', '-show_format', '-show_streams', '-show_chapters', file],
      {
        encoding: 'utf8',
      },
    ),
  ) as Probed;
/** Chapters and captions are tracks too: only picture and sound count here. */
const kinds = (file: string): string[] =>
  probe(file)
    .streams.map(({ codec_type }) => codec_type)
    .filter((kind) => kind === 'audio' || kind === 'video')
    .sort();

describe('recordings of every kind', () => {
  it('converts a very short one, with title, date, captions and chapters', async () => {
    const output = path.join(directory, 'two.mp4');
    const result = await convertFolder(publish('two', 5000, ['webcams']), output, {
      ...small,
      extras: true,
      language: 'fr',
    });
    const { format, streams, chapters } = probe(output);
    expect(result.durationMs).toBe(5000);
    expect(Math.abs(Number(format.duration) - 5)).toBeLessThanOrEqual(0.2);
    expect(format.tags).toMatchObject({ title: 'Synthetic classic 60s' });
    expect(
      streams
        .filter(({ codec_type }) => codec_type === 'subtitle')
        .map(({ tags }) => tags?.['language'])
        .sort(),
    ).toEqual(['deu', 'eng']);
    expect(streams.find(({ codec_type }) => codec_type === 'audio')?.tags?.['language']).toBe('fra');
    expect(chapters.map(({ tags }) => tags.title)).toEqual(['Slide 1: synthetic lecture']);
    expect(
      existsSync(path.join(directory, 'two.en.vtt')) && existsSync(path.join(directory, 'two.jpg')),
    ).toBe(true);
    expect(readdirSync(directory).filter((name) => name.includes('.work'))).toEqual([]);
  });

  it('converts sound without webcams, the slides in all the room', async () => {
    const folder = publish('sound', 3000, []);
    mkdirSync(path.join(folder, 'audio'));
    execFileSync('ffmpeg', [
      '-v',
      'error',
      '-i',
      path.join(fixtures, 'media/webcams.webm'),
      '-vn',
      '-c',
      'copy',
      path.join(folder, 'audio/audio.webm'),
    ]);
    const output = path.join(directory, 'sound.mp4');
    await convertFolder(folder, output, small);
    expect(kinds(output)).toEqual(['audio', 'video']);
    const [frame] = readFrames(output, [0], { width: 640, height: 360 });
    // The slide's dark title bar reaches from one side to the other.
    for (const x of [20, 320, 620]) expect(frame!.rgb[(14 * 640 + x) * 3]).toBeLessThan(120);
  });

  it('converts a shared screen alone, and webcams without any slide', async () => {
    const folder = publish('share', 4000, ['deskshare']);
    writeFileSync(
      path.join(folder, 'deskshare.xml'),
      '<recording><event start_timestamp="1.0" stop_timestamp="4.0"/></recording>',
    );
    rmSync(path.join(folder, 'shapes.svg'));
    const output = path.join(directory, 'share.mp4');
    await convertFolder(folder, output, { ...small, allowMissing: true });
    expect(kinds(output)).toEqual(['audio', 'video']);
    const webcams = publish('webcams', 2000, ['webcams']);
    for (const name of ['shapes.svg', 'panzooms.xml', 'cursor.xml', 'deskshare.xml', 'slides_new.xml'])
      rmSync(path.join(webcams, name));
    const second = path.join(directory, 'webcams.mp4');
    await convertFolder(webcams, second, { ...small, layout: 'webcams', allowMissing: true });
    expect(kinds(second)).toEqual(['audio', 'video']);
  });

  it('writes sound alone, and WebM', async () => {
    const folder = publish('forms', 2000, ['webcams']);
    const sound = path.join(directory, 'forms.m4a');
    await convertFolder(folder, sound, { ...small, audioOnly: true });
    expect(kinds(sound)).toEqual(['audio']);
    const webm = path.join(directory, 'forms.webm');
    await convertFolder(folder, webm, { ...small, format: 'webm' });
    expect(
      probe(webm)
        .streams.filter(({ codec_type }) => codec_type === 'audio' || codec_type === 'video')
        .map(({ codec_name }) => codec_name)
        .sort(),
    ).toEqual(['opus', 'vp9']);
  });

  it('keeps the time of sound that jumps a little, and writes none of it twice', async () => {
    const folder = publish('jumps', 12_000, []);
    mkdirSync(path.join(folder, 'video'));
    const [begun, joined] = [path.join(directory, 'begun.webm'), path.join(folder, 'video/webcams.webm')];
    // BBB joins what it recorded before and after a reconnection: at each join, the clock jumps by some milliseconds.
    const ffmpeg = (...args: string[]) => execFileSync('ffmpeg', ['-nostdin', '-v', 'error', ...args]);
    ffmpeg('-t', '3.6', '-i', path.join(fixtures, 'media/webcams.webm'), '-c', 'copy', begun);
    ffmpeg('-stream_loop', '3', '-i', begun, '-t', '12', '-c', 'copy', joined);
    const sound = path.join(directory, 'jumps.m4a');
    await convertFolder(folder, sound, { ...small, audioOnly: true });
    const marks = toneOnsets(sound, 1000);
    // One a second, and one where each of the three repetitions begins; a filter that begins anew writes the first four twice.
    expect(marks).toHaveLength(14);
    for (const [mark, ms] of [
      [3, 3000],
      [4, 3614],
      [8, 7214],
      [12, 10_814],
    ] as const)
      expect(Math.abs((marks[mark] ?? 0) - ms), `mark ${mark}`).toBeLessThan(40);
    const packets = execFileSync(
      'ffprobe',
      [
        '-v',
        'error',
        '-count_packets',
        '-select_streams',
        'a:0',
        '-show_entries',
        'stream=nb_read_packets',
        '-of',
        'csv=p=0',
        sound,
      ],
      { encoding: 'utf8' },
    );
    // 1024 samples each, at 48 kHz.
    expect(parseInt(packets, 10) / (48_000 / 1024)).toBeCloseTo(12, 0);
  });

  it('refuses what holds nothing, and delivers nothing', async () => {
    const empty = path.join(directory, 'empty');
    mkdirSync(empty);
    const output = path.join(directory, 'empty.mp4');
    await expect(convertFolder(empty, output, small)).rejects.toMatchObject({ code: 'presentation-empty' });
    expect(existsSync(output)).toBe(false);
  });

  it('names a broken medium', async () => {
    const folder = publish('broken', 2000, []);
    mkdirSync(path.join(folder, 'video'));
    writeFileSync(path.join(folder, 'video/webcams.webm'), 'no video');
    await expect(convertFolder(folder, path.join(directory, 'broken.mp4'), small)).rejects.toMatchObject({
      code: 'recording-incomplete',
      message: expect.stringContaining('webcams') as string,
    });
  });

  it('goes on with finished segments after an interruption, and leaves no process behind', async () => {
    const folder = publish('resumed', 24_000, ['webcams']);
    const output = path.join(directory, 'resumed.mp4');
    const controller = new AbortController();
    const work = `${output}.work`;
    const watch = setInterval(() => {
      if (['segment-0000.mp4', 'segment-0001.mp4'].some((name) => existsSync(path.join(work, name))))
        controller.abort(new Error('enough'));
    }, 20);
    await expect(convertFolder(folder, output, { ...small, cores: 2 }, controller.signal)).rejects.toThrow(
      'enough',
    );
    clearInterval(watch);
    const children = execFileSync('ps', ['--ppid', String(process.pid), '-o', 'args='], { encoding: 'utf8' });
    expect(
      children.split('\n').filter((line) => /chromium|ffmpeg/.test(line) && !line.includes('<defunct>')),
    ).toEqual([]);
    const result = await convertFolder(folder, output, { ...small, cores: 2 });
    expect(result.durationMs).toBe(24_000);
    expect(existsSync(work)).toBe(false);
  });
});

describe('playback URLs', () => {
  const id = 'c1a55c0000000000000000000000000000000060-1600000000060';
  let server: Server;
  let base = '';
  let tokens = 0;
  const asked: string[] = [];

  beforeAll(async () => {
    const root = publish('served', 2000, ['webcams']);
    server = createServer((request, response) => {
      const url = new URL(request.url ?? '/', 'http://127.0.0.1');
      asked.push(`${request.method ?? ''} ${url.pathname}`);
      const isProtected = url.pathname.startsWith('/locked/');
      if (
        url.pathname === `/locked/recording/${id}/presentation` &&
        url.searchParams.get('token') === 'T' &&
        tokens++ === 0
      ) {
        response.writeHead(307, {
          location: `/locked/playback/presentation/2.3/${id}`,
          'set-cookie': `recording_presentation_${id}=JWT; Path=/locked/presentation/${id}; HttpOnly`,
        });
        response.end();
        return;
      }
      if (url.pathname.includes('/playback/presentation/')) {
        response.writeHead(200, { 'content-type': 'text/html' });
        response.end('<html></html>');
        return;
      }
      const name = url.pathname.split(`/presentation/${id}/`)[1];
      const file = name === undefined ? '' : path.join(root, name);
      const allowed = !isProtected || (request.headers.cookie ?? '').includes('=JWT');
      if (name === undefined || !allowed || !existsSync(file) || !statSync(file).isFile()) {
        response.writeHead(404, { 'content-type': 'text/html' });
        response.end('<html>no</html>');
        return;
      }
      response.writeHead(200, {
        'content-length': String(statSync(file).size),
        'content-type': 'application/octet-stream',
      });
      createReadStream(file).pipe(response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());

  const convertUrl = async (url: string, name: string) => {
    const http = openHttp({ guard: loopbackGuard, retries: 0 });
    try {
      const ports = realPorts(directory, {
        openPlayback: (address, folder) => openPlayback(address, folder, { http, signal }),
      });
      return await convertRecording({ playbackUrl: url }, path.join(directory, name), {
        options: { ...testOptions, ...small },
        ports,
        signal,
      });
    } finally {
      await http.close();
    }
  };

  it('reads the 2.0 form and downloads each file once', async () => {
    const result = await convertUrl(
      `${base}/playback/presentation/2.0/playback.html?meetingId=${id}`,
      'url.mp4',
    );
    expect(result.durationMs).toBe(2000);
    const media = asked.filter((line) => line.endsWith('webcams.webm'));
    expect(media).toHaveLength(1);
    expect(asked.every((line) => line.startsWith('GET '))).toBe(true);
  });

  it('spends a token once and uses its cookie; a spent one is named', async () => {
    const url = `${base}/locked/recording/${id}/presentation?token=T`;
    expect((await convertUrl(url, 'token.mp4')).durationMs).toBe(2000);
    expect(tokens).toBe(1);
    await expect(convertUrl(url, 'spent.mp4')).rejects.toMatchObject({ code: 'playback-token-spent' });
  });

  it('says so when the server has nothing', async () => {
    await expect(
      convertUrl(`${base}/locked/playback/presentation/2.3/${id}`, 'gone.mp4'),
    ).rejects.toMatchObject({ code: 'playback-gone' });
  });
});
