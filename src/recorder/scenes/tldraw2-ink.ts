import { greatest } from '../../kit/extremes.js';
import { round, type Point } from './svg-markup.js';

/*
 * Ink of tldraw 2 (@bigbluebutton/tldraw 2.0.0-alpha.25, packages/tldraw/src/lib/shapes/shared/freehand): the pen's way is
 * smoothed, its width follows from how fast it went, and where it turns sharply the line is made of several pieces.
 */

export interface InkOptions {
  /** Of a line that is pressed neither hard nor lightly. */
  readonly size: number;
  /** How much the pressure thins the line: 0 for never. */
  readonly thinning: number;
  /** How much the way is smoothed, 0 to 1. */
  readonly streamline: number;
  /** Without a pen that measures it, the pressure follows from the speed. */
  readonly isSimulated: boolean;
  readonly easing: (t: number) => number;
  /** The stroke is finished: it ends where the pen did. */
  readonly isComplete: boolean;
}

/** A point as the pen gave it: x, y, pressure. */
export type PenPoint = readonly [number, number, number];

interface Step {
  readonly at: Point;
  /** Where the pen was, before smoothing. */
  readonly pen: Point;
  readonly pressure: number;
  /** From the step before, and from the start. */
  readonly distance: number;
  readonly way: number;
}

/** The smoothed way of the pen. */
export const inkWay = (points: readonly PenPoint[], options: InkOptions): Point[] =>
  steps(points, options).map(({ at }) => at);

/** The filled outline of a stroke, as an SVG path. */
export function inkPath(points: readonly PenPoint[], options: InkOptions): string {
  const way = steps(points, options);
  const widths = radii(way, options);
  return pieces(way.map((step, i) => ({ ...step, radius: widths[i] ?? options.size / 2 })))
    .map(outline)
    .join('');
}

const apart = ([a, b]: Point, [c, d]: Point): number => Math.hypot(a - c, b - d);
const xy = ([x, y]: PenPoint): Point => [x, y];

/** Without what crowds around both ends; a stroke of two points gets some between them. */
function thinned(points: readonly PenPoint[], { size, isSimulated }: InkOptions) {
  const pressed = isSimulated ? [...points] : withoutLight(points);
  const [first, ...rest] = pressed;
  const last = rest.pop();
  if (first === undefined || last === undefined) return { kept: pressed.slice(0, 1), crowded: false };
  const near = (point: PenPoint, end: PenPoint): boolean => apart(xy(point), xy(end)) <= size / 3;
  const begin = rest.findIndex((point) => !near(point, first));
  const middle = begin === -1 ? [] : rest.slice(begin);
  const skipped = rest.slice(0, rest.length - middle.length);
  let crowded = false;
  for (let end = middle.at(-1); end !== undefined && near(end, last); end = middle.at(-1)) {
    middle.pop();
    crowded = true;
  }
  const pressure = greatest(
    skipped.map(([, , z]) => z),
    first[2],
  );
  const start: PenPoint = [first[0], first[1], pressure];
  if (middle.length === 0 && near(last, first)) return { kept: [start], crowded: false };
  if (middle.length === 0 && isSimulated) {
    const between = [0.25, 0.5, 0.75].map((t): PenPoint => [
      first[0] + (last[0] - first[0]) * t,
      first[1] + (last[1] - first[1]) * t,
      pressure,
    ]);
    return { kept: [start, ...between, last], crowded };
  }
  return { kept: [start, ...middle, last], crowded };
}

/** A pen touches and leaves the paper lightly. */
function withoutLight(points: readonly PenPoint[]): PenPoint[] {
  const from = points.findIndex(([, , pressure]) => pressure >= 0.025);
  const to = points.findLastIndex(([, , pressure]) => pressure >= 0.01);
  return from === -1 || to < from ? points.slice(0, 1) : points.slice(from, to + 1);
}

function steps(points: readonly PenPoint[], options: InkOptions): Step[] {
  const { size, streamline, isSimulated, isComplete } = options;
  const { kept, crowded } = thinned(points, options);
  const [first] = kept;
  if (first === undefined) return [];
  const pressure = (z: number): number => (isSimulated ? 0.5 : z);
  const made: Step[] = [{ at: xy(first), pen: xy(first), pressure: pressure(first[2]), distance: 0, way: 0 }];
  const [last, before] = [kept.at(-1), kept.at(-2)];
  const ends =
    isComplete ||
    !isSimulated ||
    crowded ||
    (last !== undefined && before !== undefined && apart(xy(last), xy(before)) < size);
  // The pen rests at its end for a moment: the smoothed way comes closer to it.
  const all = ends && streamline > 0 && last !== undefined ? [...kept, last] : kept;
  const follows = 0.15 + (1 - streamline) * 0.85;
  let way = 0;
  for (let i = 1; i < all.length; i++) {
    const [x, y, z] = all[i] ?? first;
    const from = made.at(-1)?.at ?? xy(first);
    const share = isComplete && i === all.length - 1 ? 1 : follows;
    const at: Point = [from[0] + (x - from[0]) * share, from[1] + (y - from[1]) * share];
    const distance = apart(at, from);
    if (distance === 0) continue;
    way += distance;
    // A hand trembles before it sets out.
    if (i < 4 && way < size) continue;
    made.push({ at, pen: [x, y], pressure: pressure(z), distance, way });
  }
  return made;
}

/** Pressure changes slowly, the more slowly the less the pen moves. */
const RATE = 0.275;

