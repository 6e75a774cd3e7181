import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { lectureOf, writeLecture, type LectureFacts } from '../support/recorder/lecture.js';
import { machineSpeed, measureRun } from '../support/recorder/measuring.js';
import { fixtures } from '../support/presentations.js';
import type { Bench } from './bench.js';

/* Five minutes that have their share of the hour's lecture (50 slides, 3,000 drawings, 20,000 moves of the pointer, ten
   minutes of shared screen). The baseline is E: two one-thread x264 veryfast encodes of the same webcam side by side.
   A ratio of 1.92 is 13 times real time where E is 25, 1.39 is 18 times, 0.83 is 30 times. */

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

async function convert(state: unknown, flags: readonly string[]) {
  const { directory, folder } = state as Lecture;
  const measured = await measureRun(process.execPath, [
    ...['bin/run.js', 'recorder', 'convert', folder, '--output', path.join(directory, 'out.mp4'), '--force'],
    ...['--no-progress', ...flags],
  ]);
  if (measured.code !== 0) throw new Error(measured.stderr);
  return measured;
}

const speed = (
  name: string,
  goal: number,
  flags: readonly string[],
  more?: Partial<LectureFacts>,
): Bench => ({
  name,
  unit: 's per hour',
  runs: 1,
  begin: begin(SECONDS, more),
  run: async (state) => ((await convert(state, flags)).wallSeconds * 3600) / SECONDS,
  baseline: { name: 'x264 veryfast, twice (E)', run: async () => 3600 / (await machineSpeed(webcam)).times },
  goal,
  end,
});

export const benches: Bench[] = [
  speed('recorder balanced, webcam and shared screen', 1.92, []),
  speed('recorder balanced, layout player', 1.92, ['--layout', 'player']),
  speed('recorder fast, webcam and shared screen', 1.39, ['--preset', 'fast']),
  speed('recorder sound and whiteboard', 0.83, [], { webcam: false, share: null }),
  {
    name: 'recorder fixed cost (two seconds)',
    unit: 's',
    runs: 3,
    begin: begin(2, { share: null }),
    run: async (state) => (await convert(state, [])).wallSeconds,
    goal: 4,
    end,
  },
  {
    name: 'recorder memory, all processes',
    unit: 'MB',
    runs: 1,
    begin: begin(120),
    run: async (state) => (await convert(state, ['--layout', 'player'])).pssBytes / 1e6,
    goal: 1500,
    end,
  },
];
