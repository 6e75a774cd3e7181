import { hasDashes, pathOf, round, strokedPath, type Point, type Stroke } from './svg-markup.js';
import { table } from './tldraw-values.js';
import { dashedPath, dashedSides } from './tldraw2-dash.js';

/**
 * Outline of a geometric shape of tldraw 2 in a box; unknown ones are rectangles. By hand it is drawn twice, a little
 * beside itself and round at its corners.
 * @param line its width, and for a hand-drawn one what its unsteadiness follows from.
 */
export function geoOutline(
  kind: string,
  w: number,
  h: number,
  line: { readonly width: number; readonly hand: string | null },
): string {
  const round = ROUND[kind];
  if (round !== undefined) return round(w, h, line.width);
  const corners = cornersOf(kind, w, h);
  return line.hand === null ? pathOf(corners, true) : byHand(corners, line.width, line.hand);
}

/** The lines of a shape and its marks: dashes are spread over each side, over each bump of a cloud, or all around. */
export function geoLines(kind: string, w: number, h: number, stroke: Stroke, seed: string): string {
  const lines = { ...stroke, fill: 'none' };
  const marks = marksOf(kind, w, h, stroke);
  if (!hasDashes(stroke)) {
    const hand = stroke.dash === 'draw' ? seed : null;
    return strokedPath(
      geoOutline(kind, w, h, { width: stroke.width, hand }) + marks.map((mark) => pathOf(mark)).join(''),
      lines,
    );
  }
  const dashing = { start: 'gap', multipleOf: stroke.dash === 'dotted' ? 4 : 1 } as const;
  return (
    dashedOutline(kind, w, h, lines) +
    marks
      .map(([from, to]) =>
        dashedPath(pathOf([from, to]), Math.hypot(to[0] - from[0], to[1] - from[1]), lines, dashing),
      )
      .join('')
  );
}

function dashedOutline(kind: string, w: number, h: number, lines: Stroke): string {
  const round = ROUND[kind];
  if (round === undefined) return dashedSides(cornersOf(kind, w, h), lines);
  if (kind === 'cloud')
    return cloudBumps(w, h, lines.width)
      .map(({ from, arc, length }) => dashedPath(`${pathOf([from])}${arc}`, length, lines))
      .join('');
  const r = Math.min(w, h) / 2;
  const around = kind === 'oval' ? 2 * Math.PI * r + 2 * Math.abs(w - h) : ellipseLength(w / 2, h / 2);
  return dashedPath(round(w, h, lines.width), around < 64 ? around * 2 : around, lines, {
    isClosed: true,
    multipleOf: 4,
  });
}

/** Ramanujan's approximation. */
function ellipseLength(a: number, b: number): number {
  const q = (a - b) ** 2 / (a + b || 1) ** 2;
  return Math.PI * (a + b) * (1 + (3 * q) / (10 + Math.sqrt(4 - 3 * q)));
}

