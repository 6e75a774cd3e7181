import type { FfmpegPlan } from '../ports.js';
import type { Rectangle, Size } from '../scenes/layout.js';
import {
  cutFilters,
  fromItsFrame,
  moveExpressions,
  streamInput,
  type Move,
  type PartCut,
  type PictureStream,
} from './lay-pictures.js';
import { selectFrames } from './picture-changes.js';
import { GOP_SECONDS, type Segment } from './plan-segments.js';
import type { VideoCodec } from './video-codec.js';

export interface SegmentInputs {
  readonly fps: number;
  readonly size: Size;
  readonly stills: PictureStream;
  /** Parts that differ from the stills, laid over them; null without any. */
  readonly parts: Laid | null;
  readonly webcam: { readonly file: string; readonly place: Rectangle } | null;
  readonly share: { readonly file: string; readonly place: Rectangle } | null;
  readonly cursor: Laid | null;
  /** Frames of the segment that differ from the one before, by `pictureChanges`. */
  readonly changes: readonly number[];
  readonly codec: VideoCodec;
  readonly output: string;
}

/** Pictures that stand somewhere for a while, and where each frame has them. */
export interface Laid {
  readonly pictures: PictureStream;
  readonly moves: readonly Move[];
  /** What of each picture is laid; absent: all of it. */
  readonly cut?: PartCut;
}

/**
 * One segment: stills held by ffmpeg, webcam and shared screen from their own files, the pointer's dot on top.
 *
 * A colour of the output's rate drives time: it makes a frame when one is asked for, and the stills are looked up for
 * it (`streamselect` copies nothing). Overlays place each frame by its own time, never by commands. Where nothing moves
 * but what we draw, frames that change nothing are left out before anything is laid: a whiteboard alone needs no frame
 * per tick, and to compose and encode them is most of the work.
 */
export function planSegmentEncode(segment: Segment, facts: SegmentInputs): FfmpegPlan {
  const { fps, size } = facts;
  const startAt = segment.firstFrame / fps;
  const length = (segment.frames + 1) / fps;
  const stills = streamInput(facts.stills, fps);
  const inputs: FfmpegPlan['inputs'][number][] = [
    { ...stills, options: [...facts.codec.deviceOptions, ...stills.options] },
  ];
  const graph = [
    `color=c=black:s=${size.width}x${size.height}:r=${fps},format=yuv420p,setsar=1[clock]`,
    `[0:v]${fromItsFrame(facts.stills)},format=yuv420p,setsar=1[stills]`,
    '[clock][stills]streamselect=inputs=2:map=1[still]',
  ];
  const still = isStill(segment, facts);
  if (still) graph.push(`[still]select='${selectFrames(facts.changes)}'[changed]`);
  let picture = still ? 'changed' : 'still';
  /** Lays a source over the picture; one that lasts as long as the segment says so. */
  const overlay = (name: string, x: string | number, y: string | number, more: '' | typeof LASTS): void => {
    graph.push(`[${picture}][${name}]overlay=x='${x}':y='${y}'${more}[${name}-laid]`);
    picture = `${name}-laid`;
  };
  /** Lays it from one place to the next, and out of the picture. */
  const lay = (name: string, moves: readonly Move[], more: '' | typeof LASTS): void => {
    const { x, y } = moveExpressions(moves, fps);
    overlay(name, x, y, more);
  };
  const media = (file: string): number => {
    const seek = startAt === 0 ? [] : ['-ss', startAt.toFixed(6)];
    inputs.push({
      options: ['-threads', '1', ...seek, '-t', length.toFixed(6)],
      source: file,
      foreign: true,
    });
    return inputs.length - 1;
  };
  const layPictures = ({ pictures, moves, cut }: Laid, name: string): void => {
    inputs.push(streamInput(pictures, fps));
    const shown = cut === undefined ? '' : cutFilters(cut, fps);
    graph.push(`[${inputs.length - 1}:v]${fromItsFrame(pictures)},format=yuva420p${shown}[${name}]`);
    lay(name, moves, LASTS);
  };
  if (facts.parts !== null) layPictures(facts.parts, 'part');
  if (facts.share !== null && segment.shares.length > 0) {
    const { place } = facts.share;
    // Times are rounded to a millisecond in the file: a little earlier is never a frame late.
    graph.push(`[${media(facts.share.file)}:v]setpts=PTS-0.002/TB,${scaled(place)}[share]`);
    // Not by `enable`, which is judged by whatever frame comes next, of the share too: it went a frame early.
    const moves = segment.shares.flatMap(({ from, to }) => [
      { frame: from, to: place },
      { frame: to, to: null },
    ]);
    lay('share', moves, '');
  }
  if (facts.webcam !== null) {
    const { place } = facts.webcam;
    const frames = `fps=${fps}:start_time=0,${scaled(place)},tpad=stop=-1:stop_mode=clone`;
    graph.push(`[${media(facts.webcam.file)}:v]${frames}[webcam]`);
    overlay('webcam', place.x, place.y, LASTS);
  }
  if (facts.cursor !== null) layPictures(facts.cursor, 'pointer');
  if (facts.codec.filter !== '') {
    graph.push(`[${picture}]${facts.codec.filter.slice(1)}[handed]`);
    picture = 'handed';
  }
  return {
    inputs,
    options: [
      '-filter_complex',
      graph.join(';'),
      '-filter_complex_threads',
      '1',
      '-map',
      `[${picture}]`,
      '-frames:v',
      String(still ? facts.changes.length : segment.frames),
      '-an',
      ...facts.codec.options,
      '-g',
      String(GOP_SECONDS * fps),
      // The encoder does not look for cuts itself: we know where they are.
      ...(segment.newViews.length === 0
        ? []
        : ['-force_key_frames', segment.newViews.map((frame) => ((frame - 0.5) / fps).toFixed(4)).join(',')]),
      '-fps_mode',
      'passthrough',
      ...COLOURS,
      '-video_track_timescale',
      '90000',
      '-f',
      facts.codec.segmentFormat,
    ],
    output: facts.output,
  };
}

/**
 * Of an overlay whose source never ends before the picture does. Where it could, ffmpeg copies every picture before it
 * lays something on it, in case it is wanted again (framesync.c: the frame of an input is copied while another input
 * of a sync level may come next; without `repeatlast` the source has none). A tenth of a segment's time.
 */
const LASTS = ':repeatlast=0';

/** Neither webcam nor shared screen moves in this segment: its frames come at changes only. */
export const isStill = (segment: Segment, facts: Pick<SegmentInputs, 'webcam' | 'share'>): boolean =>
  facts.webcam === null && (facts.share === null || segment.shares.length === 0);

const scaled = ({ width, height }: Rectangle): string => `scale=${width}:${height}:flags=bilinear,setsar=1`;

/** The stills are converted with the matrix that webcams carry; the file says so. */
const COLOURS = [
  '-colorspace',
  'smpte170m',
  '-color_primaries',
  'smpte170m',
  '-color_trc',
  'smpte170m',
  '-color_range',
  'tv',
];
