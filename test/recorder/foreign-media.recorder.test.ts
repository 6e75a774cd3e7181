import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { probeMedia } from '../../src/recorder/adapters/ffmpeg/probe-media.js';
import { runFfmpeg } from '../../src/recorder/adapters/ffmpeg/run-ffmpeg.js';
import { planVideo } from '../../src/recorder/encoding/plan-video.js';
import { playlistsOf } from '../support/hostile/playlists.js';
import { testOptions } from '../support/presentations.js';

/* A text that ffmpeg takes for a list of other media, under the name of a medium. All kinds: npm run prove attack. */

const signal = new AbortController().signal;
let directory = '';
beforeAll(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-lists-'));
  execFileSync('ffmpeg', [
    ...['-v', 'error', '-f', 'lavfi', '-i', 'testsrc=s=64x64:d=1', '-c:v', 'libx264', '-f', 'mpegts'],
    path.join(directory, 'exam.ts'),
  ]);
});
afterAll(() => rmSync(directory, { recursive: true }));

it.each(['hls', 'dash', 'concat', 'sdp'])('%s is no medium', async (kind) => {
  const list = playlistsOf('exam.ts').find((one) => one.kind === kind);
  const file = path.join(directory, `${kind}.webm`);
  writeFileSync(file, list?.text ?? '');
  await expect(probeMedia('/usr/bin/ffprobe', file, { signal })).rejects.toMatchObject({
    code: 'media-broken',
  });
  const plan = planVideo(file, { durationMs: 1000, video: null, audio: null }, testOptions, 'out.mp4');
  await expect(
    runFfmpeg(plan, { ffmpeg: '/usr/bin/ffmpeg', directory, signal, silenceMs: 20_000 }),
  ).rejects.toMatchObject({ code: 'ffmpeg-failed' });
});
