import type { StrokeOptions } from 'perfect-freehand';
import { earlyWay, strokeOutline, strokeWay } from './freehand.js';
import { handRandom } from './hand-random.js';
import { apart, pathOf, round, type Point } from './svg-markup.js';
import type { Style } from './tldraw1-style.js';

/*
 * Outlines of tldraw 1.2x (shapes/RectangleUtil, EllipseUtil, TriangleUtil). By hand they are the filled trace of a pen
 * with a line around it; otherwise straight sides, each dashed so that its dashes end with it.
 */

/** Width of a line that no hand draws. */
export const lineWidth = (width: number): number => 1 + width * 1.618;

type Traced = readonly [number, number, number];
const PEN: StrokeOptions = {
  thinning: 0.65,
  streamline: 0.3,
  smoothing: 1,
  simulatePressure: false,
  last: true,
};

export function rectangleMarkup(width: number, height: number, style: Style, id: string): string {
  if (style.dash === 'draw') {
    const points = rectangleTrace(width, height, style.width, id);
    return traced(points, { ...PEN, size: style.width }, style);
  }
  const inset = lineWidth(style.width) / 2;
  const [right, bottom] = [Math.max(0, width - inset), Math.max(0, height - inset)];
  return sides(
    [
      [inset, inset],
      [right, inset],
      [right, bottom],
      [inset, bottom],
    ],
    style,
  );
}

export function triangleMarkup(width: number, height: number, style: Style, id: string): string {
  const corners: Point[] = [
    [width / 2, 0],
    [width, height],
    [0, height],
  ];
  if (style.dash !== 'draw') return sides(corners, style);
  const random = handRandom(id);
  const moved = corners.map((corner) => shaken(corner, style.width, random));
  const first = Math.round(Math.abs(random() * 2 * 3));
  const lines = turned(
    moved.map((corner, i) => between(corner, moved[(i + 1) % 3] ?? corner, 32)),
    first,
  );
  return traced([...lines.flat(), ...(lines[0] ?? [])], { ...PEN, size: style.width }, style);
}

export function ellipseMarkup(rx: number, ry: number, style: Style, id: string): string {
  if (style.dash === 'draw') {
    const { points, length } = ellipseTrace(rx, ry, style.width, id);
    const options: StrokeOptions = {
      size: 2 + style.width * 2,
      thinning: 0.618,
      start: { taper: length / 12 },
      end: { taper: length / 8 },
      streamline: 0,
      simulatePressure: true,
    };
    return traced(points, options, style);
  }
  const line = lineWidth(style.width);
  const [a, b] = [Math.max(0, rx - line / 2), Math.max(0, ry - line / 2)];
  const length = perimeter(a, b);
  const dash = dashes(length < 64 ? length * 2 : length, style, 4);
  return `<ellipse cx="${round(rx)}" cy="${round(ry)}" rx="${round(a)}" ry="${round(b)}" fill="${style.fill}" stroke="${style.colour}" stroke-width="${round(line)}" stroke-linecap="round"${dash}/>`;
}

/** A line of the given length in the dash of its style, as attributes; dashes are spread so that none is cut. */
export function dashes(
  length: number,
  style: Style,
  even = 1,
  outwards = true,
  line = style.width * 1.618,
): string {
  const dotted = style.dash === 'dotted';
  if (style.dash !== 'dashed' && !dotted) return '';
  const dash = dotted ? line / 100 : line * 2;
  const ratio = dotted ? 100 : 1;
  let count = Math.floor(length / dash / (2 * ratio));
  count = Math.max(count - (count % even), 4);
  const gap = Math.max(dash, (length - count * dash) / (outwards ? count : count - 1));
  return ` stroke-dasharray="${round3(dash)} ${round3(gap)}"${outwards && !dotted ? ` stroke-dashoffset="${round3(dash / 2)}"` : ''}`;
}

const round3 = (value: number): number => Math.round(value * 1000) / 1000;

