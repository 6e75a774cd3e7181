import { apart, pathOf, round, type Point } from './svg-markup.js';
import { table } from './tldraw-values.js';

export interface ArrowFacts {
  readonly start: Point;
  readonly end: Point;
  /** How far the middle of the line stands off the straight way, to the right of its direction. */
  readonly bend: number;
  readonly startHead: string;
  readonly endHead: string;
  readonly width: number;
}

/** Heads in lengths of a head: along the line from its tip, and across. Closed ones take the line away under them. */
const HEADS = table<{ points: readonly Point[]; closed: boolean }>({
  arrow: {
    points: [
      [0.87, 0.5],
      [0, 0],
      [0.87, -0.5],
    ],
    closed: false,
  },
  triangle: {
    points: [
      [0.87, 0.5],
      [0, 0],
      [0.87, -0.5],
    ],
    closed: true,
  },
  inverted: {
    points: [
      [0, 0.5],
      [1, 0],
      [0, -0.5],
    ],
    closed: true,
  },
  diamond: {
    points: [
      [0, 0],
      [0.53, 0.53],
      [1.06, 0],
      [0.53, -0.53],
    ],
    closed: true,
  },
  square: {
    points: [
      [0, 0.425],
      [0.85, 0.425],
      [0.85, -0.425],
      [0, -0.425],
    ],
    closed: true,
  },
  bar: {
    points: [
      [0, 0.5],
      [0, -0.5],
    ],
    closed: false,
  },
  dot: {
    points: Array.from({ length: 24 }, (_, i): Point => {
      const turn = (i * Math.PI) / 12;
      return [0.45 + 0.45 * Math.cos(turn), 0.45 * Math.sin(turn)];
    }),
    closed: true,
  },
});

export interface ArrowPaths {
  readonly body: string;
  /** Of the body. */
  readonly length: number;
  readonly heads: string;
  /** Those heads that a filling fills, and under which there is no line. */
  readonly closedHeads: string;
  /** Where a label stands. */
  readonly middle: Point;
  readonly size: { readonly width: number; readonly height: number };
}

/** Null for an arrow without length. */
export function arrowPaths(facts: ArrowFacts): ArrowPaths | null {
  const { start, end, bend, width } = facts;
  const chord = apart(start, end);
  if (chord < 0.01) return null;
  const along: Point = [(end[0] - start[0]) / chord, (end[1] - start[1]) / chord];
  const across: Point = [-along[1], along[0]];
  const middle = moved([(start[0] + end[0]) / 2, (start[1] + end[1]) / 2], across, bend);
  const straight = Math.abs(bend) < 1;
  const height = Math.abs(bend);
  const radius = straight ? Infinity : (height * height + (chord * chord) / 4) / (2 * height);
  const centre = moved(middle, across, -Math.sign(bend) * radius);
  const length = straight ? chord : 2 * radius * Math.atan2(chord / 2, radius - height);
  const size = Math.max(width, Math.min(width * 3, length / 5));
  // A point of the line, so far from one of its ends.
  const from = (tip: Point, distance: number, side: 1 | -1): Point =>
    straight
      ? moved(tip, along, side * distance)
      : turned(tip, centre, -side * Math.sign(bend) * 2 * Math.asin(Math.min(1, distance / 2 / radius)));
  const ends = [
    { tip: start, head: HEADS[facts.startHead], side: 1 as const },
    { tip: end, head: HEADS[facts.endHead], side: -1 as const },
  ];
  const heads = ends.map(({ tip, head, side }) =>
    head === undefined ? '' : pathOf(headPoints(head.points, tip, from(tip, size, side), size), head.closed),
  );
  const wide = !straight && height > radius ? 1 : 0;
  const body = straight
    ? pathOf([start, end])
    : `M${start.map(round).join(' ')}A${round(radius)} ${round(radius)} 0 ${wide} ${bend > 0 ? 0 : 1} ${end.map(round).join(' ')}`;
  const [xs, ys] = [0, 1].map((i) => [start, end, middle].map((point) => point[i] ?? 0)) as [
    number[],
    number[],
  ];
  return {
    body,
    length,
    heads: heads.join(''),
    closedHeads: heads.filter((_, i) => ends[i]?.head?.closed === true).join(''),
    middle,
    size: { width: Math.max(...xs) - Math.min(...xs), height: Math.max(...ys) - Math.min(...ys) },
  };
}

function headPoints(points: readonly Point[], tip: Point, towards: Point, size: number): Point[] {
  const reach = apart(tip, towards) || 1;
  const [x, y] = [(towards[0] - tip[0]) / reach, (towards[1] - tip[1]) / reach];
  return points.map(([far, aside]) => [
    tip[0] + size * (far * x - aside * y),
    tip[1] + size * (far * y + aside * x),
  ]);
}

const moved = ([x, y]: Point, [dx, dy]: Point, by: number): Point => [x + dx * by, y + dy * by];

function turned([x, y]: Point, [cx, cy]: Point, angle: number): Point {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return [cx + (x - cx) * cos - (y - cy) * sin, cy + (x - cx) * sin + (y - cy) * cos];
}
