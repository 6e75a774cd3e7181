import type { FfmpegInput } from '../ports.js';
import type { CursorPoint } from '../timeline/cursor-track.js';

/* How ffmpeg is told which picture stands when and where: streams of pictures, expressions for its filters. */

export interface StillEntry {
  readonly file: string;
  readonly frames: number;
}

/** Pictures that follow each other: their files in order, and the frame from which each stands. */
export interface PictureOrder {
  readonly files: readonly string[];
  readonly starts: readonly number[];
}

/**
 * A picture that goes on is there once: the clock asks for it, so that nothing queues up beside it. The last one stands
 * once more behind the end.
 */
export function inOrder(entries: readonly StillEntry[]): PictureOrder {
  const [files, starts]: [string[], number[]] = [[], []];
  let frame = 0;
  for (const { file, frames } of entries) {
    if (files.at(-1) !== file) {
      files.push(file);
      starts.push(frame);
    }
    frame += frames;
  }
  const last = files.at(-1);
  return last === undefined ? { files, starts } : { files: [...files, last], starts: [...starts, frame] };
}

/** Their files one behind the other, as one: PNG or PAM, as its name says. */
export interface PictureStream {
  readonly file: string;
  readonly starts: readonly number[];
}

/**
 * The stream as an input, a picture per frame. Each is opened and decoded once: the concat demuxer decodes the first
 * picture of each file twice, to know what it is.
 */
export const streamInput = ({ file }: PictureStream, fps: number): FfmpegInput => ({
  options: ['-f', `${file.slice(file.lastIndexOf('.') + 1)}_pipe`, '-framerate', String(fps)],
  source: file,
});

/** Filter behind it: picture n stands from its own frame on. */
export const fromItsFrame = ({ starts }: PictureStream): string =>
  `setpts='${choice(starts, (n) => `lt(N,${n})`)}'`;

/** Moves of the pointer: one per point. */
export const cursorMoves = (points: readonly CursorPoint[]): Move[] =>
  points.map(({ frame, dot }) => ({
    frame,
    to: dot === null ? null : { x: dot.x - CURSOR_CANVAS / 2, y: dot.y - CURSOR_CANVAS / 2 },
  }));

export interface Move {
  readonly frame: number;
  /** Null: out of the picture. */
  readonly to: { readonly x: number; readonly y: number } | null;
}

/**
 * Where something is laid, as expressions of its overlay's own `t`: every frame is placed by its own time, whatever runs
 * ahead. (sendcmd is not: frames wait before an overlay whose other input lags, and their commands have been heard by
 * then: in ffmpeg 7 a pointer stood where it will be.) A tree: a frame costs the logarithm of the moves.
 */
export function moveExpressions(
  moves: readonly Move[],
  fps: number,
): { readonly x: string; readonly y: string } {
  const axis = (pick: (to: { x: number; y: number }) => number): string => {
    const steps: { frame: number; value: number }[] = [{ frame: 0, value: pick(OUTSIDE) }];
    for (const { frame, to } of moves) {
      const value = Math.round(pick(to ?? OUTSIDE) * 100) / 100;
      if (frame <= 0) steps.length = 0;
      if (steps.at(-1)?.value !== value) steps.push({ frame, value });
    }
    return stepExpression(steps, fps);
  };
  return { x: axis(({ x }) => x), y: axis(({ y }) => y) };
}

/** Each value from its frame on; the first from the beginning. */
const stepExpression = (
  steps: readonly { readonly frame: number; readonly value: number }[],
  fps: number,
): string =>
  choice(
    steps.map(({ value }) => value),
    (n) => `lt(t,${(((steps[n]?.frame ?? 0) - 0.25) / fps).toFixed(3)})`,
  );

/**
 * One of the values, as an expression: a tree.
 * @param isBefore whether it is one before the n-th
 */
function choice(values: readonly number[], isBefore: (n: number) => string): string {
  const tree = (from: number, to: number): string => {
    if (from === to) return String(values[from] ?? 0);
    const middle = Math.ceil((from + to) / 2);
    return `if(${isBefore(middle)},${tree(from, middle - 1)},${tree(middle, to)})`;
  };
  return tree(0, values.length - 1);
}

/** Filters behind a stream of sheets: its picture for each frame, and of that what the frame shows (nothing is copied). */
export function cutFilters({ x, width, height, rows }: PartCut, fps: number): string {
  const y = stepExpression(
    rows.map((row) => ({ frame: row.frame, value: row.y })),
    fps,
  );
  return `,fps=${fps},crop=w=${width}:h=${height}:x=${x}:y='${y}'`;
}

/** Farther left than anything laid is wide. */
export const OUTSIDE = { x: -10_000, y: 0 };

/** Side of the transparent square that holds the dot in its middle. */
export const CURSOR_CANVAS = 96;

/** Radius of the dot over the segment's frames; a hidden pointer keeps the last one. */
export function cursorSizes(
  points: readonly CursorPoint[],
  frames: number,
): { radius: number; frames: number }[] {
  const sizes: { radius: number; from: number }[] = [];
  for (const { frame, dot } of points) {
    if (dot === null || sizes.at(-1)?.radius === dot.radius) continue;
    sizes.push({ radius: dot.radius, from: sizes.length === 0 ? 0 : frame });
  }
  return sizes.map(({ radius, from }, i) => ({ radius, frames: (sizes[i + 1]?.from ?? frames) - from }));
}

/** A part of a picture that is laid over the whole one, for so many frames; null where the whole one is right. */
export interface PartRun {
  readonly part: SheetPart | null;
  readonly frames: number;
}

/** One of the parts of a sheet, which lie one below the other. */
interface SheetPart {
  readonly file: string;
  /** Where it belongs in the whole picture. */
  readonly x: number;
  readonly y: number;
  readonly cut: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
}

/** What is laid, where, and what of it; while nothing is, the part before (or the first) stands outside. */
interface LaidParts {
  readonly entries: readonly StillEntry[];
  readonly moves: readonly Move[];
  readonly cut: PartCut;
}

/** What is shown of a sheet: from so far down, from each of these frames on. */
export interface PartCut {
  readonly x: number;
  readonly width: number;
  readonly height: number;
  readonly rows: readonly { readonly frame: number; readonly y: number }[];
}

/** Null without any part. */
export function layParts(runs: readonly PartRun[]): LaidParts | null {
  let shown = runs.find(({ part }) => part !== null)?.part;
  if (shown == null) return null;
  const { x, width, height } = shown.cut;
  const entries: StillEntry[] = [];
  const moves: Move[] = [];
  const rows: { frame: number; y: number }[] = [];
  let frame = 0;
  for (const { part, frames } of runs) {
    shown = part ?? shown;
    entries.push({ file: shown.file, frames });
    const to = part === null ? null : { x: part.x, y: part.y };
    const last = moves.at(-1);
    if (last === undefined || JSON.stringify(last.to) !== JSON.stringify(to)) moves.push({ frame, to });
    if (rows.at(-1)?.y !== shown.cut.y) rows.push({ frame, y: shown.cut.y });
    frame += frames;
  }
  return { entries, moves, cut: { x, width, height, rows } };
}