function sides(corners: readonly Point[], style: Style): string {
  const line = lineWidth(style.width);
  const ground = style.fill === 'none' ? '' : `<path d="${pathOf(corners, true)}" fill="${style.fill}"/>`;
  const lines = corners.map((from, i) => {
    const to = corners[(i + 1) % corners.length] ?? from;
    const length = apart(from, to);
    return `<path d="${pathOf([from, to])}" fill="none" stroke="${style.colour}" stroke-width="${round(line)}" stroke-linecap="round"${dashes(length, style)}/>`;
  });
  return ground + lines.join('');
}

function traced(points: readonly Traced[], options: StrokeOptions, style: Style): string {
  const ground =
    style.fill === 'none'
      ? ''
      : `<path d="${earlyWay(strokeWay(points, options), false)}" fill="${style.fill}"/>`;
  return `${ground}<path d="${earlyWay(strokeOutline(points, options), true)}" fill="${style.colour}" stroke="${style.colour}" stroke-width="${round(style.width)}" stroke-linejoin="round"/>`;
}

function rectangleTrace(width: number, height: number, line: number, id: string): Traced[] {
  const random = handRandom(id);
  const half = line / 2;
  const corners: Point[] = [
    [half, half],
    [width - half, half],
    [width - half, height - half],
    [half, height - half],
  ];
  const [tl, tr, br, bl] = corners.map((corner) => shaken(corner, line, random)) as [
    Point,
    Point,
    Point,
    Point,
  ];
  const first = Math.round(Math.abs(random() * 2 * 4));
  const [rx, ry] = [Math.min(width / 4, line * 2), Math.min(height / 4, line * 2)];
  const [across, down] = [Math.max(8, Math.floor(width / 16)), Math.max(8, Math.floor(height / 16))];
  const lines = turned(
    [
      between([tl[0] + rx, tl[1]], [tr[0] - rx, tr[1]], across),
      between([tr[0], tr[1] + ry], [br[0], br[1] - ry], down),
      between([br[0] - rx, br[1]], [bl[0] + rx, bl[1]], across),
      between([bl[0], bl[1] - ry], [tl[0], tl[1] + ry], down),
    ],
    first,
  );
  const half1 = Math.floor((first % 2 === 0 ? across : down) / -2) + 3;
  // The last stretch goes over the first again: the trace ends on no sharp corner.
  return [...lines.flat(), ...(lines[0] ?? [])].slice(5, half1);
}

function ellipseTrace(
  radiusX: number,
  radiusY: number,
  line: number,
  id: string,
): { points: Traced[]; length: number } {
  const random = handRandom(id);
  const rx = radiusX + random() * line * 2;
  const ry = radiusY + random() * line * 2;
  const length = perimeter(rx, ry);
  const start = Math.PI + Math.PI * random();
  const extra = Math.abs(random());
  const count = Math.max(16, length / 10);
  const points: Traced[] = [];
  for (let i = 0; i < count; i++) {
    const t = (1 - Math.cos((Math.PI * i) / (count + 1))) / 2;
    const turn = start * 2 + Math.PI * (2 + extra) * t;
    points.push([radiusX + rx * Math.cos(turn), radiusY + ry * Math.sin(turn), t + 0.5 + random() / 2]);
  }
  return { points, length };
}

const shaken = ([x, y]: Point, line: number, random: () => number): Point => [
  x + random() * line * 0.75,
  y + random() * line * 0.75,
];

/** Points of a side, pressed hard at its ends and lightly in its middle. */
function between(from: Point, to: Point, steps: number): Traced[] {
  return Array.from({ length: steps }, (_, i): Traced => {
    const t = i / (steps - 1);
    return [
      from[0] + (to[0] - from[0]) * t,
      from[1] + (to[1] - from[1]) * t,
      Math.min(1, 0.5 + Math.abs(0.5 - t)),
    ];
  });
}

const turned = <T>(list: readonly T[], by: number): T[] =>
  list.map((_, i) => list[(i + by) % list.length] as T);

/** Ramanujan's approximation. */
function perimeter(rx: number, ry: number): number {
  const h = (rx - ry) ** 2 / (rx + ry || 1) ** 2;
  return Math.PI * (rx + ry) * (1 + (3 * h) / (10 + Math.sqrt(4 - 3 * h)));
}
