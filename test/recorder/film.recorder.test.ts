import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { probeMedia } from '../../src/recorder/adapters/ffmpeg/probe-media.js';
import { readFilm } from '../../src/recorder/adapters/ffmpeg/read-film.js';
import { runFfmpeg } from '../../src/recorder/adapters/ffmpeg/run-ffmpeg.js';
import {
  metadataText,
  planFile,
  planKeyFrames,
  segmentsListText,
  type FileFacts,
} from '../../src/recorder/encoding/plan-file.js';
import type { FfmpegPlan } from '../../src/recorder/ports.js';

const { signal } = new AbortController();
let directory = '';
const place = (name: string): string => path.join(directory, name);
const ffmpeg = (...args: readonly string[]): void =>
  void execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...args], { cwd: directory });

beforeAll(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-film-'));
  for (const name of ['one', 'two'])
    ffmpeg(
      ...['-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=10:d=2', '-c:v', 'libx264', '-bf', '0', '-g', '10'],
      ...['-video_track_timescale', '90000', `${name}.mp4`],
    );
  ffmpeg(...['-f', 'lavfi', '-i', 'sine=d=4:r=48000', '-c:a', 'aac', 'sound.m4a']);
  const segments = ['one.mp4', 'two.mp4'].map((file) => ({ file, seconds: 2 }));
  writeFileSync(place('list.ffconcat'), segmentsListText(segments));
  writeFileSync(place('metadata.txt'), metadataText({ title: 'film' }, []));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const run = (plan: FfmpegPlan): Promise<void> =>
  runFfmpeg(plan, { ffmpeg: '/usr/bin/ffmpeg', directory, signal, silenceMs: 60_000 });
const join = (more: Partial<FileFacts> = {}): Promise<void> =>
  run(
    planFile({
      ...{ format: 'mp4', segmentsList: 'list.ffconcat', audio: 'sound.m4a', metadataFile: 'metadata.txt' },
      ...{ captions: [], language: null, poster: null, looks: true, output: 'film.mp4' },
      ...more,
    }),
  );

it('holds by its own tables what ffprobe counts, and is not taken when it is cut', async () => {
  await join();
  const film = place('film.mp4');
  const { durationMs, video, audio } = await probeMedia('/usr/bin/ffprobe', film, {
    signal,
    countPackets: true,
  });
  const read = await readFilm('/usr/bin/ffprobe', film, signal);
  expect(read).toMatchObject({ frames: 40, packets: audio?.packets });
  expect(video?.frames).toBe(40);
  expect(Math.abs((read.durationMs ?? 0) - (durationMs ?? 0))).toBeLessThan(1);
  truncateSync(film, readFileSync(film).length - 100);
  await expect(readFilm('/usr/bin/ffprobe', film, signal)).rejects.toMatchObject({ code: 'result-wrong' });
});

it('is the same whether it is looked at and drawn meanwhile or not', async () => {
  await join({ looks: false });
  copyFileSync(place('film.mp4'), place('alone.mp4'));
  await join({ poster: { seconds: 2.5, output: 'poster.jpg' } });
  expect(readFileSync(place('film.mp4')).equals(readFileSync(place('alone.mp4')))).toBe(true);
  ffmpeg(...['-ss', '2.5', '-i', 'film.mp4', '-frames:v', '1', '-q:v', '3', 'expected.jpg']);
  expect(readFileSync(place('poster.jpg')).equals(readFileSync(place('expected.jpg')))).toBe(true);
});

it.each([
  ['a key frame', 'two.mp4'],
  ['sound', 'sound.m4a'],
])('is not made of %s that cannot be decoded', async (_, name) => {
  const bytes = readFileSync(place(name));
  const broken = Buffer.from(bytes);
  const from = bytes.indexOf('mdat') + 4 + Math.floor(bytes.length / 3);
  broken.fill(0xff, from, from + Math.floor(bytes.length / 3));
  writeFileSync(place(name), broken);
  try {
    await expect(join()).rejects.toMatchObject({ code: 'ffmpeg-failed' });
    const look = run(planKeyFrames('list.ffconcat'));
    if (name === 'two.mp4') await expect(look).rejects.toMatchObject({ code: 'ffmpeg-failed' });
    else await look;
  } finally {
    writeFileSync(place(name), bytes);
  }
});
