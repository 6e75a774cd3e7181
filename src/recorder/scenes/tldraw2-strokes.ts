import { asRecord } from '../../kit/record.js';
import { smoothWay } from './freehand.js';
import { hasDashes, pathOf, round, strokedPath, type Point } from './svg-markup.js';
import { listOf, numberOf, textValue, type Values } from './tldraw-values.js';
import { dashedPath } from './tldraw2-dash.js';
import { inkPath, inkWay, type InkOptions, type PenPoint } from './tldraw2-ink.js';
import { filled, type Style } from './tldraw2-style.js';

/* What is drawn along points: pen, highlighter, line (shapes/draw/getPath of @bigbluebutton/tldraw 2.0.0-alpha.25). */

const sine = (t: number): number => Math.sin((t * Math.PI) / 2);

export function drawStroke(props: Values, style: Style): string {
  const points = strokePoints(props);
  const [first] = points;
  if (first === undefined) return '';
  const width = style.width * numberOf(props['scale'], 1);
  if (points.length === 1) {
    const [x, y] = first;
    return `<circle cx="${round(x)}" cy="${round(y)}" r="${round(width / 2 + 0.5)}" fill="${style.colour}"/>`;
  }
  const isClosed = props['isClosed'] === true;
  const isPen = props['isPen'] === true && style.dash === 'draw';
  const isByHand = style.dash === 'draw';
  const options: InkOptions = {
    size: 1 + width * (isPen ? 1.2 : 1),
    thinning: isPen ? 0.62 : isByHand ? 0.5 : 0,
    streamline: isPen ? 0.62 : 0.62 + ((1 + width) / 8) * 0.06,
    isSimulated: isByHand && !isPen,
    easing: isPen ? (t) => t * 0.65 + sine(t) * 0.35 : isByHand ? sine : (t) => t,
    isComplete: props['isComplete'] === true || isStraight(props),
  };
  const way = smoothWay(inkWay(points, options), isClosed);
  const ground = isClosed && style.fill !== 'none' ? filled(way, style) : '';
  return isByHand
    ? `${ground}<path d="${inkPath(points, options)}" fill="${style.colour}"/>`
    : ground + strokedPath(way, { ...style, fill: 'none' });
}

/** A line that goes straight on has no end to wait for. */
const isStraight = (props: Values): boolean =>
  asRecord(listOf(props['segments']).at(-1))['type'] === 'straight';

export function highlight(props: Values, style: Style, opacity = 0.35): string {
  const points = strokePoints(props);
  const [first] = points;
  if (first === undefined) return '';
  const width = style.textSize * 1.12 * numberOf(props['scale'], 1);
  const way = inkWay(points, {
    size: 1 + width,
    thinning: 0,
    streamline: 0.5,
    isSimulated: false,
    easing: sine,
    isComplete: props['isComplete'] === true || isStraight(props),
  });
  const d = way.length < 2 ? `M${round(first[0])} ${round(first[1])}l0.01 0` : smoothWay(way, false);
  return `<path d="${d}" fill="none" stroke="${style.highlight}" stroke-width="${round(width)}" stroke-linecap="round" opacity="${opacity}"/>`;
}

/** Straight stretches get points between their ends, 16 units apart and four at least. */
function strokePoints(props: Values): PenPoint[] {
  return listOf(props['segments'])
    .map(asRecord)
    .flatMap((segment) => {
      const points = listOf(segment['points']).map((point): PenPoint => {
        const { x, y, z } = asRecord(point);
        return [numberOf(x), numberOf(y), numberOf(z, 0.5)];
      });
      const [from, to] = points;
      if (segment['type'] !== 'straight' || from === undefined || to === undefined) return points;
      const count = Math.max(4, Math.floor(Math.hypot(to[0] - from[0], to[1] - from[1]) / 16));
      return Array.from({ length: count }, (_, i): PenPoint => {
        const t = i / (count - 1);
        return [from[0] + (to[0] - from[0]) * t, from[1] + (to[1] - from[1]) * t, 0.5];
      });
    });
}

/** Points of a line: a list in later alphas, start, end and handles by index before. */
export function line(props: Values, style: Style): string {
  const handles = Object.values(asRecord(props['points'] ?? props['handles'])).map(asRecord);
  const points = handles
    .sort((a, b) => (textValue(a['index']) < textValue(b['index']) ? -1 : 1))
    .map((handle): Point => [numberOf(handle['x']), numberOf(handle['y'])]);
  if (points.length < 2) return '';
  const isSmooth = props['spline'] === 'cubic' && points.length > 2;
  const pieces = isSmooth ? curves(points) : straights(points);
  const lines = { ...style, fill: 'none' };
  if (!hasDashes(style))
    return strokedPath(pathOf(points.slice(0, 1)) + pieces.map(({ d }) => d).join(''), lines);
  return pieces
    .map(({ from, d, length }, i) =>
      dashedPath(pathOf([from]) + d, length, lines, {
        start: i > 0 ? 'out' : 'whole',
        end: i < pieces.length - 1 ? 'out' : 'whole',
      }),
    )
    .join('');
}

interface Piece {
  readonly from: Point;
  /** What comes behind its start in a path. */
  readonly d: string;
  readonly length: number;
}

const straights = (points: readonly Point[]): Piece[] =>
  points.slice(1).map((to, i) => {
    const from = points[i] ?? to;
    return {
      from,
      d: `L${to.map(round).join(' ')}`,
      length: Math.hypot(to[0] - from[0], to[1] - from[1]),
    };
  });

/** A curve through all points: each piece bends by a sixth of its neighbours' distance. */
function curves(points: readonly Point[]): Piece[] {
  const at = (i: number): Point => points[Math.min(points.length - 1, Math.max(0, i))] ?? [0, 0];
  return points.slice(1).map((_, i) => {
    const [before, from, to, after] = [at(i - 1), at(i), at(i + 1), at(i + 2)];
    const one: Point = [from[0] + (to[0] - before[0]) / 6, from[1] + (to[1] - before[1]) / 6];
    const two: Point = [to[0] - (after[0] - from[0]) / 6, to[1] - (after[1] - from[1]) / 6];
    return {
      from,
      d: `C${[...one, ...two, ...to].map(round).join(' ')}`,
      length: curveLength([from, one, two, to]),
    };
  });
}

/** Of a cubic curve, along sixteen chords. */
function curveLength([a, b, c, d]: readonly [Point, Point, Point, Point]): number {
  const on = (t: number): Point =>
    [0, 1].map((k) => {
      const s = 1 - t;
      const [p, q, r, u] = [a, b, c, d].map((point) => point[k as 0 | 1]) as [number, number, number, number];
      return s * s * s * p + 3 * s * s * t * q + 3 * s * t * t * r + t * t * t * u;
    }) as unknown as Point;
  return Array.from({ length: 16 }, (_, i) => {
    const [from, to] = [on(i / 16), on((i + 1) / 16)];
    return Math.hypot(to[0] - from[0], to[1] - from[1]);
  }).reduce((sum, one) => sum + one, 0);
}
