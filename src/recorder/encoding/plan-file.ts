import type { FfmpegInput, FfmpegOutput, FfmpegPlan } from '../ports.js';
import type { FileFormat } from './video-codec.js';

/*
 * Drift is stretched away first, then the beginning is filled or cut. In one filter, the first stretch would begin the
 * stream anew (libswresample builds its resampler then), and fill it from zero up to that moment a second time.
 */
const KEEP_TIME = 'aresample=48000:async=1000,aresample=first_pts=0';

/** The sound, once and whole: padded or cut to the recording's length. Null source gives silence. */
export function planAudio(
  source: { readonly file: string; readonly channels: number } | null,
  facts: {
    readonly seconds: number;
    /** Where in the source the part begins. */
    readonly fromSeconds?: number;
    readonly format: FileFormat;
    readonly offsetMs: number;
    readonly output: string;
  },
): FfmpegPlan {
  const { seconds, fromSeconds = 0, format, offsetMs } = facts;
  const seek = fromSeconds === 0 ? [] : ['-ss', fromSeconds.toFixed(6)];
  const codec = format === 'webm' ? ['-c:a', 'libopus', '-b:a', '64k'] : ['-c:a', 'aac', '-b:a', '96k'];
  const delay =
    offsetMs > 0
      ? `,adelay=${offsetMs}:all=1`
      : offsetMs < 0
        ? `,atrim=start=${-offsetMs / 1000},asetpts=PTS-STARTPTS`
        : '';
  return {
    inputs: [
      source === null
        ? { options: ['-f', 'lavfi'], source: 'anullsrc=r=48000:cl=mono' }
        : { options: ['-vn', ...seek], source: source.file, foreign: true },
    ],
    options: [
      '-map',
      '0:a:0',
      '-vn',
      '-af',
      `${KEEP_TIME}${delay},apad`,
      '-ac',
      source !== null && source.channels > 1 ? '2' : '1',
      ...codec,
      '-t',
      seconds.toFixed(6),
      '-f',
      format === 'webm' ? 'webm' : 'mp4',
    ],
    output: facts.output,
  };
}

export interface Chapter {
  readonly title: string;
  readonly fromMs: number;
  readonly toMs: number;
}

export interface FileFacts {
  readonly format: FileFormat;
  /** Null for sound alone. */
  readonly segmentsList: string | null;
  readonly audio: string;
  readonly metadataFile: string;
  readonly captions: readonly { readonly file: string; readonly language: string; readonly title: string }[];
  readonly language: string | null;
  /** One frame of the film as a JPEG; null without any. */
  readonly poster: { readonly seconds: number; readonly output: string } | null;
  /** Sound and key frames are decoded by the same run. */
  readonly looks: boolean;
  readonly output: string;
}

const segmentsInput = (source: string, ...options: readonly string[]): FfmpegInput => ({
  options: [...options, '-f', 'concat', '-safe', '0'],
  source,
});
/** One thread: to hand over what is skipped costs a second one more than it spares. */
const keyFrames = (list: string): FfmpegInput => segmentsInput(list, '-threads', '1', '-skip_frame', 'nokey');
const NOWHERE: FfmpegOutput = { options: ['-f', 'null'], output: '-' };

/** Decodes every key frame of the segments: a fault ends the run. */
export const planKeyFrames = (segmentsList: string): FfmpegPlan => ({
  inputs: [keyFrames(segmentsList)],
  options: ['-xerror', '-map', '0:v:0', ...NOWHERE.options],
  output: NOWHERE.output,
});

/**
 * Joins segments, sound, captions and chapters without encoding any picture or sound again. Where it `looks`, every key
 * frame and all the sound are decoded beside: a fault ends the run. They are read on their own for it, so that the
 * film's streams lie in its file as close to each other as if nobody looked.
 */
export function planFile(facts: FileFacts): FfmpegPlan {
  const segments = (...options: readonly string[]): FfmpegInput[] =>
    facts.segmentsList === null ? [] : [segmentsInput(facts.segmentsList, ...options)];
  const video = segments();
  const audioIndex = video.length;
  const inputs = [
    ...video,
    { options: ['-vn'], source: facts.audio },
    { options: ['-f', 'ffmetadata'], source: facts.metadataFile },
    ...facts.captions.map(({ file }) => ({ options: ['-f', 'webvtt'], source: file })),
  ];
  const besides: FfmpegOutput[] = [];
  const look = (seen: readonly FfmpegInput[], kind: 'v' | 'a', { options, output }: FfmpegOutput): void => {
    if (seen.length === 0) return;
    besides.push({ options: ['-map', `${inputs.length}:${kind}:0`, ...options], output });
    inputs.push(...seen);
  };
  // First of all: ffmpeg 5.1 looks for outputs that have enough from the first on, and no farther than one that has not
  // (need_output of its ffmpeg.c). It would draw every frame up to the end.
  if (facts.poster !== null)
    look(segments('-threads', '1', '-ss', facts.poster.seconds.toFixed(3)), 'v', {
      options: POSTER,
      output: facts.poster.output,
    });
  if (facts.looks) {
    if (facts.segmentsList !== null) look([keyFrames(facts.segmentsList)], 'v', NOWHERE);
    look([{ options: ['-vn'], source: facts.audio }], 'a', NOWHERE);
  }
  const captions = facts.captions.flatMap(({ language, title }, i) => [
    '-map',
    `${audioIndex + 2 + i}:s:0`,
    `-metadata:s:s:${i}`,
    `language=${language}`,
    `-metadata:s:s:${i}`,
    `title=${title}`,
    `-metadata:s:s:${i}`,
    `handler_name=${title}`,
  ]);
  return {
    inputs,
    besides,
    options: [
      '-xerror',
      ...(video.length === 0 ? [] : ['-map', '0:v:0']),
      '-map',
      `${audioIndex}:a:0`,
      ...captions,
      '-map_metadata',
      String(audioIndex + 1),
      '-map_chapters',
      String(audioIndex + 1),
      ...(facts.language === null ? [] : ['-metadata:s:a:0', `language=${facts.language}`]),
      '-c',
      'copy',
      ...(facts.captions.length === 0 ? [] : ['-c:s', facts.format === 'webm' ? 'webvtt' : 'mov_text']),
      ...(facts.format === 'mp4' ? ['-movflags', '+faststart'] : []),
      '-f',
      facts.format,
    ],
    output: facts.output,
  };
}

const POSTER = ['-frames:v', '1', '-threads', '1', '-q:v', '3', '-f', 'image2', '-update', '1'];

/** ffmpeg's metadata file: title, date and chapters. */
export function metadataText(tags: Readonly<Record<string, string>>, chapters: readonly Chapter[]): string {
  const escape = (text: string): string => text.replace(/[\u0000-\u001f]+/g, ' ').replace(/[=;#\\]/g, '\\$&');
  return [
    ';FFMETADATA1',
    ...Object.entries(tags).map(([key, value]) => `${key}=${escape(value)}`),
    ...chapters.flatMap(({ title, fromMs, toMs }) => [
      '[CHAPTER]',
      'TIMEBASE=1/1000',
      `START=${Math.round(fromMs)}`,
      `END=${Math.round(toMs)}`,
      `title=${escape(title)}`,
    ]),
    '',
  ].join('\n');
}

/** List of finished segments for the concat demuxer. Their lengths are said: one may end with a picture that stays. */
export const segmentsListText = (segments: readonly { file: string; seconds: number }[]): string =>
  [
    'ffconcat version 1.0',
    ...segments.map(({ file, seconds }) => `file '${file}'\nduration ${seconds.toFixed(6)}`),
    '',
  ].join('\n');
