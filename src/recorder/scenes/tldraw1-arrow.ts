import { earlyWay, strokeOutline } from './freehand.js';
import { handRandom } from './hand-random.js';
import { apart, around, circleThrough, pathOf, round, type Point } from './svg-markup.js';
import { dashes, lineWidth } from './tldraw1-outline.js';
import type { Style } from './tldraw1-style.js';

/* Arrows and lines of tldraw 1.2x (shapes/ArrowUtil): straight, or an arc of the circle through the bend's handle. */

export interface ArrowFacts {
  readonly start: Point;
  readonly end: Point;
  readonly bend: Point;
  readonly heads: { readonly start: boolean; readonly end: boolean };
}

export function arrowMarkup({ start, end, bend, heads }: ArrowFacts, style: Style, id: string): string {
  const chord = apart(start, end);
  if (chord < 2) return '';
  const circle = apart(bend, middle(start, end)) < 1 ? null : circleThrough(start, bend, end);
  const arc = circle === null ? null : arcOf(circle, start, bend, end);
  const line = lineWidth(style.width);
  const length = arc === null ? chord : Math.abs(arc.turn) * arc.radius;
  const head = Math.min(chord / 3, style.width * 8);
  const tips = [
    ...(heads.start ? [headPath(start, towards(start, end, arc, head, 1), head)] : []),
    ...(heads.end ? [headPath(end, towards(end, start, arc, head, -1), head)] : []),
  ];
  const shaft =
    style.dash === 'draw'
      ? handShaft({ start, end, heads, arc, length }, style, id)
      : `<path d="${arc === null ? pathOf([start, end]) : arcPath(arc, start, end)}" fill="none" stroke="${style.colour}" stroke-width="${round(line)}" stroke-linecap="round"${dashes(length, style, 2, false, arc === null ? undefined : line)}/>`;
  return (
    shaft +
    tips
      .map(
        (d) =>
          `<path d="${d}" fill="none" stroke="${style.colour}" stroke-width="${round(line)}" stroke-linecap="round" stroke-linejoin="round"/>`,
      )
      .join('')
  );
}

interface Arc {
  readonly centre: Point;
  readonly radius: number;
  readonly from: number;
  /** Radians from start to end, with its sign. */
  readonly turn: number;
}

const easeOut = (t: number): number => t * (2 - t);

function handShaft(
  facts: {
    readonly start: Point;
    readonly end: Point;
    readonly heads: ArrowFacts['heads'];
    readonly arc: Arc | null;
    readonly length: number;
  },
  style: Style,
  id: string,
): string {
  const { start, end, heads, arc, length } = facts;
  const random = handRandom(id);
  if (arc === null) {
    const share = style.width / length;
    const [a, b] = [heads.start ? share : 0, heads.end ? 1 - share : 1];
    const outline = strokeOutline([along(start, end, a), along(start, end, b)], {
      size: style.width,
      thinning: 0.618 + random() * 0.2,
      easing: easeOut,
      simulatePressure: true,
      streamline: 0,
      last: true,
    });
    return `<path d="${earlyWay(outline, true)}" fill="${style.colour}" stroke="${style.colour}" stroke-width="${round(lineWidth(style.width) / 2)}" stroke-linejoin="round" stroke-linecap="round"/>`;
  }
  const first = random();
  const ease = first > 0 ? easeSine : easeCubic;
  const count = 8 + Math.floor(length / 20 + first / 2);
  // The room of a head is an angle here: the line's width by the way's length.
  const share = style.width / length / Math.abs(arc.turn);
  const [a, b] = [heads.start ? share : 0, heads.end ? 1 - share : 1];
  const on = (t: number): Point => onArc(arc, a + (b - a) * t);
  const between = Array.from({ length: count }, (_, i) => on(ease(i / count)));
  const outline = strokeOutline([on(0), ...between, on(1)], {
    size: 1 + style.width,
    thinning: 0.618 + random() * 0.2,
    easing: easeOut,
    simulatePressure: false,
    streamline: 0,
    last: true,
  });
  return `<path d="${earlyWay(outline, true)}" fill="${style.colour}"/>`;
}

const easeSine = (t: number): number => (1 - Math.cos(Math.PI * t)) / 2;
const easeCubic = (t: number): number => (t < 0.5 ? 4 * t ** 3 : 1 - 4 * (1 - t) ** 3);

/** What its box is taken from: its ends, or twenty points of its arc. */
export function arrowPoints({ start, end, bend }: Omit<ArrowFacts, 'heads'>): Point[] {
  const circle = apart(bend, middle(start, end)) <= 2 ? null : circleThrough(start, bend, end);
  if (circle === null) return [start, end];
  const arc = arcOf(circle, start, bend, end);
  return Array.from({ length: 20 }, (_, i) => onArc(arc, i / 19));
}

/** Two strokes from the tip backwards, 30 degrees off the way there. */
function headPath(tip: Point, back: Point, size: number): string {
  const angle = Math.atan2(back[1] - tip[1], back[0] - tip[0]);
  const side = (turn: number): Point => [
    tip[0] + size * Math.cos(angle + turn),
    tip[1] + size * Math.sin(angle + turn),
  ];
  return pathOf([side(Math.PI / 6), tip, side(-Math.PI / 6)]);
}

/** Where the line stands behind its tip: on an arc, 0.618 of a head away. */
function towards(tip: Point, other: Point, arc: Arc | null, head: number, side: 1 | -1): Point {
  if (arc === null) return other;
  const share = (2 * Math.asin(Math.min(1, (head * 0.618) / 2 / arc.radius))) / Math.abs(arc.turn);
  return onArc(arc, side === 1 ? share : 1 - share);
}

function arcOf(
  { centre, radius }: { centre: Point; radius: number },
  start: Point,
  bend: Point,
  end: Point,
): Arc {
  const angle = (p: Point): number => Math.atan2(p[1] - centre[1], p[0] - centre[0]);
  const full = 2 * Math.PI;
  const from = angle(start);
  const ahead = (to: number): number => around(to - from, full);
  const turn = ahead(angle(end));
  return { centre, radius, from, turn: ahead(angle(bend)) <= turn ? turn : turn - full };
}

const onArc = ({ centre, radius, from, turn }: Arc, t: number): Point => [
  centre[0] + radius * Math.cos(from + turn * t),
  centre[1] + radius * Math.sin(from + turn * t),
];

const arcPath = ({ radius, turn }: Arc, start: Point, end: Point): string =>
  `M${start.map(round).join(' ')}A${round(radius)} ${round(radius)} 0 ${Math.abs(turn) > Math.PI ? 1 : 0} ${turn > 0 ? 1 : 0} ${end.map(round).join(' ')}`;

const along = (a: Point, b: Point, t: number): Point => [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t];
const middle = (a: Point, b: Point): Point => along(a, b, 0.5);
