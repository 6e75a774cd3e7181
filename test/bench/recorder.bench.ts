import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findChromium } from '../../src/chromium/find-chromium.js';
import { lectureOf, writeLecture, type LectureFacts } from '../support/recorder/lecture.js';
import { machineSpeed, measureRun, type Measured } from '../support/recorder/measuring.js';
import { fixtures } from '../support/presentations.js';
import type { Bench } from './bench.js';

/* Five minutes that have their share of the hour's lecture (50 slides, 3,000 drawings, 20,000 moves of the pointer, ten
   minutes of shared screen). The baseline is E, what the machine encodes: two one-thread x264 veryfast encodes of the
   same webcam side by side. The goals are shares of it: 1.0, 0.95 with the layout of the player, 2.2 where nothing moves. */

const SECONDS = 300;
const webcam = path.join(fixtures, 'media/webcams.webm');

interface Lecture {
  readonly directory: string;
  readonly folder: string;
}

const begin =
  (seconds: number, more: Partial<LectureFacts> = {}) =>
  async (): Promise<Lecture> => {
    const directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-bench-recorder-'));
    return { directory, folder: writeLecture(path.join(directory, 'lecture'), lectureOf(seconds, more)) };
  };
const end = async (state: unknown): Promise<void> =>
  rmSync((state as Lecture).directory, { recursive: true, force: true });

async function convert(state: unknown, flags: readonly string[]): Promise<Measured> {
  const { directory, folder } = state as Lecture;
  const words = ['recorder', 'convert', folder, '--output', path.join(directory, 'out.mp4'), '--force'];
  return succeeded(
    await measureRun(process.execPath, ['bin/run.js', ...words, '--no-progress', ...flags], {
      env: { ...process.env, NODE_ENV: 'production' },
    }),
  );
}

const emptyPage = async (state: unknown): Promise<Measured> =>
  succeeded(
    await measureRun(findChromium('/usr/bin/chromium', true).path, [
      ...['--headless', '--no-sandbox', '--disable-gpu', '--window-size=1280,720', '--hide-scrollbars'],
      `--user-data-dir=${path.join((state as Lecture).directory, 'profile')}`,
      `--screenshot=${path.join((state as Lecture).directory, 'empty.png')}`,
      'about:blank',
    ]),
  );

const encode = async (state: unknown, seconds: number): Promise<Measured> =>
  succeeded(
    await measureRun('ffmpeg', [
      ...['-nostdin', '-v', 'error', '-f', 'lavfi', '-i', `testsrc2=s=1280x720:r=15:d=${seconds}`],
      ...['-c:v', 'libx264', '-preset', 'superfast', '-pix_fmt', 'yuv420p'],
      ...['-y', path.join((state as Lecture).directory, 'baseline.mp4')],
    ]),
  );

function succeeded(measured: Measured): Measured {
  if (measured.code !== 0) throw new Error(measured.stderr.slice(-500));
  return measured;
}

const speed = (
  name: string,
  goalRatio: number,
  flags: readonly string[],
  more?: Partial<LectureFacts>,
): Bench => ({
  name,
  unit: 'x real time',
  runs: 1,
  better: 'more',
  begin: begin(SECONDS, more),
  run: async (state) => SECONDS / (await convert(state, flags)).wallSeconds,
  baseline: {
    name: 'E: two x264 veryfast encodes of one thread',
    run: async () => (await machineSpeed(webcam)).times,
  },
  goalRatio,
  end,
});

export const benches: Bench[] = [
  speed('convert balanced, webcam and screen', 1.0, []),
  speed('convert balanced, layout player', 0.95, ['--layout', 'player']),
  speed('convert fast, webcam and screen', 1.0, ['--preset', 'fast']),
  speed('convert sound and whiteboard', 2.2, [], { webcam: false, share: null }),
  {
    name: 'convert fixed cost (two seconds)',
    unit: 's',
    runs: 3,
    begin: begin(2, { share: null }),
    run: async (state) => (await convert(state, [])).wallSeconds,
    baseline: {
      name: 'chromium draws an empty page, ffmpeg encodes two seconds of test picture',
      run: async (state) => (await emptyPage(state)).wallSeconds + (await encode(state, 2)).wallSeconds,
    },
    goal: 1.5,
    end,
  },
  {
    name: 'convert memory, all processes',
    unit: 'MB',
    runs: 1,
    begin: begin(120),
    run: async (state) => (await convert(state, ['--layout', 'player'])).pssBytes / 1e6,
    baseline: {
      name: 'one ffmpeg that encodes two minutes of test picture, 1280x720',
      run: async (state) => (await encode(state, 120)).pssBytes / 1e6,
    },
    goal: 1000,
    end,
  },
];