/** Corners of the outline as what an arrow meets; round shapes have many. */
export function geoCorners(kind: string, w: number, h: number): readonly Point[] {
  if (kind !== 'ellipse' && kind !== 'oval' && kind !== 'cloud') return cornersOf(kind, w, h);
  return Array.from({ length: 48 }, (_, i): Point => {
    const angle = (2 * Math.PI * i) / 48;
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
    const inset = dash === 'draw' ? Math.min(width * 0.62, w / 2, h / 2) : 0;
    return [
      [
        [inset, inset],
        [w - inset, h - inset],
      ],
      [
        [inset, h - inset],
        [w - inset, inset],
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

const ROUND = table<(w: number, h: number, line: number) => string>({
  ellipse: (w, h) =>
    `M0 ${round(h / 2)}a${round(w / 2)} ${round(h / 2)} 0 1 1 ${round(w)} 0a${round(w / 2)} ${round(h / 2)} 0 1 1 ${round(-w)} 0Z`,
  oval: (w, h) => oval(w, h),
  cloud: (w, h, line) => cloud(w, h, line),
  heart: (w, h) =>
    `M${round(w / 2)} ${round(h)}C${[-w * 0.2, h * 0.5, w * 0.1, -h * 0.15, w / 2, h * 0.25].map(round).join(' ')}C${[w * 0.9, -h * 0.15, w * 1.2, h * 0.5, w / 2, h].map(round).join(' ')}Z`,
});

/** Two strokes through corners moved by up to a third of the line's width, and rounded by twice of it. */
function byHand(corners: readonly Point[], width: number, seed: string): string {
  const next = random(seed);
  const stroke = (): string => {
    const shaken = corners.map(([x, y]): Point => [
      x + ((next() - 0.5) * 2 * width) / 3,
      y + ((next() - 0.5) * 2 * width) / 3,
    ]);
    const near = (from: Point, to: Point): Point => {
      const length = Math.hypot(to[0] - from[0], to[1] - from[1]) || 1;
      const part = Math.min(0.25, (2 * width) / length);
      return [from[0] + (to[0] - from[0]) * part, from[1] + (to[1] - from[1]) * part];
    };
    const pieces = shaken.map((corner, i) => {
      const before = shaken.at(i - 1) ?? corner;
      const after = shaken[(i + 1) % shaken.length] ?? corner;
      const text = (point: Point): string => point.map(round).join(' ');
      return `${i === 0 ? 'M' : 'L'}${text(near(corner, before))}Q${text(corner)} ${text(near(corner, after))}`;
    });
    return `${pieces.join('')}Z`;
  };
  return stroke() + stroke();
}

/** Numbers from 0 to 1 that follow from a text: the same shape is drawn the same in every picture. */
function random(seed: string): () => number {
  let state = 2166136261;
  for (let i = 0; i < seed.length; i++) state = Math.imul(state ^ seed.charCodeAt(i), 16777619);
  return () => {
    state = Math.imul(state ^ (state >>> 15), 2246822519) + 1;
    return ((state ^ (state >>> 13)) >>> 0) / 4294967296;
  };
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

/** Five points that fill the box, half as deep as far. */
function star(w: number, h: number): Point[] {
  const points = Array.from({ length: 10 }, (_, i): Point => {
    const angle = -Math.PI / 2 + (Math.PI * i) / 5;
    const reach = i % 2 === 0 ? 1 : 0.5;
    return [reach * Math.cos(angle), reach * Math.sin(angle)];
  });
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const [width, height] = [Math.max(...xs) - left, Math.max(...ys) - top];
  return points.map(([x, y]) => [((x - left) / width) * w, ((y - top) / height) * h]);
}

function oval(w: number, h: number): string {
  const r = Math.min(w, h) / 2;
  return `M${round(r)} 0H${round(w - r)}${w > h ? `A${round(r)} ${round(r)} 0 0 1 ${round(w - r)} ${round(h)}` : `A${round(r)} ${round(r)} 0 0 1 ${round(w)} ${round(r)}V${round(h - r)}A${round(r)} ${round(r)} 0 0 1 0 ${round(h - r)}V${round(r)}`}${w > h ? `H${round(r)}` : ''}A${round(r)} ${round(r)} 0 0 1 ${round(r)} 0Z`;
}

/** Lengths of a cloud's bumps, by the width of its line. */
const bumpLength = (line: number): number => (line > 5 ? 130 : line > 3.5 ? 100 : line > 2 ? 70 : 50);

/** Bumps along an ellipse, each standing out by a fifth of its length. */
function cloudBumps(w: number, h: number, line: number): { from: Point; arc: string; length: number }[] {
  const way = 2 * Math.abs(w - h) + Math.PI * Math.min(w, h);
  const bumps = Math.max(6, Math.ceil(way / bumpLength(line)), Math.ceil(way / Math.min(w, h)));
  const out = (way / bumps) * 0.2;
  const corner = (i: number): Point => {
    const angle = -Math.PI / 2 + (2 * Math.PI * i) / bumps;
    return [w / 2 + (w / 2 - out) * Math.cos(angle), h / 2 + (h / 2 - out) * Math.sin(angle)];
  };
  return Array.from({ length: bumps }, (_, i) => {
    const [from, to] = [corner(i), corner(i + 1)];
    const chord = Math.hypot(to[0] - from[0], to[1] - from[1]);
    const rise = Math.max(out, chord * 0.3);
    const radius = (rise * rise + (chord * chord) / 4) / (2 * rise);
    const length = 2 * radius * Math.asin(Math.min(1, chord / 2 / radius));
    return { from, arc: `A${round(radius)} ${round(radius)} 0 0 1 ${to.map(round).join(' ')}`, length };
  });
}

const cloud = (w: number, h: number, line: number): string => {
  const bumps = cloudBumps(w, h, line);
  return `M${(bumps[0]?.from ?? []).map(round).join(' ')}${bumps.map(({ arc }) => arc).join('')}Z`;
};

/** Its head takes 0.38 of the shorter side, its shaft leaves 0.16 on both. */
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
  return right.map(([x, y]): Point => {
    if (kind === 'arrow-left') return [w - x, y];
    if (kind === 'arrow-up') return [y, h - x];
    return upright ? [y, x] : [x, y];
  });
}
