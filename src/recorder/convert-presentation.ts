import { OperatorError } from '../codes/operator-error.js';
import { metadataText, planAudio, planFile, segmentsListText, type Chapter } from './encoding/plan-file.js';
import { planSegmentEncode } from './encoding/plan-segment-encode.js';
import {
  concatList,
  cursorCommands,
  cursorSizes,
  planSegments,
  type Segment,
} from './encoding/plan-segments.js';
import { planCodec, type FileFormat, type PresetName } from './encoding/video-codec.js';
import type { Media, OpenStudio, Painter, PublishedFolder, Studio, WorkDirectory } from './ports.js';
import { cursorDot } from './scenes/cursor-dot.js';
import {
  fitInside,
  planLayout,
  type Background,
  type Layout,
  type LayoutName,
  type Size,
} from './scenes/layout.js';
import { pagePolicy, scenePage } from './scenes/scene-page.js';
import { visitScene } from './scenes/visit-scene.js';
import { cursorTrack } from './timeline/cursor-track.js';
import { pictureStates, type PictureState } from './timeline/picture-states.js';
import type { Presentation } from './timeline/presentation.js';
import { presentationFiles, readPresentation, type PresentationTexts } from './timeline/read-presentation.js';
import { surveyMedia, type SourceMedia } from './survey-media.js';

export interface ConvertOptions {
  readonly layout: LayoutName;
  readonly size: Size;
  readonly background: Background;
  readonly chat: boolean;
  readonly anonymous: boolean;
  readonly preset: PresetName;
  readonly format: FileFormat;
  readonly crf: number | null;
  readonly bitrateKbps: number | null;
  /** Encoders and browsers side by side. */
  readonly cores: number;
  readonly audioOffsetMs: number;
  readonly language: string | null;
}

export type ConvertStep = 'read' | 'draw' | 'encode' | 'join' | 'check';

export interface ConvertProgress {
  readonly step: ConvertStep;
  /** Finished part of the whole conversion, 0 to 1. */
  readonly fraction: number;
  readonly durationMs: number;
}

export interface Converted {
  readonly durationMs: number;
  readonly sizeBytes: number;
  readonly pictures: number;
  readonly frames: number;
  readonly fps: number;
}

export interface ConvertPorts {
  readonly openStudio: OpenStudio;
  readonly media: Media;
}

/**
 * Converts one published presentation into a file: distinct states are drawn once, segments are encoded side by
 * side, the file is checked before it is delivered. The work directory may hold segments of an earlier run.
 * @throws OperatorError with the step that failed; nothing stands at `target` then.
 */
export async function convertPresentation(
  folder: PublishedFolder,
  work: WorkDirectory,
  target: string,
  options: ConvertOptions,
  ports: ConvertPorts,
  signal: AbortSignal,
  onProgress: (progress: ConvertProgress) => void,
): Promise<Converted> {
  const presentation = readPresentation(await readTexts(folder));
  const source = await surveyMedia(folder, presentation, ports.media, signal);
  const durationMs = durationOf(presentation, source);
  if (durationMs === null) throw new OperatorError('presentation-empty', { folder: folder.path });
  const job = planJob(presentation, source, durationMs, options);
  const report = (step: ConvertStep, fraction: number): void =>
    onProgress({ step, fraction: Math.min(1, fraction), durationMs });
  report('read', 0);

  const audio = ports.media.run(
    planAudio(source.audio, {
      seconds: job.frames / job.fps,
      format: options.format,
      offsetMs: options.audioOffsetMs,
      output: job.audioName,
    }),
    work.path,
    signal,
  );
  audio.catch(() => undefined);
  const studio = await ports.openStudio(sceneOf(folder, presentation, job.layout, options), signal);
  try {
    await encodeSegments(job, studio, work, ports.media, signal, (share) => report('encode', share * 0.97));
  } finally {
    await studio.close();
  }
  await audio;
  report('join', 0.97);
  await join(job, presentation, work, ports.media, signal);
  report('check', 0.98);
  await check(job, work, ports.media, signal);
  const sizeBytes = await work.deliver(job.resultName, target);
  await work.discard();
  report('check', 1);
  return {
    durationMs: (job.frames / job.fps) * 1000,
    sizeBytes,
    pictures: new Set(job.states.map(({ key }) => key)).size,
    frames: job.frames,
    fps: job.fps,
  };
}

