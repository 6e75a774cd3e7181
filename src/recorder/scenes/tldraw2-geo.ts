import { handRandom } from './hand-random.js';
import {
  apart,
  betweenCorners,
  hasDashes,
  pathOf,
  round,
  strokedPath,
  type Point,
  type Stroke,
} from './svg-markup.js';
import { table } from './tldraw-values.js';
import { bumpPaths, cloudBumps, cloudByHand, cloudCorners, cloudPath } from './tldraw2-cloud.js';
import { dashedPath, dashedSides } from './tldraw2-dash.js';

export interface Geo {
  readonly kind: string;
  readonly w: number;
  readonly h: number;
  /** Of the shape: what is drawn by hand follows from it. */
  readonly id: string;
}

/**
 * Outline of a geometric shape of tldraw 2, as what is filled: unknown ones are rectangles. By hand its corners are round
 * (shapes/geo/components/DrawStylePolygon).
 */
export function geoOutline(geo: Geo, { width, dash }: Pick<Stroke, 'width' | 'dash'>): string {
  const { kind, w, h, id } = geo;
  if (kind === 'cloud') {
    const bumps = cloudBumps(w, h, width, id);
    return dash === 'draw' ? cloudByHand(bumps, width, id) : cloudPath(bumps);
  }
  const round = ROUND[kind];
  if (round !== undefined) return round(w, h);
  const corners = cornersOf(kind, w, h);
  return dash === 'draw' ? byHand(corners, width, { id, shaken: 0, times: 1 }) : pathOf(corners, true);
}

/**
 * The lines of a shape and its marks: dashes are spread over each side, over each bump of a cloud, or all around. By hand it
 * is drawn twice, a little beside itself. @param own height of the shape before its words made it grow: marks keep it
 */
export function geoLines(geo: Geo, own: number, stroke: Stroke): string {
  const { kind, w, h, id } = geo;
  const lines = { ...stroke, fill: 'none' };
  const marks = marksOf(kind, w, own, stroke);
  if (!hasDashes(stroke)) {
    const isDrawnTwice = stroke.dash === 'draw' && kind !== 'cloud' && ROUND[kind] === undefined;
    const outline = isDrawnTwice
      ? byHand(cornersOf(kind, w, h), stroke.width, { id, shaken: stroke.width / 3, times: 2 })
      : geoOutline(geo, stroke);
    return strokedPath(outline + marks.map((mark) => pathOf(mark)).join(''), lines);
  }
  const dashing = { start: 'gap', multipleOf: stroke.dash === 'dotted' ? 4 : 1 } as const;
  return (
    dashedOutline(geo, lines) +
    marks.map(([from, to]) => dashedPath(pathOf([from, to]), apart(from, to), lines, dashing)).join('')
  );
}

function dashedOutline({ kind, w, h, id }: Geo, lines: Stroke): string {
  const round = ROUND[kind];
  if (kind === 'cloud')
    return bumpPaths(cloudBumps(w, h, lines.width, id))
      .map(({ d, length }) => dashedPath(d, length, lines))
      .join('');
  if (round === undefined) return dashedSides(cornersOf(kind, w, h), lines);
  const r = Math.min(w, h) / 2;
  const around = kind === 'oval' ? 2 * Math.PI * r + 2 * Math.abs(w - h) : ellipseLength(w / 2, h / 2);
  return dashedPath(round(w, h), around < 64 ? around * 2 : around, lines, {
    isClosed: true,
    multipleOf: 4,
  });
}

/** Ramanujan's approximation. */
function ellipseLength(a: number, b: number): number {
  const q = (a - b) ** 2 / (a + b || 1) ** 2;
  return Math.PI * (a + b) * (1 + (3 * q) / (10 + Math.sqrt(4 - 3 * q)));
}

