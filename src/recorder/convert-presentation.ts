import { OperatorError } from '../codes/operator-error.js';
import { renderBytes } from '../output/units.js';
import { encodeSegments } from './encode-segments.js';
import { chooseEncoder, planEncoderTest, type EncoderBench } from './encoding/choose-encoder.js';
import { planAudio } from './encoding/plan-file.js';
import { checkFile, deliverFile, findCaptions, joinFile } from './finish-file.js';
import { encodedBy, jobSeconds, planJob, type ConvertOptions, type Job } from './plan-job.js';
import type { Media, OpenStudio, PublishedFolder, Scene, Studio, WorkDirectory } from './ports.js';
import { pagePolicy, scenePage } from './scenes/scene-page.js';
import { visitScene } from './scenes/visit-scene.js';
import { surveyMedia } from './survey-media.js';
import { presentationFiles, readPresentation, type PresentationTexts } from './timeline/read-presentation.js';
import { knowsVersion } from './timeline/parse-tldraw.js';
import type { Presentation } from './timeline/presentation.js';

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

export interface ConvertPorts {
  readonly openStudio: OpenStudio;
  readonly media: Media;
}

/**
 * Converts one published presentation into a file: distinct states are drawn once, segments are encoded side by
 * side, the file is checked before it is delivered. Finished segments of an interrupted run are used again.
 * @throws OperatorError of the step that failed; nothing new stands at `target` then.
 */
export async function convertPresentation(
  folder: PublishedFolder,
  work: WorkDirectory,
  target: string,
  options: ConvertOptions,
  { openStudio, media }: ConvertPorts,
  signal: AbortSignal,
  onProgress: (progress: ConvertProgress) => void,
): Promise<Converted> {
  const presentation = readPresentation(await readTexts(folder));
  if (!knowsVersion(presentation))
    throw new OperatorError('playback-version-unknown', { version: presentation.bbbVersion ?? '' });
  const source = await surveyMedia(folder, presentation, media, work, signal);
  const titles = await slideTitles(folder, presentation);
  const job = planJob(presentation, source, titles, options);
  if (job === null) throw new OperatorError('presentation-empty', { folder: folder.path });
  return makeFile(job, { folder, work, target, media, signal, onProgress }, (all) =>
    openStudio(sceneOf(folder, job), all),
  );
}

export interface Making {
  /** Where captions lie. */
  readonly folder: PublishedFolder;
  readonly work: WorkDirectory;
  readonly target: string;
  readonly media: Media;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ConvertProgress) => void;
}

/** Carries out a job: encoder chosen, segments and sound side by side, joined, checked, delivered. */
export async function makeFile(
  planned: Job,
  making: Making,
  openStudio: (signal: AbortSignal) => Promise<Studio>,
): Promise<Converted> {
  const { folder, work, target, media, signal, onProgress } = making;
  const { presentation, options } = planned;
  const durationMs = jobSeconds(planned) * 1000;
  const report = (step: ConvertStep, fraction: number): void =>
    onProgress({ step, fraction: Math.min(1, fraction), durationMs });
  const tell = (note: string | null): void => {
    if (note !== null) onProgress({ step: 'read', fraction: 0, durationMs, note });
  };
  const wish = options.audioOnly ? 'software' : options.encoder;
  const { encoder, note } = await chooseEncoder(wish, options.format, encoderBench(making));
  tell(note);
  let job = encodedBy(planned, encoder);
  try {
    await encodeAll(job, making, openStudio, report);
  } catch (error) {
    const isFfmpeg = error instanceof OperatorError && error.code === 'ffmpeg-failed';
    if (!isFfmpeg || signal.aborted || encoder.name === 'software') throw error;
    // Streams of two encoders do not join: everything again.
    tell(`${encoder.name} failed on the way: again in software`);
    job = encodedBy(planned, { name: 'software' });
    await encodeAll(job, making, openStudio, report);
  }
  report('join', 0.97);
  const captions = await findCaptions(folder, presentation, (job.firstFrame * 1000) / job.fps, durationMs);
  await joinFile(job, captions, work, media, signal);
  report('check', 0.98);
  await checkFile(job, work, media, signal);
  const sizeBytes = await deliverFile(job, captions, target, work, media, signal);
  report('check', 1);
  const pictures = new Set(job.states.map(({ key }) => key)).size;
  return { durationMs, sizeBytes, pictures, fps: job.fps };
}

async function encodeAll(
  job: Job,
  { work, media, signal }: Making,
  openStudio: (signal: AbortSignal) => Promise<Studio>,
  report: (step: ConvertStep, fraction: number) => void,
): Promise<void> {
  await prepare(job, work);
  report('read', 0);
  const stop = new AbortController();
  const all = AbortSignal.any([signal, stop.signal]);
  const both = [
    encodeAudio(job, work, media, all),
    encodeSegments(job, { openStudio: () => openStudio(all), work, media, signal: all }, (share) =>
      report('encode', share * 0.97),
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

const encoderBench = ({ media, work, signal }: Making): EncoderBench => ({
  findDevice: (name) => media.findDevice(name),
  encodeSecond: async (encoder) => {
    const output = 'encoder-test.mp4';
    try {
      const patience = AbortSignal.timeout(media.encoderTestMs);
      await media.run(planEncoderTest(encoder, output), work.path, AbortSignal.any([signal, patience]));
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      await work.remove(output);
    }
  },
});

async function readTexts(folder: PublishedFolder): Promise<PresentationTexts> {
  const entries = await Promise.all(
    presentationFiles.map(async (name) => [name, await folder.readText(name)] as const),
  );
  return Object.fromEntries(entries) as PresentationTexts;
}

/** First line of each visit's slide text. */
async function slideTitles(folder: PublishedFolder, { visits }: Presentation): Promise<string[]> {
  const texts = new Map<string, string>();
  for (const { textFile } of visits) {
    if (textFile !== null && !texts.has(textFile))
      texts.set(textFile, (await folder.readText(textFile)) ?? '');
  }
  return visits.map(({ textFile, href }, i) => {
    const line = (texts.get(textFile ?? '') ?? '').split(/\r?\n/).find((text) => text.trim() !== '');
    const number = /slide-?(\d+)\.\w+$/.exec(href ?? '')?.[1] ?? String(i + 1);
    return (line ?? `Slide ${number}`).trim().slice(0, 100);
  });
}

/** Work of another job, or of a recording published anew, is thrown away; then the disk must suffice. */
async function prepare(job: Job, work: WorkDirectory): Promise<void> {
  if ((await work.readText('job.txt')) !== job.digest) {
    await work.clear(['source']);
    await work.write('job.txt', job.digest);
  }
  const free = await work.freeBytes();
  if (free < job.estimatedBytes) {
    throw new OperatorError('work-disk-short', {
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
  await work.rename(part, job.audioName);
}

function sceneOf(folder: PublishedFolder, { presentation, layout, options, states }: Job): Scene {
  const used = presentation.visits.map(() => new Set<number>());
  for (const { slide } of states) slide?.drawings.forEach((drawing) => used[slide.visit]?.add(drawing));
  const { anonymous } = options;
  return {
    size: layout.size,
    folder: folder.path,
    policy: pagePolicy,
    page: (nonce) => scenePage({ presentation, layout, chat: presentation.chat, anonymous }, nonce),
    visit: (index) => visitScene(presentation, index, used[index] ?? new Set(), layout.name === 'player'),
  };
}
