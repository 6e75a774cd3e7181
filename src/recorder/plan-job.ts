import type { ConvertOptions } from './convert-options.js';
import { createHash } from 'node:crypto';
import type { Chapter } from './encoding/plan-file.js';
import { planSegments, type Segment } from './encoding/plan-segments.js';
import type { Encoder } from './encoding/video-codec.js';
import { planLayout, type Layout } from './scenes/layout.js';
import type { SourceMedia } from './survey-media.js';
import { cursorTrack } from './timeline/cursor-track.js';
import { pictureStates, type PictureState } from './timeline/picture-states.js';
import type { Presentation } from './timeline/presentation.js';
import { configurationTexts } from '../kit/errors/configuration.js';

/** Everything that one conversion will do, decided beforehand. */
export interface Job {
  readonly fps: number;
  /** Frame of the recording with which the file begins: 0 without `--from`. */
  readonly firstFrame: number;
  readonly frames: number;
  readonly layout: Layout;
  readonly states: readonly PictureState[];
  readonly segments: readonly Segment[];
  readonly source: SourceMedia;
  readonly presentation: Presentation;
  readonly chapters: readonly Chapter[];
  readonly options: ConvertOptions;
  readonly encoder: Encoder;
  readonly audioName: string;
  readonly resultName: string;
  /** Work of an earlier run is used again only for the same job. */
  readonly digest: string;
  readonly estimatedBytes: number;
}

/** The same job for another encoder: it has no use for the segments of the first. */
export const encodedBy = (job: Job, encoder: Encoder): Job => ({
  ...job,
  encoder,
  digest: encoder.name === 'software' ? job.digest : `${job.digest}-${encoder.name}`,
});

export const jobSeconds = ({ frames, fps }: Pick<Job, 'frames' | 'fps'>): number => frames / fps;

/** Plans a conversion; null when the recording holds nothing. */
export function planJob(
  presentation: Presentation,
  source: SourceMedia,
  slideTitles: readonly string[],
  options: ConvertOptions,
): Job | null {
  const durationMs = durationOf(presentation, source);
  if (durationMs === null) return null;
  const { fps } = source;
  const { firstFrame, endFrame } = framesOf(durationMs, fps, options);
  const frames = endFrame - firstFrame;
  const layout = planLayout({
    name: options.layout,
    size: options.size,
    background: options.background,
    chat: options.chat && presentation.chat.length > 0,
    webcam: source.webcam,
  });
  const pictures = !options.audioOnly;
  const states = pictures
    ? pictureStates(presentation, {
        fps,
        frames: endFrame,
        slides: layout.box !== null,
        chat: layout.chat !== null,
      })
    : [];
  const cursor =
    layout.box === null
      ? []
      : cursorTrack(presentation, { fps, frames: endFrame, box: layout.box, scale: layout.scale });
  return {
    fps,
    firstFrame,
    frames,
    layout,
    states,
    segments: pictures
      ? planSegments(states, cursor, { fps, firstFrame, frames: endFrame, cores: options.cores })
      : [],
    source,
    presentation,
    chapters: within(chaptersOf(presentation, slideTitles, durationMs), {
      fromMs: (firstFrame * 1000) / fps,
      toMs: (endFrame * 1000) / fps,
    }),
    options,
    encoder: { name: 'software' },
    ...namesOf(options),
    digest: digestOf({ options, fps, firstFrame, frames, layout, states, cursor, source }),
    estimatedBytes: estimate((frames * 1000) / fps, options),
  };
}

/** Names in the work directory. */
export const namesOf = ({
  format,
  audioOnly,
}: Pick<ConvertOptions, 'format' | 'audioOnly'>): Pick<Job, 'audioName' | 'resultName'> => ({
  audioName: format === 'webm' ? 'audio.webm' : 'audio.m4a',
  resultName: `result.${format === 'webm' ? 'webm' : audioOnly ? 'm4a' : 'mp4'}`,
});

/** The edited recording's length: what metadata.xml says, else the longest medium, else the last event. */
function durationOf(presentation: Presentation, source: SourceMedia): number | null {
  if (presentation.durationMs !== null) return presentation.durationMs;
  if (source.longestMs > 0) return source.longestMs;
  return presentation.lastOutMs;
}

/** The part that was asked for. @throws OperatorError usage-invalid when the recording ends before it. */
export function framesOf(
  durationMs: number,
  fps: number,
  { fromMs, toMs }: Pick<ConvertOptions, 'fromMs' | 'toMs'>,
): { firstFrame: number; endFrame: number } {
  const frame = (ms: number): number => Math.round((ms * fps) / 1000);
  const firstFrame = frame(fromMs ?? 0);
  if (fromMs !== null && fromMs >= durationMs)
    throw configurationTexts.usageInvalid({
      detail: `--from ${fromMs / 1000}: the recording lasts ${(durationMs / 1000).toFixed(1)} s.`,
    });
  return {
    firstFrame,
    endFrame: Math.max(firstFrame + 1, frame(Math.min(toMs ?? durationMs, durationMs))),
  };
}

/** Chapters of a part, counted from its start. */
const within = (
  chapters: readonly Chapter[],
  { fromMs, toMs }: { fromMs: number; toMs: number },
): Chapter[] =>
  chapters
    .filter((chapter) => chapter.fromMs < toMs && chapter.toMs > fromMs)
    .map(({ title, ...chapter }) => ({
      title,
      fromMs: Math.max(0, chapter.fromMs - fromMs),
      toMs: Math.min(toMs, chapter.toMs) - fromMs,
    }));

export const digestOf = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 32);

/**
 * Segments and the joined file stand side by side for a moment; pictures of the segments at work come on top. Per minute
 * what the hour of `npm run prove recorder` gave: 4.0 MB, 4.9 MB when fast.
 */
export function estimate(durationMs: number, { size, cores, preset, audioOnly }: ConvertOptions): number {
  const minutes = durationMs / 60_000;
  const area = (size.width * size.height) / (1280 * 720);
  const perMinute = audioOnly ? 1e6 : { fast: 5e6, balanced: 4.1e6, small: 2.5e6 }[preset] * area;
  return Math.round(2 * minutes * perMinute + cores * 25e6 * area + 20e6);
}

/** A long lecture and its downloaded files: what one conversion may need at once. */
const LONG_MS = 7_200_000;
const DOWNLOAD_BYTES = 500e6;

/** Room that conversions side by side need in the work directory, each emptied when it is done. */
export const workBytes = (jobs: number, options: ConvertOptions): number =>
  jobs * (estimate(LONG_MS, options) + DOWNLOAD_BYTES);

/** One chapter per slide and per screen share; a slide that is left for a moment goes on. */
function chaptersOf(
  { visits, shares }: Presentation,
  titles: readonly string[],
  durationMs: number,
): Chapter[] {
  const marks = [
    ...visits.flatMap((visit, i) =>
      /(?:deskshare|logo)(?:\/slide-1)?\.png$/.test(visit.href ?? '')
        ? []
        : [{ atMs: visit.fromMs, title: titles[i] ?? `Slide ${i + 1}` }],
    ),
    ...shares.map(({ fromMs }) => ({ atMs: fromMs, title: 'Screen share' })),
  ]
    .filter(({ atMs }) => atMs < durationMs)
    .sort((a, b) => a.atMs - b.atMs);
  const distinct = marks.filter((mark, i) => mark.title !== marks[i - 1]?.title);
  return distinct.map(({ title, atMs }, i) => ({
    title,
    fromMs: i === 0 ? 0 : atMs,
    toMs: distinct[i + 1]?.atMs ?? durationMs,
  }));
}
