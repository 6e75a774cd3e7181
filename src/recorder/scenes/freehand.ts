import { getStroke, getStrokePoints, type StrokeOptions } from 'perfect-freehand';
import { round, type Point } from './svg-markup.js';

/** The filled outline of a pen stroke as an SVG path; points are [x, y, pressure]. */
export function freehandPath(points: readonly (readonly number[])[], options: StrokeOptions): string {
  const outline = getStroke(points as number[][], options) as [number, number][];
  const [first] = outline;
  const last = outline.at(-1);
  if (first === undefined || last === undefined || outline.length < 3) return '';
  const corners = outline.map(([x, y], i) => {
    const [nextX, nextY] = outline[i + 1] ?? first;
    return `${round(x)} ${round(y)} ${round((x + nextX) / 2)} ${round((y + nextY) / 2)}`;
  });
  return `M${round((last[0] + first[0]) / 2)} ${round((last[1] + first[1]) / 2)}Q${corners.join(' ')}Z`;
}

/** The way that the pen is taken to have gone, smoothed as its outline is. */
export const strokeWay = (points: readonly (readonly number[])[], options: StrokeOptions): Point[] =>
  getStrokePoints(points as number[][], options).map(({ point: [x, y] }): Point => [x, y]);

/** A way through the middles between its points, each bending towards its point. */
export function smoothWay(points: readonly Point[], closed: boolean): string {
  const [first] = points;
  if (first === undefined) return '';
  const pieces = points.slice(1).map(([x, y], i) => {
    const [nextX, nextY] = points[i + 2] ?? [x, y];
    return `Q${round(x)} ${round(y)} ${round((x + nextX) / 2)} ${round((y + nextY) / 2)}`;
  });
  return `M${round(first[0])} ${round(first[1])}${pieces.join('')}${closed ? 'Z' : ''}`;
}