/** Corners of the outline as what an arrow meets (editor/primitives/geometry: Stadium2d, Ellipse2d). */
export function geoCorners({ kind, w, h, id }: Geo, line: number): readonly Point[] {
  if (kind === 'cloud') return cloudCorners(cloudBumps(w, h, line, id));
  if (kind === 'oval') {
    const r = Math.min(w, h) / 2;
    const end = (from: number, x: number, y: number): Point[] =>
      Array.from({ length: 9 }, (_, i): Point => {
        const angle = from + (Math.PI * i) / 8;
        return [x + r * Math.cos(angle), y + r * Math.sin(angle)];
      });
    return h > w
      ? [...end(-Math.PI, r, r), ...end(0, r, h - r)]
      : [...end(-Math.PI / 2, w - r, h - r), ...end(Math.PI / 2, r, h - r)];
  }
  if (kind !== 'ellipse') return cornersOf(kind, w, h);
  const count = Math.max(8, Math.ceil(ellipseLength(w / 2, h / 2) / 20));
  return Array.from({ length: count }, (_, i): Point => {
    const angle = (2 * Math.PI * i) / count;
    return [(w / 2) * (1 + Math.cos(angle)), (h / 2) * (1 + Math.sin(angle))];
  });
}

function cornersOf(kind: string, w: number, h: number): Point[] {
  const slant = Math.min(w, h) * 0.38;
  switch (kind) {
    case 'triangle':
      return at([w / 2, 0], [w, h], [0, h]);
    case 'diamond':
      return at([w / 2, 0], [w, h / 2], [w / 2, h], [0, h / 2]);
    case 'pentagon':
      return regular(5, w, h);
    case 'hexagon':
      return regular(6, w, h);
    case 'octagon':
      return regular(8, w, h);
    case 'star':
      return star(w, h);
    case 'rhombus':
      return at([slant, 0], [w, 0], [w - slant, h], [0, h]);
    case 'rhombus-2':
      return at([0, 0], [w - slant, 0], [w, h], [slant, h]);
    case 'trapezoid':
      return at([slant, 0], [w - slant, 0], [w, h], [0, h]);
    default:
      return kind.startsWith('arrow-') ? thickArrow(kind, w, h) : at([0, 0], [w, 0], [w, h], [0, h]);
  }
}

const at = (...points: Point[]): Point[] => points;

/** Crosses and ticks; a dashed cross has four arms, one by hand stops before the corners. */
function marksOf(
  kind: string,
  w: number,
  h: number,
  { dash, width }: Stroke,
): (readonly [from: Point, to: Point])[] {
  if (kind === 'x-box') {
    const middle: Point = [w / 2, h / 2];
    if (dash === 'dashed')
      return at([0, 0], [w, h], [0, h], [w, 0]).map((corner) => [corner, middle] as const);
    const inset = dash === 'draw' ? width * 0.62 : 0;
    const [left, top] = [Math.min(w, inset), Math.min(h, inset)];
    const [right, bottom] = [Math.max(0, w - inset), Math.max(0, h - inset)];
    return [
      [
        [left, top],
        [right, bottom],
      ],
      [
        [left, bottom],
        [right, top],
      ],
    ];
  }
  if (kind !== 'check-box') return [];
  const size = Math.min(w, h);
  const [a, b, c] = at([-0.205, 0.016], [-0.041, 0.262], [0.262, -0.23]).map(([x, y]): Point => [
    w / 2 + x * size,
    h / 2 + y * size,
  ]) as [Point, Point, Point];
  return [
    [a, b],
    [b, c],
  ];
}

const ROUND = table<(w: number, h: number) => string>({
  ellipse: (w, h) =>
    `M0 ${round(h / 2)}a${round(w / 2)} ${round(h / 2)} 0 1 1 ${round(w)} 0a${round(w / 2)} ${round(h / 2)} 0 1 1 ${round(-w)} 0Z`,
  oval: (w, h) => oval(w, h),
  heart: (w, h) =>
    `M${round(w / 2)} ${round(h)}C${[-w * 0.2, h * 0.5, w * 0.1, -h * 0.15, w / 2, h * 0.25].map(round).join(' ')}C${[w * 0.9, -h * 0.15, w * 1.2, h * 0.5, w / 2, h].map(round).join(' ')}Z`,
});

