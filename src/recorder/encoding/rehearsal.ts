import type { FfmpegPlan } from '../ports.js';
import { CURSOR_CANVAS, cursorMoves, inOrder, layParts, type StillEntry } from './lay-pictures.js';
import { planSegmentEncode } from './plan-segment-encode.js';
import type { VideoCodec } from './video-codec.js';

/*
 * Two seconds of a film whose every frame is known: two slides, a part, a pointer that moves and leaves, a shared
 * screen, a webcam. An ffmpeg that draws them otherwise would spoil every conversion, and say nothing.
 */

const FPS = 15;
const FRAMES = 30;
const SIZE = { width: 160, height: 96 };
type Colour = readonly [red: number, green: number, blue: number];
const COLOUR = {
  red: [255, 0, 0],
  blue: [0, 0, 255],
  white: [255, 255, 255],
  green: [0, 255, 0],
  yellow: [255, 255, 0],
  magenta: [255, 0, 255],
} as const satisfies Record<string, Colour>;
type ColourName = keyof typeof COLOUR;

const SLIDE_CHANGE = 15;
/** White, below another of its sheet that is green. */
const PART = { from: 8, to: 20, x: 8, y: 8, side: 24 };
const SHARE = { from: 18, to: 26, place: { x: 120, y: 56, width: 32, height: 32 } };
const WEBCAM = { x: 120, y: 8, width: 32, height: 32 };
const POINTER_SIDE = 16;
const POINTER = [
  { frame: 0, dot: null },
  { frame: 5, dot: { x: 96, y: 40, radius: 8 } },
  { frame: 14, dot: { x: 64, y: 72, radius: 8 } },
  { frame: 25, dot: null },
] as const;

export interface Rehearsal {
  /** Streams of pictures, by name. */
  readonly files: Readonly<Record<string, Buffer>>;
  /** Source videos, the film, its pictures as raw RGB: in this order. */
  readonly plans: readonly FfmpegPlan[];
  /** The last plan's output. */
  readonly pictures: string;
}

/** @param codec of the film; its own container */
export function planRehearsal(codec: VideoCodec): Rehearsal {
  const parts = layParts([
    { part: null, frames: PART.from },
    {
      part: {
        ...{ file: 'sheet', x: PART.x, y: PART.y },
        cut: { x: 0, y: PART.side, width: PART.side, height: PART.side },
      },
      frames: PART.to - PART.from,
    },
    { part: null, frames: FRAMES - PART.to },
  ]);
  const stills = [
    { file: 'red', frames: SLIDE_CHANGE },
    { file: 'blue', frames: FRAMES - SLIDE_CHANGE },
  ];
  const pointer = [{ file: 'dot', frames: FRAMES }];
  const film = planSegmentEncode(
    {
      index: 0,
      firstFrame: 0,
      frames: FRAMES,
      stills: [],
      cursor: POINTER,
      shares: [{ from: SHARE.from, to: SHARE.to }],
      hidden: false,
      newViews: [SLIDE_CHANGE],
    },
    {
      fps: FPS,
      size: SIZE,
      stills: { file: 'stills.pam', starts: inOrder(stills).starts },
      parts:
        parts === null
          ? null
          : { ...parts, pictures: { file: 'parts.pam', starts: inOrder(parts.entries).starts } },
      cursor: {
        pictures: { file: 'pointer.pam', starts: inOrder(pointer).starts },
        moves: cursorMoves(POINTER),
      },
      share: { file: 'share.mkv', place: SHARE.place },
      webcam: { file: 'webcam.mkv', place: WEBCAM },
      changes: [],
      codec,
      output: 'film',
    },
  );
  return {
    files: {
      'stills.pam': stream(stills, {
        red: picture(SIZE, () => [...COLOUR.red, 255]),
        blue: picture(SIZE, () => [...COLOUR.blue, 255]),
      }),
      'parts.pam': stream(parts?.entries ?? [], {
        sheet: picture({ width: PART.side, height: 2 * PART.side }, (_, y) => [
          ...(y < PART.side ? COLOUR.green : COLOUR.white),
          255,
        ]),
      }),
      'pointer.pam': stream(pointer, {
        dot: picture({ width: CURSOR_CANVAS, height: CURSOR_CANVAS }, dot),
      }),
    },
    plans: [
      source('yellow', 'share.mkv'),
      source('magenta', 'webcam.mkv'),
      film,
      {
        inputs: [{ options: [], source: 'file:film' }],
        options: ['-vf', 'format=rgb24', '-fps_mode', 'passthrough', '-f', 'rawvideo'],
        output: 'pictures.rgb',
      },
    ],
    pictures: 'pictures.rgb',
  };
}

