import type { LostFile } from '../bbb/published-file.js';
import { OperatorError } from '../kit/errors/operator-error.js';
import { renderBytes } from '../kit/output/units.js';
import { encodeSegments } from './encode-segments.js';
import { chooseEncoder, planEncoderTest, type EncoderBench } from './encoding/choose-encoder.js';
import { planAudio } from './encoding/plan-file.js';
import { checkFile, deliverFile, findCaptions, joinFile, looksAtEnd } from './finish-file.js';
import { encodedBy, jobSeconds, type Job } from './plan-job.js';
import type { Media, PublishedFolder, BrowserSession, WorkDirectory } from './ports.js';
import type { ConvertOptions } from './convert-options.js';
import { texts } from './texts.js';

export type ConvertStep = 'fetch' | 'read' | 'encode' | 'join' | 'check';

export interface ConvertProgress {
  readonly step: ConvertStep;
  /** Finished part of the conversion, 0 to 1; of a download, null while its size is unknown. */
  readonly fraction: number | null;
  /** Length of the recording; null before it is known. */
  readonly durationMs: number | null;
  readonly receivedBytes?: number;
  /** One line that the operator should read. */
  readonly note?: string;
}

export interface Converted {
  readonly durationMs: number;
  readonly sizeBytes: number;
  /** Distinct pictures drawn. */
  readonly pictures: number;
  readonly fps: number;
}

/** One recording on its way into a file: what each of its steps is given. */
export interface Conversion {
  readonly work: WorkDirectory;
  /** Path of the finished file. */
  readonly target: string;
  readonly options: ConvertOptions;
  /** What the film that stands at its place lacks: while nothing of it has come, that one is kept. */
  readonly standing: readonly LostFile[];
  readonly media: Media;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ConvertProgress) => void;
}

/**
 * Carries out a job: encoder chosen, segments and sound side by side, joined, checked, delivered.
 * @param folder where captions lie
 */
export async function makeFile(
  planned: Job,
  folder: PublishedFolder,
  conversion: Conversion,
  openBrowserSession: (signal: AbortSignal) => Promise<BrowserSession>,
): Promise<Converted> {
  const { work, target, media, signal, onProgress } = conversion;
  const { presentation, options } = planned;
  const durationMs = jobSeconds(planned) * 1000;
  const report = (step: ConvertStep, fraction: number): void =>
    onProgress({ step, fraction: Math.min(1, fraction), durationMs });
  const tell = (note: string | null): void => {
    if (note !== null) onProgress({ step: 'read', fraction: 0, durationMs, note });
  };
  const choice = options.audioOnly ? 'software' : options.encoder;
  const { encoder, note } = await chooseEncoder(choice, options.format, encoderBench(conversion));
  tell(note);
  let job = encodedBy(planned, encoder);
  try {
    await encodeAll(job, conversion, openBrowserSession, report);
  } catch (error) {
    const isFfmpeg = error instanceof OperatorError && error.code === 'ffmpeg-failed';
    if (!isFfmpeg || signal.aborted || encoder.name === 'software') throw error;
    // Streams of two encoders do not join: everything again.
    tell(`${encoder.name} failed on the way: again in software`);
    job = encodedBy(planned, { name: 'software' });
    await encodeAll(job, conversion, openBrowserSession, report);
  }
  report('join', 0.97);
  const captions = await findCaptions(folder, presentation, (job.firstFrame * 1000) / job.fps, durationMs);
  await joinFile(job, captions, work, media, signal);
  report('check', 0.98);
  await checkFile(job, work, media, signal);
  const sizeBytes = await deliverFile(job, captions, target, work);
  report('check', 1);
  const pictures = new Set(job.states.map(({ key }) => key)).size;
  return { durationMs, sizeBytes, pictures, fps: job.fps };
}

async function encodeAll(
  job: Job,
  { work, media, signal }: Conversion,
  openBrowserSession: (signal: AbortSignal) => Promise<BrowserSession>,
  report: (step: ConvertStep, fraction: number) => void,
): Promise<void> {
  await prepare(job, work);
  report('read', 0);
  const stop = new AbortController();
  const all = AbortSignal.any([signal, stop.signal]);
  const both = [
    encodeAudio(job, work, media, all),
    encodeSegments(
      job,
      { openBrowserSession: () => openBrowserSession(all), work, media, signal: all },
      (share) => report('encode', share * 0.97),
    ),
  ];
  try {
    await Promise.all(both);
  } catch (error) {
    stop.abort(error);
    // Whoever fails last still has a browser to close and files to write.
    await Promise.allSettled(both);
    throw error;
  }
}

const encoderBench = ({ media, work, signal }: Conversion): EncoderBench => ({
  findDevice: (name) => media.findDevice(name),
  encodeSecond: async (encoder) => {
    const output = 'encoder-test.mp4';
    try {
      const timeout = AbortSignal.timeout(media.encoderTestMs);
      await media.run(planEncoderTest(encoder, output), work.path, AbortSignal.any([signal, timeout]));
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      await work.remove(output);
    }
  },
});

/** Work of another job, or of a recording published anew, is thrown away; then the disk must suffice. */
async function prepare(job: Job, work: WorkDirectory): Promise<void> {
  if ((await work.readText('job.txt')) !== job.digest) {
    await work.clear(['source']);
    await work.write('job.txt', job.digest);
  }
  const free = await work.freeBytes();
  if (free < job.estimatedBytes) {
    throw texts.workDiskShort({
      needed: renderBytes(job.estimatedBytes),
      directory: work.path,
      free: renderBytes(free),
    });
  }
}

async function encodeAudio(job: Job, work: WorkDirectory, media: Media, signal: AbortSignal): Promise<void> {
  if ((await work.sizeOf(job.audioName)) !== null) return;
  const part = `part-${job.audioName}`;
  const plan = planAudio(job.source.audio, {
    seconds: jobSeconds(job),
    fromSeconds: job.firstFrame / job.fps,
    format: job.options.format,
    offsetMs: job.options.audioOffsetMs,
    output: part,
  });
  await media.run(plan, work.path, signal);
  // The finished file takes it as it is.
  if (!looksAtEnd(job)) await media.decode(work.file(part), 'sound', signal);
  await work.rename(part, job.audioName);
}
