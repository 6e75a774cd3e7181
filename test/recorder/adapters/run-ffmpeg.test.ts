import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import library from 'fluent-ffmpeg';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { decodeMedia } from '../../../src/recorder/adapters/ffmpeg/probe-media.js';
import { runFfmpeg } from '../../../src/recorder/adapters/ffmpeg/run-ffmpeg.js';

const directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-ffmpeg-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const calls = path.join(directory, 'calls');

/** Writes down how it was called, and lists formats as ffmpeg 7 does (fftools/opt_common.c: `d` for devices). */
const ffmpeg = path.join(directory, 'ffmpeg');
writeFileSync(
  ffmpeg,
  `#!/bin/sh\necho "$*" >> '${calls}'\ncase "$*" in *-formats*) printf ' D d lavfi           Libavfilter virtual input device\\n  E  mp4             MP4\\n';; esac\n`,
  { mode: 0o755 },
);
const callsOf = async (work: () => Promise<void>): Promise<string[]> => {
  writeFileSync(calls, '');
  await work();
  return readFileSync(calls, 'utf8').trim().split('\n');
};
const { signal } = new AbortController();

describe('runFfmpeg', () => {
  it('asks ffmpeg for the work alone, and takes no list of what it can for an answer', async () => {
    const made = await callsOf(() =>
      runFfmpeg(
        {
          inputs: [{ options: ['-f', 'lavfi'], source: 'anullsrc=r=48000:cl=mono' }],
          options: ['-t', '1', '-c:a', 'aac', '-f', 'mp4'],
          output: 'a.m4a',
        },
        { ffmpeg, directory, signal, silenceMs: 10_000 },
      ),
    );
    expect(made).toEqual([
      '-f lavfi -i anullsrc=r=48000:cl=mono -y -nostdin -hide_banner -y -t 1 -c:a aac -f mp4 a.m4a',
    ]);
  });
});

it('lets the library open no input by itself: its ffprobe follows what a foreign file names', async () => {
  const probe = vi.spyOn((library as unknown as { prototype: { ffprobe: () => void } }).prototype, 'ffprobe');
  await callsOf(() =>
    runFfmpeg(
      {
        inputs: [{ options: [], source: 'webcams.webm', foreign: true }],
        options: ['-t', '1'],
        output: 'a.mp4',
      },
      { ffmpeg, directory, signal, silenceMs: 10_000 },
    ),
  );
  expect(probe).not.toHaveBeenCalled();
});

it('fails one run, not the process, when ffmpeg cannot start', async () => {
  const gone = path.join(directory, 'gone');
  const run = runFfmpeg(
    { inputs: [{ options: [], source: 'a.webm' }], options: ['-t', '1'], output: 'a.mp4' },
    { ffmpeg, directory: gone, signal, silenceMs: 10_000 },
  );
  await expect(run).rejects.toMatchObject({ code: 'ffmpeg-failed', message: /ENOENT/ });
});

describe('decodeMedia', () => {
  it('names key frames only where there is a picture', async () => {
    const [sound, film] = await callsOf(async () => {
      await decodeMedia(ffmpeg, 'a.m4a', 'sound', signal);
      await decodeMedia(ffmpeg, 'a.mp4', 'picture', signal);
    });
    expect(sound).not.toContain('-skip_frame');
    expect(film).toContain('-skip_frame nokey');
    expect(film).not.toContain('0:a');
  });
});
