import path from 'node:path';
import ffmpeg from 'fluent-ffmpeg';
import { asMediaFile, FOREIGN_MEDIA_OPTIONS } from '../../../kit/foreign-media.js';
import type { FfmpegPlan } from '../../ports.js';
import { isExecutable } from '../../../kit/adapters/files/is-executable.js';
import { packageRoot } from '../../../kit/adapters/files/package-files.js';
import { texts } from '../../texts.js';
import { systemTexts } from '../../../kit/errors/system.js';

const wrapper = path.join(packageRoot(), 'bin/ffmpeg-with-parent');

export interface FfmpegRun {
  /** `recorder.ffmpeg`. */
  readonly ffmpeg: string;
  /** Relative names of the plan are below it. */
  readonly directory: string;
  readonly signal: AbortSignal;
  /** No output for that long ends the run. */
  readonly silenceMs: number;
  /** Position in the output, milliseconds. */
  readonly onTime?: ((ms: number) => void) | undefined;
}

/**
 * Runs one plan. fluent-ffmpeg's only place (it is archived: packages of the architecture page); options always go
 * in one by one, because it splits single texts at spaces.
 * @throws OperatorError ffmpeg-missing, ffmpeg-failed; the signal's reason when cancelled
 */
export async function runFfmpeg(plan: FfmpegPlan, run: FfmpegRun): Promise<void> {
  run.signal.throwIfAborted();
  if (!isExecutable(run.ffmpeg)) throw texts.ffmpegMissing({ path: run.ffmpeg });
  const command = trusting(ffmpeg({ cwd: run.directory, logger: undefined } as ffmpeg.FfmpegCommandOptions));
  process.env['FFMPEG_PROGRAM'] = run.ffmpeg;
  command.setFfmpegPath(wrapper);
  for (const { options, source, foreign = false } of plan.inputs) {
    command.input(foreign ? asMediaFile(source) : source);
    const all = [...(foreign ? FOREIGN_MEDIA_OPTIONS : []), ...options];
    if (all.length > 0) command.inputOptions(...pair(all));
  }
  const besides = (plan.besides ?? []).flatMap(({ options, output }) => [...options, output]);
  command.outputOptions(...pair(['-nostdin', '-hide_banner', '-y', ...besides, ...plan.options]));
  command.output(plan.output);
  const stderr: string[] = [];
  await new Promise<void>((resolve, reject) => {
    let silence = setTimeout(() => kill(), run.silenceMs);
    const kill = (): void => void command.kill('SIGKILL');
    const onAbort = (): void => kill();
    const finish = (settle: () => void): void => {
      clearTimeout(silence);
      run.signal.removeEventListener('abort', onAbort);
      settle();
    };
    run.signal.addEventListener('abort', onAbort, { once: true });
    command
      .on('start', () => {
        // kill() before the process exists is forgotten.
        if (run.signal.aborted) kill();
      })
      .on('stderr', (line: string) => {
        stderr.push(line);
        if (stderr.length > 60) stderr.shift();
        clearTimeout(silence);
        silence = setTimeout(() => kill(), run.silenceMs);
      })
      .on('progress', (progress: { timemark?: string }) => run.onTime?.(markToMs(progress.timemark ?? '')))
      .on('end', () => finish(resolve))
      .on('error', (error: Error) => finish(() => reject(failure(run, error, stderr))))
      .run();
  });
}

/**
 * fluent-ffmpeg 2.1.3 looks beforehand into `ffmpeg -formats` and `-encoders` and refuses what it does not find there
 * (lib/capabilities.js). It misreads the third column that ffmpeg 7 prints for devices (fftools/opt_common.c), and then
 * lavfi is "not available". What ffmpeg cannot do, ffmpeg says.
 * Where somebody listens to its progress, it also starts an ffprobe of its own on the first input (lib/processor.js,
 * runFfprobe), without the options that keep foreign media from naming others, and which nobody ends.
 * And where the process cannot start, it reads the lines of a process that never was (lib/processor.js, endCB without its
 * rings), which ends ours.
 */
const trusting = (command: ffmpeg.FfmpegCommand): ffmpeg.FfmpegCommand => {
  const { _spawnFfmpeg: spawn } = command as unknown as { _spawnFfmpeg: SpawnFfmpeg };
  return Object.assign(command, {
    _spawnFfmpeg: ((args, options, onStart, onEnd) =>
      spawn.call(command, args, options, onStart, (error, stdout = NO_LINES, stderr = NO_LINES) =>
        onEnd(error, stdout, stderr),
      )) satisfies SpawnFfmpeg,
    _checkCapabilities: (done: (error: null) => void) => done(null),
    availableEncoders: (done: (error: null, encoders: object) => void) => done(null, {}),
    ffprobe: () => undefined,
  });
};

type Lines = { get(): string };
const NO_LINES: Lines = { get: () => '' };
type SpawnFfmpeg = (
  args: readonly string[],
  options: object,
  onStart: (...started: unknown[]) => void,
  onEnd: (error: Error | null, stdout?: Lines, stderr?: Lines) => void,
) => void;

/** At least two arguments: a single one would be split at its spaces. Twice the same flag is the flag. */
const pair = (options: readonly string[]): string[] =>
  options.length === 1 ? [...options, ...options] : [...options];

function failure({ signal }: FfmpegRun, error: Error, stderr: readonly string[]): Error {
  if (signal.aborted) return signal.reason as Error;
  const last = stderr
    .filter((line) => /error|invalid|no such|fail|unable|cannot|denied|space/i.test(line))
    .slice(-3)
    .join(' | ');
  if (/no space left/i.test(last))
    return systemTexts.diskFull({ path: 'the work directory' }, { cause: error });
  return texts.ffmpegFailed({ detail: (last || error.message).slice(0, 500) }, { cause: error });
}

function markToMs(mark: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = mark.split(':').map(Number);
  const ms = ((hours * 60 + minutes) * 60 + seconds) * 1000;
  return Number.isFinite(ms) ? ms : 0;
}