function radii(way: readonly Step[], { size, thinning, isSimulated, easing }: InkOptions): number[] {
  if (thinning === 0) return way.map(() => size / 2);
  const radius = (pressure: number): number => size * easing(0.5 - thinning * (0.5 - pressure));
  const whole = way.at(-1)?.way ?? 0;
  if (!isSimulated && whole < size) {
    const most = greatest(
      way.map(({ pressure }) => pressure),
      0.5,
    );
    return way.map(() => radius(most));
  }
  const next = (pressure: number, { distance, pressure: given }: Step, rate: number): number => {
    const speed = Math.min(1, distance / size);
    const wanted = isSimulated ? 1 - speed : given;
    return Math.min(1, pressure + (wanted - pressure) * speed * rate);
  };
  let pressure = way[0]?.pressure ?? 0.5;
  // What the first stretch comes to is where the line begins: it starts with no blot.
  for (const step of way) {
    if (step.way > size * 5) break;
    const then = isSimulated ? next(pressure, step, RATE) : pressure + (step.pressure - pressure) * 0.5;
    pressure += (Math.min(1, then) - pressure) * 0.5;
  }
  return way.map((step) => radius((pressure = next(pressure, step, RATE))));
}

interface Wide extends Step {
  readonly radius: number;
}

/**
 * Cuts a way at its elbows. At the sharpest the point of the pen itself is the corner: fast zigzags reach as far as the
 * hand did.
 */
function pieces(way: readonly Wide[]): Wide[][] {
  const [first] = way;
  if (first === undefined) return [];
  const done: Wide[][] = [];
  let piece: Wide[] = [first];
  way.slice(1).forEach((step, i) => {
    const [before, after] = [way[i] ?? step, way[i + 2]];
    const turn = after === undefined ? 0 : turnAt(before.at, step.at, after.at);
    const corner = turn > 0.8 ? { ...step, at: step.pen } : step;
    piece.push(corner);
    if (after === undefined || (turn <= 0.8 && !(turn >= 0.25 && isCrowded(before, step, after)))) return;
    done.push(tidied(piece));
    piece = [corner];
  });
  return [...done, tidied(piece)];
}

/** 0 goes straight on, 1 goes back. */
function turnAt(a: Point, b: Point, c: Point): number {
  const difference = Math.atan2(c[1] - b[1], c[0] - b[0]) - Math.atan2(b[1] - a[1], b[0] - a[0]);
  return Math.abs(Math.atan2(Math.sin(difference), Math.cos(difference))) / Math.PI;
}

const isCrowded = (before: Wide, step: Wide, after: Wide): boolean =>
  apart(before.at, step.at) + apart(step.at, after.at) < (before.radius + step.radius + after.radius) / 2;

/** Without steps that lie within the round ends. */
function tidied(piece: Wide[]): Wide[] {
  const within = (end: Wide, step: Wide | undefined): boolean =>
    step !== undefined && apart(end.at, step.at) < (end.radius + step.radius) / 4;
  const kept = [...piece];
  while (kept.length > 2 && kept[0] !== undefined && within(kept[0], kept[1])) kept.splice(1, 1);
  for (
    let end = kept.at(-1);
    kept.length > 2 && end !== undefined && within(end, kept.at(-2));
    end = kept.at(-1)
  )
    kept.splice(-2, 1);
  return kept;
}

/** Both sides of a piece, smoothed, with round ends. */
function outline(piece: readonly Wide[]): string {
  const [first] = piece;
  const last = piece.at(-1);
  if (first === undefined || last === undefined) return '';
  if (piece.length === 1) return dot(first.at, first.radius);
  const sides = piece.map(({ at, radius }, i): [Point, Point] => {
    const [from, to] = [piece[i - 1]?.at ?? at, piece[i + 1]?.at ?? at];
    const length = apart(from, to) || 1;
    const [x, y] = [((to[0] - from[0]) / length) * radius, ((to[1] - from[1]) / length) * radius];
    return [
      [at[0] - y, at[1] + x],
      [at[0] + y, at[1] - x],
    ];
  });
  const left = sides.map(([side]) => side);
  const right = sides.map(([, side]) => side).reverse();
  const cap = (radius: number, [x, y]: Point): string =>
    `A${round(radius)} ${round(radius)} 0 0 0 ${round(x)} ${round(y)}`;
  return `M${text(left[0])}${smooth(left)}${cap(last.radius, right[0] ?? last.at)}${smooth(right)}${cap(first.radius, left[0] ?? first.at)}Z`;
}

const text = (point: Point = [0, 0]): string => point.map(round).join(' ');

/** From the first of the points to the last, bending towards those between. */
const smooth = (points: readonly Point[]): string =>
  points.length < 3
    ? `L${text(points.at(-1))}`
    : points
        .slice(1, -1)
        .map(([x, y], i) => {
          const [nextX, nextY] = points[i + 2] ?? [x, y];
          const end: Point = i === points.length - 3 ? [nextX, nextY] : [(x + nextX) / 2, (y + nextY) / 2];
          return `Q${text([x, y])} ${text(end)}`;
        })
        .join('');

const dot = ([x, y]: Point, radius: number): string =>
  `M${round(x - radius)} ${round(y)}a${round(radius)} ${round(radius)} 0 1 0 ${round(2 * radius)} 0a${round(radius)} ${round(radius)} 0 1 0 ${round(-2 * radius)} 0Z`;
