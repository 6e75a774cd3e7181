import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runFfmpeg } from '../../src/recorder/adapters/ffmpeg/run-ffmpeg.js';
import { planSegmentEncode } from '../../src/recorder/encoding/plan-segment-encode.js';
import { planCodec } from '../../src/recorder/encoding/video-codec.js';

/* A webcam that somebody switched off: its pictures end, its sound goes on. */

const [FPS, SIDE] = [10, 32];
let directory = '';
const ffmpeg = (...args: readonly string[]): void =>
  void execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...args], { cwd: directory });

beforeAll(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-webcam-end-'));
  // Red for a second, then blue for half of one.
  for (const [name, seconds] of [
    ['red', 1],
    ['blue', 0.5],
  ] as const)
    ffmpeg('-f', 'lavfi', '-i', `color=${name}:s=${SIDE}x${SIDE}:r=${FPS}:d=${seconds}`, `${name}.mkv`);
  writeFileSync(path.join(directory, 'list'), "file 'red.mkv'\nfile 'blue.mkv'\n");
  ffmpeg('-f', 'concat', '-i', 'list', '-c', 'copy', 'webcam.mkv');
  const head = `P7\nWIDTH ${2 * SIDE}\nHEIGHT ${SIDE}\nDEPTH 3\nMAXVAL 255\nTUPLTYPE RGB\nENDHDR\n`;
  const white = Buffer.concat([Buffer.from(head), Buffer.alloc(2 * SIDE * SIDE * 3, 255)]);
  writeFileSync(path.join(directory, 'stills.pam'), Buffer.concat([white, white]));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Colours in the middle of the webcam's place, frame by frame. */
async function colours(firstFrame: number, frames: number): Promise<string[]> {
  const codec = { format: 'mp4', preset: 'balanced', crf: null, bitrateKbps: null, threads: 1 } as const;
  const plan = planSegmentEncode(
    { index: 0, firstFrame, frames, stills: [], cursor: [], shares: [], hidden: false, newViews: [] },
    {
      ...{ fps: FPS, size: { width: 2 * SIDE, height: SIDE }, parts: null, share: null, cursor: null },
      stills: { file: 'stills.pam', starts: [0, frames] },
      webcam: { file: 'webcam.mkv', place: { x: SIDE, y: 0, width: SIDE, height: SIDE } },
      ...{ changes: [], output: 'film.mp4' },
      codec: planCodec({ ...codec, encoder: { name: 'software' } }),
    },
  );
  const { signal } = new AbortController();
  await runFfmpeg(plan, { ffmpeg: '/usr/bin/ffmpeg', directory, signal, silenceMs: 20_000 });
  ffmpeg('-i', 'film.mp4', '-vf', 'format=rgb24', '-fps_mode', 'passthrough', '-f', 'rawvideo', 'film.rgb');
  const pictures = readFileSync(path.join(directory, 'film.rgb'));
  return Array.from({ length: pictures.length / (2 * SIDE * SIDE * 3) }, (_, frame) => {
    const at = (frame * 2 * SIDE * SIDE + (SIDE / 2) * 2 * SIDE + 1.5 * SIDE) * 3;
    const [red = 0, green = 0, blue = 0] = pictures.subarray(at, at + 3);
    return green > 200 ? 'white' : red > 200 ? 'red' : blue > 200 ? 'blue' : `${red},${green},${blue}`;
  });
}

it('stands with its last picture up to the end of the segment', async () => {
  expect(await colours(0, 30)).toEqual([
    ...Array.from({ length: 10 }, () => 'red'),
    ...Array.from({ length: 20 }, () => 'blue'),
  ]);
});

it('is not seen in a segment that begins behind its end', async () => {
  expect(await colours(30, 20)).toEqual(Array.from({ length: 20 }, () => 'white'));
});
