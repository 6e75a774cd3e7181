import { greatest } from '../../kit/extremes.js';
import { apart, round, type Point } from './svg-markup.js';

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
    .map((piece) => outline(piece, options.size))
    .join('');
}

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

/** Sides of a piece with what its round ends need. */
interface Tracks {
  readonly left: Point[];
  readonly right: Point[];
}

/** From a step towards the one before it, one unit long; the first looks as the second does. */
const backwards = (piece: readonly Wide[]): Point[] =>
  piece.map((_, i): Point => {
    const [before, step] = [piece[Math.max(0, i - 1)]?.at, piece[Math.max(1, i)]?.at] as [Point, Point];
    const length = apart(before, step) || 1;
    return [(before[0] - step[0]) / length, (before[1] - step[1]) / length];
  });

const dot2 = (a: Point, b: Point): number => a[0] * b[0] + a[1] * b[1];
const off = (at: Point, by: Point, factor: number): Point => [at[0] + by[0] * factor, at[1] + by[1] * factor];
const aside = ([x, y]: Point): Point => [y, -x];

/**
 * Where the way turns by more than a right angle the sides get the round of a pen that rests there, at the point of the hand;
 * in gentler turns they cross (getStrokeOutlinePoints).
 */
function tracksOf(piece: readonly Wide[], size: number): Tracks {
  const vectors = backwards(piece);
  const [left, right]: [Point[], Point[]] = [[], []];
  const whole = piece.at(-1)?.way ?? 0;
  const least = size * SMOOTHING;
  let previous: Point = vectors[0] ?? [1, 0];
  let nearLeft: Point = piece[0]?.at ?? [0, 0];
  let nearRight = nearLeft;
  let wasSharp = false;
  piece.forEach((step, i) => {
    const { at, radius, pen, way } = step;
    const vector = vectors[i] ?? previous;
    const next = vectors[i + 1] ?? vector;
    const turn = i < piece.length - 1 ? dot2(next, vector) : 1;
    const isSharp = (dot2(vector, previous) < 0 && !wasSharp) || turn < 0.2;
    if (isSharp) {
      if (turn > -0.62 && whole - way > radius) {
        const side = previous[0] * next[1] - next[0] * previous[1] < 0 ? radius : -radius;
        left.push((nearLeft = off(at, previous, side)));
        right.push((nearRight = off(at, previous, -side)));
      } else {
        const begin = off([0, 0], aside(previous), -radius);
        for (let t = 0; t < 1; t += 1 / 13) {
          left.push((nearLeft = off(pen, turned(begin, Math.PI * t), 1)));
          right.push((nearRight = off(pen, turned(begin, Math.PI * (1 - t)), 1)));
        }
      }
      wasSharp ||= turn < 0.2;
      return;
    }
    wasSharp = false;
    const isEnd = i === 0 || i === piece.length - 1;
    const between: Point = [next[0] + (vector[0] - next[0]) * turn, next[1] + (vector[1] - next[1]) * turn];
    const across = aside(isEnd ? vector : between);
    const [one, other] = [off(at, across, -radius), off(at, across, radius)];
    if (isEnd) {
      left.push(one);
      right.push(other);
      return;
    }
    if (i === 1 || apart(nearLeft, one) > least) left.push((nearLeft = one));
    if (i === 1 || apart(nearRight, other) > least) right.push((nearRight = other));
    previous = vector;
  });
  return { left, right };
}

/** Points of a side that are nearer to each other than this share of the line's size are one. */
const SMOOTHING = 0.62;

const turned = ([x, y]: Point, angle: number): Point => [
  x * Math.cos(angle) - y * Math.sin(angle),
  x * Math.sin(angle) + y * Math.cos(angle),
];

/** Both sides of a piece, each through the middles between its points, with round ends. */
function outline(piece: readonly Wide[], size: number): string {
  const [first] = piece;
  const last = piece.at(-1);
  if (first === undefined || last === undefined) return '';
  if (piece.length === 1) return dot(first.at, first.radius);
  const { left, right } = tracksOf(piece, size);
  const vectors = backwards(piece);
  const [begin, end] = [aside(vectors[0] ?? [1, 0]), aside(vectors.at(-1) ?? [1, 0])];
  const middles = (side: readonly Point[]): string =>
    side
      .slice(1)
      .map(([x, y], i) => `${round((x + (side[i]?.[0] ?? x)) / 2)} ${round((y + (side[i]?.[1] ?? y)) / 2)} `)
      .join('');
  const cap = ({ at, radius }: Wide, across: Point, side: 1 | -1): string =>
    `${text(off(at, across, side * radius))}A${round(radius)} ${round(radius)} 0 0 1 ${text(off(at, across, -side * radius))}`;
  return `M${text(left[0])}T${middles(left)}${cap(last, end, -1)}T${middles([...right].reverse())}${cap(first, begin, 1)}Z`;
}

const text = (point: Point = [0, 0]): string => point.map(round).join(' ');

const dot = ([x, y]: Point, radius: number): string =>
  `M${round(x - radius)} ${round(y)}a${round(radius)} ${round(radius)} 0 1 0 ${round(2 * radius)} 0a${round(radius)} ${round(radius)} 0 1 0 ${round(-2 * radius)} 0Z`;
