import { spawnSync } from 'node:child_process';
import type { RecordingPorts } from '../../../src/recorder/recording-ports.js';
import type { Box } from '../pictures.js';

/** The same conversion with nothing lost: what x264 gets, it keeps. */
export const withoutLoss = (ports: RecordingPorts): RecordingPorts => ({
  ...ports,
  media: {
    ...ports.media,
    run: (plan, ...rest) => ports.media.run({ ...plan, options: lossless(plan.options) }, ...rest),
  },
});

/** The same conversion by plain x264 veryfast at its own quality: what ours is measured against. */
export const byVeryfast = (ports: RecordingPorts): RecordingPorts => ({
  ...ports,
  media: {
    ...ports.media,
    run: (plan, ...rest) =>
      ports.media.run(
        { ...plan, options: replaced(plan.options, ['-preset', 'veryfast', '-crf', '23']) },
        ...rest,
      ),
  },
});

const lossless = (options: readonly string[]): string[] =>
  replaced(options, ['-preset', 'ultrafast', '-qp', '0']);

/** Settings of x264 are ours no more; what encodes no picture stays as it is. */
function replaced(options: readonly string[], by: readonly string[]): string[] {
  const at = options.indexOf('libx264');
  if (at < 0) return [...options];
  const ours = ['-preset', '-crf', '-qp', '-x264-params', '-profile:v', '-force_key_frames'];
  const kept = options.filter((option, i) => !ours.includes(option) && !ours.includes(options[i - 1] ?? ''));
  kept.splice(kept.indexOf('libx264') + 1, 0, ...by);
  return kept;
}

/** Mean structural similarity of the brightness of all frames, of the whole picture or of a box. */
export function ssimOfFiles(file: string, reference: string, box?: Box): number {
  const crop = box === undefined ? '' : `crop=${box.width}:${box.height}:${box.x}:${box.y},`;
  const { stderr } = compare(file, reference, `${crop}settb=1/1000,setpts=N`, 'ssim=shortest=1');
  const found = /SSIM Y:([\d.]+)/.exec(stderr);
  if (found === null) throw new Error(`no SSIM: ${stderr.slice(-300)}`);
  return Number(found[1]);
}

/** The same of each tenth of a second: also where equal frames were left out of the files. */
export function ssimPerFrame(file: string, reference: string): { mean: number; least: number } {
  const { stdout } = compare(file, reference, 'fps=10:start_time=0', 'ssim=shortest=1:f=-');
  const frames = [...stdout.matchAll(/ Y:([\d.]+)/g)].map(([, value]) => Number(value));
  if (frames.length === 0) throw new Error('no SSIM');
  return { mean: frames.reduce((sum, value) => sum + value, 0) / frames.length, least: Math.min(...frames) };
}

const compare = (file: string, reference: string, both: string, by: string) =>
  spawnSync(
    'ffmpeg',
    [
      ...['-nostdin', '-hide_banner', '-i', file, '-i', reference, '-filter_complex'],
      `[0:v]${both}[a];[1:v]${both}[b];[a][b]${by}[c]`,
      ...['-map', '[c]', '-f', 'null', '-'],
    ],
    { encoding: 'utf8', maxBuffer: 1 << 28 },
  );