async function readTexts(folder: PublishedFolder): Promise<PresentationTexts> {
  const entries = await Promise.all(
    presentationFiles.map(async (name) => [name, await folder.readText(name)] as const),
  );
  return Object.fromEntries(entries) as PresentationTexts;
}

/** The edited recording's length: what metadata.xml says, else the longest medium, else the last event. */
function durationOf(presentation: Presentation, source: SourceMedia): number | null {
  if (presentation.durationMs !== null) return presentation.durationMs;
  if (source.longestMs > 0) return source.longestMs;
  const ends = presentation.visits.map(({ toMs }) => toMs).filter((toMs) => toMs < 1e9);
  return ends.length === 0 ? null : Math.max(...ends);
}

interface Job {
  readonly fps: number;
  readonly frames: number;
  readonly layout: Layout;
  readonly states: readonly PictureState[];
  readonly segments: readonly Segment[];
  readonly source: SourceMedia;
  readonly options: ConvertOptions;
  readonly audioName: string;
  readonly resultName: string;
}

function planJob(
  presentation: Presentation,
  source: SourceMedia,
  durationMs: number,
  options: ConvertOptions,
): Job {
  const { fps } = source;
  const frames = Math.max(1, Math.round((durationMs * fps) / 1000));
  const layout = planLayout({
    name: options.layout,
    size: options.size,
    background: options.background,
    chat: options.chat,
    webcam: source.webcam,
  });
  const states = pictureStates(presentation, {
    fps,
    frames,
    slides: layout.box !== null,
    chat: layout.chat !== null,
  });
  const cursor =
    layout.box === null
      ? []
      : cursorTrack(presentation, { fps, frames, box: layout.box, scale: layout.scale });
  return {
    fps,
    frames,
    layout,
    states,
    segments: planSegments(states, cursor, { fps, frames }),
    source,
    options,
    audioName: options.format === 'webm' ? 'audio.webm' : 'audio.m4a',
    resultName: `result.${options.format}`,
  };
}

function sceneOf(
  folder: PublishedFolder,
  presentation: Presentation,
  layout: Layout,
  options: ConvertOptions,
) {
  const used = presentation.visits.map((visit) => new Set(visit.drawings.keys()));
  return {
    size: layout.size,
    folder: folder.path,
    policy: pagePolicy,
    page: (nonce: string) =>
      scenePage({ presentation, layout, chat: presentation.chat, anonymous: options.anonymous }, nonce),
    visit: (index: number) =>
      visitScene(presentation, index, used[index] ?? new Set(), layout.name === 'player'),
  };
}

/**
 * Each lane has a browser of its own: it draws the pictures of a segment and encodes it, then takes the next one.
 * So every core always has something to do, the disk holds few pictures, and the first minute is there early.
 */
async function encodeSegments(
  job: Job,
  studio: Studio,
  work: WorkDirectory,
  media: Media,
  signal: AbortSignal,
  onShare: (share: number) => void,
): Promise<void> {
  const done = new Map<number, number>();
  const tell = (index: number, frames: number): void => {
    done.set(index, frames);
    onShare([...done.values()].reduce((sum, count) => sum + count, 0) / job.frames);
  };
  const waiting = [...job.segments];
  const lane = async (): Promise<void> => {
    let painter: Painter | null = null;
    for (;;) {
      const segment = waiting.shift();
      if (segment === undefined) return;
      const name = segmentName(job, segment);
      if ((await work.sizeOf(name)) === null) {
        painter ??= await studio.openPainter();
        await encodeSegment(job, segment, painter, work, media, signal, (frames) =>
          tell(segment.index, frames),
        );
      }
      tell(segment.index, segment.frames);
    }
  };
  await Promise.all(Array.from({ length: Math.min(job.options.cores, job.segments.length) }, lane));
}

const segmentName = ({ options }: Job, { index }: Segment): string =>
  `segment-${String(index).padStart(4, '0')}.${options.format}`;

