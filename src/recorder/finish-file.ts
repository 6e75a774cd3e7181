import { metadataText, planFile, planKeyFrames, segmentsListText } from './encoding/plan-file.js';
import type { FileFormat } from './encoding/video-codec.js';
import { clipCaptions } from './encoding/clip-captions.js';
import { segmentName } from './encode-segments.js';
import { threeLetters } from './language-codes.js';
import { jobSeconds, type Job } from './plan-job.js';
import type { Media, PublishedFolder, WorkDirectory } from './ports.js';
import type { Caption, Presentation } from './timeline/presentation.js';
import { texts } from './texts.js';

export interface FoundCaption extends Caption {
  readonly text: string;
}

/** Captions whose file is there and is WebVTT, cut to the part that is converted. */
export async function findCaptions(
  folder: PublishedFolder,
  { captions }: Presentation,
  fromMs: number,
  durationMs: number,
): Promise<FoundCaption[]> {
  const found = await Promise.all(
    captions.map(async (caption) => ({ ...caption, text: await folder.readText(caption.file) })),
  );
  return found
    .flatMap((caption) =>
      caption.text?.replace(/^\uFEFF/, '').startsWith('WEBVTT') === true && caption.text.includes('-->')
        ? [{ ...caption, text: clipCaptions(caption.text, fromMs, durationMs) }]
        : [],
    )
    .filter(({ text }) => text.includes('-->'));
}

/** Joins segments and sound with captions, chapters and what the file says of itself, and draws its poster. */
export async function joinFile(
  job: Job,
  captions: readonly FoundCaption[],
  work: WorkDirectory,
  media: Media,
  signal: AbortSignal,
): Promise<void> {
  const { presentation, options } = job;
  await work.write(
    SEGMENTS_LIST,
    segmentsListText(
      job.segments.map((segment) => ({ file: segmentName(job, segment), seconds: segment.frames / job.fps })),
    ),
  );
  await work.write('metadata.txt', metadataText(tagsOf(presentation, options.language), job.chapters));
  await Promise.all(captions.map(({ locale, text }) => work.write(`caption-${locale}.vtt`, text)));
  const segmentsList = options.audioOnly ? null : SEGMENTS_LIST;
  const looks = looksAtEnd(job);
  const plans = [
    planFile({
      format: options.format,
      segmentsList,
      audio: job.audioName,
      metadataFile: 'metadata.txt',
      captions: options.audioOnly
        ? []
        : captions.map(({ locale, name }) => ({
            file: `caption-${locale}.vtt`,
            language: threeLetters(locale),
            title: name,
          })),
      language: options.language === null ? null : threeLetters(options.language),
      poster: hasPoster(options) ? { seconds: Math.min(jobSeconds(job) / 10, 30), output: POSTER } : null,
      looks,
      output: job.resultName,
    }),
    ...(looks || segmentsList === null ? [] : [planKeyFrames(segmentsList)]),
  ];
  const runs = await Promise.allSettled(plans.map((plan) => media.run(plan, work.path, signal)));
  for (const run of runs) if (run.status === 'rejected') throw run.reason;
}

const SEGMENTS_LIST = 'segments.ffconcat';

function tagsOf({ title, startAt }: Presentation, language: string | null): Record<string, string> {
  return {
    ...(title === '' ? {} : { title }),
    ...(startAt === null ? {} : { date: new Date(startAt).toISOString() }),
    ...(language === null ? {} : { language: threeLetters(language) }),
  };
}

/**
 * Short sound and few key frames are decoded by the run that joins the film: two starts less. Long sound is beside the
 * segments, and many key frames beside that run: no core waits for them.
 */
export const looksAtEnd = (job: Job): boolean => jobSeconds(job) < 60;

/**
 * Nothing is delivered that does not play: length, both streams, every frame present. Key frames and sound have been
 * decoded by now; here their packets are counted.
 * @throws OperatorError result-wrong, media-broken
 */
export async function checkFile(
  job: Job,
  work: WorkDirectory,
  media: Media,
  signal: AbortSignal,
): Promise<void> {
  const { frames, packets, durationMs } = await media.readFilm(work.file(job.resultName), signal);
  const wantedMs = jobSeconds(job) * 1000;
  const faults = [
    ...(packets === null ? ['no sound'] : []),
    ...(job.options.audioOnly || frames !== null ? [] : ['no picture']),
    ...(frames === null || job.options.audioOnly || hasFrames(job, frames)
      ? []
      : [`${frames} frames instead of ${job.frames}`]),
    ...(Math.abs((durationMs ?? 0) - wantedMs) <= 200
      ? []
      : [`it lasts ${((durationMs ?? 0) / 1000).toFixed(2)} s instead of ${(wantedMs / 1000).toFixed(2)} s`]),
  ];
  // What a container says of its length hides sound that was written twice; players that count samples do not.
  const soundMs = ((packets ?? 0) * packetSamples(job.options.format)) / 48;
  if (packets !== null && Math.abs(soundMs - wantedMs) > 200)
    faults.push(`${(soundMs / 1000).toFixed(2)} s of sound instead of ${(wantedMs / 1000).toFixed(2)} s`);
  if (faults.length > 0) throw texts.resultWrong({ detail: faults.join(', ') });
}

/** Samples of a packet, as ffmpeg's AAC and libopus at 48 kHz write them. */
const packetSamples = (format: FileFormat): number => (format === 'webm' ? 960 : 1024);

/** Every frame where a webcam moves; elsewhere only changes were kept, at least one picture per segment. */
const hasFrames = ({ frames, source, layout, segments }: Job, found: number): boolean =>
  source.webcam !== null && layout.webcam !== null
    ? found === frames
    : found >= segments.length && found <= frames;

const hasPoster = ({ extras, audioOnly }: Job['options']): boolean => extras && !audioOnly;

const POSTER = 'poster.jpg';

/** Stands beside a film that lacks something: later runs make it again. */
export const markOf = (target: string): string => `${target}.missing.json`;

/**
 * The film at its place, captions and a poster beside it under its name. The film comes last: where it stands, nothing is
 * missing, whenever we were killed. What fails leaves none of them.
 * @returns its size in bytes
 */
export async function deliverFile(
  job: Job,
  captions: readonly FoundCaption[],
  target: string,
  work: WorkDirectory,
): Promise<number> {
  const stem = target.replace(/\.[a-z0-9]{2,4}$/i, '');
  const besides: { name: string; place: string }[] = job.options.extras
    ? captions.map(({ locale }) => ({ name: `caption-${locale}.vtt`, place: `${stem}.${locale}.vtt` }))
    : [];
  if (hasPoster(job.options)) besides.push({ name: POSTER, place: `${stem}.jpg` });
  // A film that lacks something never stands there without saying so.
  const mark = markOf(target);
  const { shortfalls } = job.source;
  if (shortfalls.length > 0) {
    await work.write('missing.json', `${JSON.stringify({ missing: shortfalls }, null, 2)}\n`);
    besides.push({ name: 'missing.json', place: mark });
  }
  const delivered: string[] = [];
  try {
    for (const { name, place } of besides) {
      await work.deliver(name, place);
      delivered.push(place);
    }
    const size = await work.deliver(job.resultName, target);
    if (shortfalls.length === 0) await work.withdraw([mark]);
    return size;
  } catch (error) {
    await work.withdraw(delivered);
    throw error;
  }
}