/**
 * What the film shows otherwise than it should, frame by frame: `frame 15: slide red, not blue`. Empty: all is right.
 * @param pictures RGB, 8 bits, one frame after the other
 */
export function judgeRehearsal(pictures: Buffer): string[] {
  const bytes = SIZE.width * SIZE.height * 3;
  if (pictures.length !== bytes * FRAMES)
    return [`${Math.floor(pictures.length / bytes)} frames, not ${FRAMES}`];
  return Array.from({ length: FRAMES }, (_, frame) => {
    const at = (x: number, y: number): ColourName => {
      const offset = frame * bytes + (y * SIZE.width + x) * 3;
      return nearest([...pictures.subarray(offset, offset + 3)]);
    };
    return expected(frame).flatMap(({ what, x, y, colour }) => {
      const seen = at(x, y);
      return seen === colour ? [] : [`frame ${frame}: ${what} ${seen}, not ${colour}`];
    });
  }).flat();
}

function expected(frame: number): { what: string; x: number; y: number; colour: ColourName }[] {
  const slide: ColourName = frame < SLIDE_CHANGE ? 'red' : 'blue';
  const within = ({ from, to }: { from: number; to: number }): boolean => frame >= from && frame < to;
  const dot = POINTER.findLast((point) => point.frame <= frame)?.dot ?? null;
  const spots: { x: number; y: number }[] = POINTER.flatMap((point) =>
    point.dot === null ? [] : [point.dot],
  );
  return [
    { what: 'slide', x: 4, y: 88, colour: slide },
    { what: 'part', x: PART.x + 12, y: PART.y + 12, colour: within(PART) ? 'white' : slide },
    { what: 'share', x: 136, y: 72, colour: within(SHARE) ? 'yellow' : slide },
    { what: 'webcam', x: 136, y: 24, colour: 'magenta' },
    ...spots.map(({ x, y }) => ({
      ...{ what: 'pointer', x, y },
      colour: dot?.x === x && dot.y === y ? ('green' as const) : slide,
    })),
  ];
}

function nearest(pixel: readonly number[]): ColourName {
  const distance = (colour: Colour): number =>
    colour.reduce((sum, value, i) => sum + (value - (pixel[i] ?? 0)) ** 2, 0);
  const names = Object.keys(COLOUR) as ColourName[];
  return names.reduce((best, name) => (distance(COLOUR[name]) < distance(COLOUR[best]) ? name : best));
}

const source = (colour: ColourName, output: string): FfmpegPlan => ({
  inputs: [{ options: ['-f', 'lavfi'], source: `color=c=${colour}:s=32x32:r=${FPS}:d=4` }],
  options: ['-c:v', 'mpeg4', '-q:v', '1', '-f', 'matroska'],
  output,
});

const stream = (entries: readonly StillEntry[], pictures: Readonly<Record<string, Buffer>>): Buffer =>
  Buffer.concat(inOrder(entries).files.map((name) => pictures[name] ?? Buffer.alloc(0)));

function dot(x: number, y: number): readonly number[] {
  const from = (CURSOR_CANVAS - POINTER_SIDE) / 2;
  const inside = (value: number): boolean => value >= from && value < from + POINTER_SIDE;
  return [...COLOUR.green, inside(x) && inside(y) ? 255 : 0];
}

/** A Portable Arbitrary Map (netpbm, pam(5)), RGB with alpha. */
function picture(
  { width, height }: { readonly width: number; readonly height: number },
  pixel: (x: number, y: number) => readonly number[],
): Buffer {
  const head = `P7\nWIDTH ${width}\nHEIGHT ${height}\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\n`;
  const pixels = Array.from({ length: width * height }, (_, i) => pixel(i % width, Math.floor(i / width)));
  return Buffer.concat([Buffer.from(head), Buffer.from(pixels.flat())]);
}