async function encodeSegment(
  job: Job,
  segment: Segment,
  painter: Painter,
  work: WorkDirectory,
  media: Media,
  signal: AbortSignal,
  onFrames: (frames: number) => void,
): Promise<void> {
  const { fps, layout, source, options } = job;
  const prefix = `s${segment.index}`;
  const stills = await drawStills(segment, painter, work, prefix);
  await work.write(`${prefix}.ffconcat`, concatList(stills, fps));
  const cursor = segment.cursor.length === 0 ? null : await drawCursor(job, segment, painter, work, prefix);
  const part = `${prefix}.part.${options.format}`;
  await media.run(
    planSegmentEncode(segment, {
      fps,
      stillsList: `${prefix}.ffconcat`,
      webcam:
        source.webcam === null || layout.webcam === null
          ? null
          : { file: source.webcam.file, place: layout.webcam },
      share:
        source.share === null || layout.box === null
          ? null
          : { file: source.share.file, place: fitInside(source.share, layout.box) },
      cursor,
      codec: planCodec({ ...options, threads: 1 }),
      output: part,
    }),
    work.path,
    signal,
    (ms) => onFrames(Math.min(segment.frames, Math.round((ms * fps) / 1000))),
  );
  await work.rename(part, segmentName(job, segment));
  await Promise.all(
    [
      ...new Set(stills.map(({ file }) => file)),
      `${prefix}.ffconcat`,
      `${prefix}.cursor`,
      `${prefix}.dots`,
    ].map((name) => work.remove(name)),
  );
}

async function drawStills(
  segment: Segment,
  painter: Painter,
  work: WorkDirectory,
  prefix: string,
): Promise<{ file: string; frames: number }[]> {
  const drawn = new Map<string, string>();
  const stills: { file: string; frames: number }[] = [];
  for (const { state, frames } of segment.stills) {
    let file = drawn.get(state.key);
    if (file === undefined) {
      file = `${prefix}-${drawn.size}.png`;
      await work.write(file, await painter.paint(state));
      drawn.set(state.key, file);
    }
    stills.push({ file, frames });
  }
  return stills;
}

async function drawCursor(
  job: Job,
  segment: Segment,
  _painter: Painter,
  work: WorkDirectory,
  prefix: string,
): Promise<{ list: string; commands: string }> {
  const sizes = cursorSizes(segment.cursor, segment.frames);
  const files = await Promise.all(
    sizes.map(async ({ radius, frames }) => {
      const file = `dot-${radius}.pam`;
      if ((await work.sizeOf(file)) === null)
        await work.write(file, cursorDot(radius, job.source.generation));
      return { file, frames };
    }),
  );
  await work.write(`${prefix}.dots`, concatList(files, job.fps));
  await work.write(`${prefix}.cursor`, cursorCommands(segment.cursor, job.fps));
  return { list: `${prefix}.dots`, commands: `${prefix}.cursor` };
}

async function join(
  job: Job,
  presentation: Presentation,
  work: WorkDirectory,
  media: Media,
  signal: AbortSignal,
): Promise<void> {
  await work.write(
    'segments.ffconcat',
    segmentsListText(job.segments.map((segment) => segmentName(job, segment))),
  );
  await work.write('metadata.txt', metadataText(tagsOf(presentation), chaptersOf()));
  await media.run(
    planFile({
      format: job.options.format,
      segmentsList: 'segments.ffconcat',
      audio: job.audioName,
      metadataFile: 'metadata.txt',
      captions: [],
      language: job.options.language,
      output: job.resultName,
    }),
    work.path,
    signal,
  );
}

const tagsOf = ({ title, startAt }: Presentation): Record<string, string> => ({
  ...(title === '' ? {} : { title }),
  ...(startAt === null ? {} : { date: new Date(startAt).toISOString().slice(0, 10) }),
});

const chaptersOf = (): Chapter[] => [];

/** Nothing is delivered that does not play: length, both streams, every frame present, key frames decodable. */
async function check(job: Job, work: WorkDirectory, media: Media, signal: AbortSignal): Promise<void> {
  const file = work.file(job.resultName);
  const facts = await media.probe(file, signal, true);
  const wantedMs = (job.frames / job.fps) * 1000;
  const fail = (detail: string): never => {
    throw new OperatorError('result-wrong', { detail });
  };
  if (facts.video === null) fail('no picture');
  if (facts.audio === null) fail('no sound');
  if (Math.abs((facts.durationMs ?? 0) - wantedMs) > 200)
    fail(
      `it lasts ${((facts.durationMs ?? 0) / 1000).toFixed(2)} s instead of ${(wantedMs / 1000).toFixed(2)} s`,
    );
  if (facts.video?.frames !== job.frames) fail(`${facts.video?.frames ?? 0} frames instead of ${job.frames}`);
  await media.decodeKeyFrames(file, signal);
}
