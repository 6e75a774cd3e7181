import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startCli, type StartedCli } from '../queue-bench.js';
import { lectureOf, writeLecture } from '../recorder/lecture.js';
import type { Scenario } from './scenario.js';

/**
 * `recorder convert` of a short lecture, webcam, poster and all.
 * @param workDirectory on another disk, where the last step is a copy and not a rename
 */
export async function convertScenario(seconds: number, workDirectory: string | null): Promise<Scenario> {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-crash-'));
  chmodSync(directory, 0o755);
  const work = workDirectory === null ? null : mkdtempSync(path.join(workDirectory, 'bbb2pod-crash-'));
  const facts = { share: null, slides: 3, drawings: 24, cursorEvents: 30 };
  const folder = writeLecture(path.join(directory, 'lecture'), lectureOf(seconds, facts));
  const out = path.join(directory, 'out');
  const film = path.join(out, 'lecture.mp4');
  const reset = (): Promise<void> => {
    rmSync(out, { recursive: true, force: true });
    mkdirSync(out);
    return Promise.resolve();
  };
  await reset();
  let last: StartedCli | undefined;
  const convert = (temporary: string): StartedCli =>
    (last = startCli(
      ['recorder', 'convert', folder, '--output', film, '--size', '640x360', '--preset', 'fast'],
      directory,
      { TMPDIR: temporary, ...(work === null ? {} : { BBB2POD_RECORDER_WORK_DIR: work }) },
    ));
  return {
    name: workDirectory === null ? 'convert' : 'convert, working on another disk',
    start: (_step, temporary) => convert(temporary).process,
    complaint: () => {
      // Ended by itself: with the film, or with one message and nothing at all.
      const { process: child, stderr } = last!;
      if (child.exitCode === 0) return null;
      const left = [...readdirSync(out), ...(work === null ? [] : readdirSync(work))];
      const told = stderr() + last!.stdout();
      if (left.length > 0) return `failed, and left ${left.join(', ')}`;
      if (child.exitCode === null || /internal-fault|^\s+at /m.test(told) || !/->/.test(told))
        return `failed without a clear message: ${told.slice(-300)}`;
      return null;
    },
    finish: async (temporary) => {
      const { exited, stderr } = convert(temporary);
      const status = await exited;
      if (status !== 0)
        throw new Error(`the second run ended with ${String(status)}: ${stderr().slice(-300)}`);
    },
    look: () =>
      Promise.resolve({
        files: readdirSync(out).sort(),
        work: work === null ? [] : readdirSync(work),
        film: existsSync(film) ? filmFacts(film) : null,
      }),
    reset,
    close: () => {
      rmSync(directory, { recursive: true, force: true });
      if (work !== null) rmSync(work, { recursive: true, force: true });
      return Promise.resolve();
    },
  };
}

/** Length, streams, number of pictures, and a hash of every decoded picture. */
export function filmFacts(file: string): unknown {
  const entries = 'format=duration:stream=codec_name,width,height,duration,nb_read_packets';
  const probed = execFileSync(
    'ffprobe',
    ['-v', 'error', '-count_packets', '-show_entries', entries, '-of', 'json', file],
    { encoding: 'utf8' },
  );
  const pictures = execFileSync('ffmpeg', ['-v', 'error', '-i', file, '-map', '0:v', '-f', 'md5', '-'], {
    encoding: 'utf8',
  });
  return { ...(JSON.parse(probed) as object), pictures: pictures.trim() };
}