/**
 * Through all corners as often as that, each moved by up to so much and rounded by twice the line's width, or by a quarter of
 * its side (shapes/shared/polygon-helpers). The first corner is where it was when the pen sets out, and moved when it returns.
 */
function byHand(
  corners: readonly Point[],
  width: number,
  { id, shaken, times }: { readonly id: string; readonly shaken: number; readonly times: number },
): string {
  const random = handRandom(id);
  const text = (point: Point): string => point.map(round).join(' ');
  let from = corners[0] ?? [0, 0];
  const sides = Array.from({ length: corners.length * times }, (_, i) => {
    const [x, y] = corners[(i + 1) % corners.length] ?? from;
    const to: Point = [x + random() * 2 * shaken, y + random() * 2 * shaken];
    const side = { ...betweenCorners(from, to, width), corner: to };
    from = to;
    return side;
  });
  return `M${sides.map(({ start, end, corner }) => `${text(start)}L${text(end)}Q${text(corner)} `).join('')}${text(sides[0]?.start ?? from)}`;
}

/** Corners on an ellipse, the first at its top; they begin at the left side of the box, as in the player. */
function regular(count: number, w: number, h: number): Point[] {
  const points = Array.from({ length: count }, (_, i): Point => {
    const angle = -Math.PI / 2 + (2 * Math.PI * i) / count;
    return [(w / 2) * (1 + Math.cos(angle)), (h / 2) * (1 + Math.sin(angle))];
  });
  const left = Math.min(...points.map(([x]) => x));
  return points.map(([x, y]) => [x - left, y]);
}

/** Five points, half as deep as far, that fill the box but for some thousandths (GeoShapeUtil). */
function star(w: number, h: number): Point[] {
  const [across, down] = [Math.cos(Math.PI / 10), (1 + Math.cos(Math.PI / 5)) / 2];
  return Array.from({ length: 10 }, (_, i): Point => {
    const angle = -Math.PI / 2 + (Math.PI * i) / 5;
    const reach = i % 2 === 0 ? 1 : 0.5;
    return [
      (w / 2) * (1 + reach * (2 - across) * Math.cos(angle)),
      h * (1 - down / 2) + (h / 2) * reach * (2 - down) * Math.sin(angle),
    ];
  });
}

function oval(w: number, h: number): string {
  const r = Math.min(w, h) / 2;
  const [radius, near, right, bottom] = [r, r, w - r, h - r].map(round) as [number, number, number, number];
  const arc = (to: string): string => `A${radius} ${radius} 0 1 1 ${to}`;
  return h > w
    ? `M0 ${near}${arc(`${round(w)} ${near}`)}V${bottom}${arc(`0 ${bottom}`)}Z`
    : `M${near} 0H${right}${arc(`${right} ${round(h)}`)}H${near}${arc(`${near} 0`)}Z`;
}

/** Its head takes 0.38 of the shorter side, its shaft leaves 0.16 on both. Where its corners begin differs by its direction. */
function thickArrow(kind: string, w: number, h: number): Point[] {
  const upright = kind === 'arrow-up' || kind === 'arrow-down';
  const [length, breadth] = upright ? [h, w] : [w, h];
  const [neck, margin] = [length - Math.min(w, h) * 0.38, breadth * 0.16];
  const right = at(
    [0, margin],
    [neck, margin],
    [neck, 0],
    [length, breadth / 2],
    [neck, breadth],
    [neck, breadth - margin],
    [0, breadth - margin],
  );
  const from = (points: readonly Point[], first: number): Point[] => [
    ...points.slice(first),
    ...points.slice(0, first),
  ];
  switch (kind) {
    case 'arrow-left':
      return from(right.map(([x, y]): Point => [w - x, y]).reverse(), 4);
    case 'arrow-up':
      return from(right, 3).map(([x, y]): Point => [y, h - x]);
    case 'arrow-down':
      return from(right, 6).map(([x, y]): Point => [w - y, x]);
    default:
      return right;
  }
}
