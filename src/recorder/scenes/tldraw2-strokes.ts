import { asRecord } from '../../kit/record.js';
import { smoothWay, strokeOutline } from './freehand.js';
import { handRandom } from './hand-random.js';
import { apart, betweenCorners, hasDashes, pathOf, round, strokedPath, type Point } from './svg-markup.js';
import { linePoints, listOf, numberOf, textValue, type Values } from './tldraw-values.js';
import type { Placed } from './tldraw2-bound.js';
import { dashedPath } from './tldraw2-dash.js';
import { inkPath, inkWay, type InkOptions, type PenPoint } from './tldraw2-ink.js';
import { filled, type Style } from './tldraw2-style.js';

/* What is drawn along points: pen, highlighter, line (shapes/draw/getPath of @bigbluebutton/tldraw 2.0.0-alpha.25). */

const sine = (t: number): number => Math.sin((t * Math.PI) / 2);

export function drawStroke(props: Values, style: Style, { shape }: Placed): string {
  const points = strokePoints(props);
  const [first] = points;
  if (first === undefined) return '';
  const isByHand = style.dash === 'draw';
  const isPen = props['isPen'] === true && isByHand;
  const isDot = points.length === 1;
  const whole = style.width * numberOf(props['scale'], 1);
  const width = isDot && isByHand && !isPen ? dotWidth(whole, shape) : whole;
  const isClosed = props['isClosed'] === true;
  const options: InkOptions = {
    size: 1 + width * (isPen ? 1.2 : 1),
    thinning: isPen ? 0.62 : isByHand ? 0.5 : 0,
    streamline: isPen ? 0.62 : 0.62 + ((1 + width) / 8) * 0.06,
    isSimulated: isByHand && !isPen,
    easing: isPen ? (t) => t * 0.65 + sine(t) * 0.35 : isByHand ? sine : (t) => t,
    isComplete: props['isComplete'] === true || isStraight(props),
  };
  const steps = inkWay(points, options);
  if (!isByHand && steps.length < 2)
    return `<circle cx="${round(first[0])}" cy="${round(first[1])}" r="${round(width / 2 + 0.5)}" fill="${style.colour}"/>`;
  const way = smoothWay(steps, isClosed);
  const ground = isClosed && style.fill !== 'none' && !isDot ? filled(way, style) : '';
  return isByHand
    ? `${ground}<path d="${inkPath(points, options)}" fill="${style.colour}"/>`
    : ground + strokedPath(way, { ...style, fill: 'none' });
}

/** A line that goes straight on has no end to wait for. */
const isStraight = (props: Values): boolean =>
  asRecord(listOf(props['segments']).at(-1))['type'] === 'straight';

/** No two dots of a hand are the same. */
const dotWidth = (width: number, shape: Placed['shape']): number =>
  width + (width / 3) * handRandom(textValue(shape['id']))();

export function highlight(props: Values, style: Style, { shape }: Placed, opacity = 0.35): string {
  const points = strokePoints(props);
  const [first] = points;
  if (first === undefined) return '';
  const whole = style.textSize * 1.12 * numberOf(props['scale'], 1);
  const width = points.length === 1 && props['isPen'] !== true ? dotWidth(whole, shape) : whole;
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

/** Straight stretches get points between their ends, four at least, and more apart towards their end (Vec2d.PointsBetween). */
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
        const t = (i / (count - 1)) ** 2;
        return [from[0] + (to[0] - from[0]) * t, from[1] + (to[1] - from[1]) * t, 0.5];
      });
    });
}

/** By hand a line is drawn twice (LineShapeUtil). */
export function line(props: Values, style: Style, { shape }: Placed): string {
  const points = linePoints(props);
  if (points.length < 2) return '';
  const isSmooth = props['spline'] === 'cubic';
  const lines = { ...style, fill: 'none' };
  if (style.dash === 'draw' && !isSmooth) {
    const random = handRandom(textValue(shape['id']));
    const by = (2 * style.width) / 3;
    const beside = points.map(([x, y], i): Point =>
      i === 0 ? [x, y] : [x + random() * by, y + random() * by],
    );
    return strokedPath(roundedWay(points, style.width) + roundedWay(beside, style.width), lines);
  }
  const pieces = isSmooth ? curves(points) : straights(points);
  if (style.dash === 'draw') {
    const trace = [...pieces.flatMap(({ trace }) => trace), ...points.slice(-1)];
    const options = {
      size: style.width,
      thinning: 0.4,
      streamline: 0,
      smoothing: 0.5,
      simulatePressure: true,
      last: true,
    };
    return `<path d="${smoothWay(strokeOutline(trace, options), true)}" fill="${style.colour}" stroke="${style.colour}" stroke-width="1" stroke-linecap="round" stroke-linejoin="round"/>`;
  }
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

/** Straight on, and round at its corners, by twice the line's width or a quarter of the way. */
function roundedWay(points: readonly Point[], width: number): string {
  const text = (point: readonly number[]): string => point.map(round).join(' ');
  const pieces = points.slice(1).map((to, i) => {
    const from = points[i] ?? to;
    const { start, end } = betweenCorners(from, to, width);
    return i === points.length - 2
      ? `${text(start)}L${text(to)}`
      : `${text(start)}L${text(end)}Q${text(to)} `;
  });
  return `${pathOf(points.slice(0, 1))}L${pieces.join('')}`;
}

interface Piece {
  readonly from: Point;
  /** What comes behind its start in a path. */
  readonly d: string;
  readonly length: number;
  /** Points on it, without its end. */
  readonly trace: readonly Point[];
}

const straights = (points: readonly Point[]): Piece[] =>
  points.slice(1).map((to, i) => {
    const from = points[i] ?? to;
    return {
      from,
      d: `L${to.map(round).join(' ')}`,
      length: apart(from, to),
      trace: [from],
    };
  });

/** How far a curve bends: a fifth more than a sixth of its neighbours' distance (editor/primitives/geometry/CubicSpline2d). */
const BEND = 1.25 / 6;

/** A curve through all points; it sets out and ends straight. */
function curves(points: readonly Point[]): Piece[] {
  const last = points.length - 1;
  const bent = (i: number, side: 1 | -1): Point => {
    const [[x, y], before, after] = [points[i], points[i - 1], points[i + 1]] as [Point, Point?, Point?];
    if (before === undefined || after === undefined) return [x, y];
    return [x + side * (after[0] - before[0]) * BEND, y + side * (after[1] - before[1]) * BEND];
  };
  return points.slice(0, last).map((from, i) => {
    const [one, two, to] = [bent(i, 1), bent(i + 1, -1), points[i + 1] ?? from];
    const on = onCurve([from, one, two, to]);
    const trace = Array.from({ length: 11 }, (_, k) => on(k / 10));
    const length = trace
      .slice(1)
      .reduce((sum, [x, y], k) => sum + Math.hypot(x - (trace[k]?.[0] ?? x), y - (trace[k]?.[1] ?? y)), 0);
    return { from, d: `C${[...one, ...two, ...to].map(round).join(' ')}`, length, trace };
  });
}

const onCurve =
  ([a, b, c, d]: readonly [Point, Point, Point, Point]) =>
  (t: number): Point => {
    const s = 1 - t;
    const at = (k: 0 | 1): number =>
      s * s * s * a[k] + 3 * s * s * t * b[k] + 3 * s * t * t * c[k] + t * t * t * d[k];
    return [at(0), at(1)];
  };
