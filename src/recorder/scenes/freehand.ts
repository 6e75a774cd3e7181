import { getStroke, getStrokePoints, type StrokeOptions } from 'perfect-freehand';
import { round, type Point } from './svg-markup.js';

/** The outline of a pen stroke; points are [x, y, pressure]. */
export const strokeOutline = (points: readonly (readonly number[])[], options: StrokeOptions): Point[] =>
  getStroke(points as number[][], options).map(([x, y]): Point => [x, y]);

/** The way that the pen is taken to have gone, smoothed as its outline is. */
export const strokeWay = (points: readonly (readonly number[])[], options: StrokeOptions): Point[] =>
  getStrokePoints(points as number[][], options).map(({ point: [x, y] }): Point => [x, y]);

const bends = (points: readonly Point[]): string =>
  points
    .slice(0, -1)
    .map(([x, y], i) => {
      const [nextX, nextY] = points[i + 1] ?? [x, y];
      return `Q${round(x)} ${round(y)} ${round((x + nextX) / 2)} ${round((y + nextY) / 2)}`;
    })
    .join('');

/** A way through the middles between its points, each bending towards its point; a closed one has neither start nor end. */
export function smoothWay(points: readonly Point[], closed: boolean): string {
  const [first, second] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined) return '';
  if (second === undefined || !closed || points.length === 2)
    return `M${round(first[0])} ${round(first[1])}${bends(points.slice(1))}L${round(last[0])} ${round(last[1])}`;
  const start = `M${round((first[0] + second[0]) / 2)} ${round((first[1] + second[1]) / 2)}`;
  return `${start}${bends([...points.slice(1), first, second])}Z`;
}

/**
 * The same in tldraw 1: it stops before its last point, and is nothing with less than four (@tldraw/core 1.23, utils:
 * getSvgPathFromStroke). A closed one goes back to its start straight on.
 */
export function earlyWay(points: readonly Point[], closed: boolean): string {
  const [first] = points;
  return first === undefined || points.length < 4
    ? ''
    : `M${round(first[0])} ${round(first[1])}${bends(points.slice(1))}${closed ? 'Z' : ''}`;
}
