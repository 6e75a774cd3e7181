import { apart, around, type Point } from './svg-markup.js';

/** The way of an arrow between two points: a straight line, or an arc of a circle. */
export interface Way {
  readonly length: number;
  /** Of an arc. */
  readonly circle: { readonly centre: Point; readonly radius: number } | null;
  /** @param t 0 at its start, 1 at its end */
  readonly at: (t: number) => Point;
  /** Where on the circle a point lies, as `t` of `at`, once around from its start. */
  readonly shareOf: (point: Point) => number;
  /** A stretch of it, by its ends and by how far its middle stands off the straight way between them. */
  readonly part: (from: number, to: number) => { start: Point; end: Point; bend: number };
}

/**
 * @param bend how far the middle stands off the straight way, to the right of its direction
 * @returns null between points that are one
 */
export function arcThrough(start: Point, end: Point, bend: number): Way | null {
  const chord = apart(start, end);
  if (chord < 0.01) return null;
  const along: Point = [(end[0] - start[0]) / chord, (end[1] - start[1]) / chord];
  if (bend === 0) {
    const at = (t: number): Point => [start[0] + along[0] * chord * t, start[1] + along[1] * chord * t];
    const shareOf = ([x, y]: Point): number =>
      ((x - start[0]) * along[0] + (y - start[1]) * along[1]) / chord;
    const part = (from: number, to: number) => ({ start: at(from), end: at(to), bend: 0 });
    return { length: chord, circle: null, at, shareOf, part };
  }
  const height = Math.abs(bend);
  const radius = (height * height + (chord * chord) / 4) / (2 * height);
  const side = Math.sign(bend);
  // Of the circle: from the middle of the chord, against the bend.
  const off = side * (height - radius);
  const centre: Point = [(start[0] + end[0]) / 2 - along[1] * off, (start[1] + end[1]) / 2 + along[0] * off];
  const turn = 4 * Math.atan2(height, chord / 2);
  const first = Math.atan2(start[1] - centre[1], start[0] - centre[0]);
  const at = (t: number): Point => {
    const angle = first - side * turn * t;
    return [centre[0] + radius * Math.cos(angle), centre[1] + radius * Math.sin(angle)];
  };
  return {
    length: radius * turn,
    circle: { centre, radius },
    at,
    shareOf: ([x, y]) =>
      around(side * (first - Math.atan2(y - centre[1], x - centre[0])), 2 * Math.PI) / turn,
    part: (from, to) => ({
      start: at(from),
      end: at(to),
      bend: side * radius * (1 - Math.cos((turn * (to - from)) / 2)),
    }),
  };
}
