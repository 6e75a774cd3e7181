import { asRecord } from '../../kit/record.js';
import type { TldrawShape } from '../timeline/presentation.js';
import type { Point } from './svg-markup.js';
import { arcThrough, type Way } from './tldraw2-way.js';
import { geoCorners } from './tldraw2-geo.js';
import { listOf, numberOf, table, textValue, wordsOf, type Values } from './tldraw-values.js';

/* Ends of arrows that hold on to shapes (editor/shapes/shared/arrow of @bigbluebutton/editor 2.0.0-alpha.25). */

/** A shape with the frames and groups around it, outermost first. */
export interface Placed {
  readonly shape: TldrawShape;
  readonly within: readonly TldrawShape[];
}
export type Bound = Readonly<Partial<Record<'start' | 'end', Placed>>>;

export interface ArrowEnds {
  readonly start: Point;
  readonly end: Point;
  readonly bend: number;
}

/** Room between a head and the outline that it points at. */
const GAP = 10;
const SHORTEST = 10;
/** Flatter ones are straight. */
const FLATTEST = 8;
const TEXTS = table<number>({ s: 18, m: 24, l: 36, xl: 44 });
const STROKES = table<number>({ s: 2, m: 3.5, l: 5, xl: 10 });

/** Where an arrow begins and ends, in its own units: at its points, or at the outlines of what it is bound to. */
export function arrowEnds(arrow: Placed, bound: Bound): ArrowEnds {
  const props = asRecord(arrow.shape['props']);
  const bend = numberOf(props['bend']);
  const isSame = bound.start !== undefined && bound.start.shape['id'] === bound.end?.shape['id'];
  const terminal = (name: 'start' | 'end'): Point => {
    const value = asRecord(props[name]);
    const target = bound[name];
    if (target === undefined) return [numberOf(value['x']), numberOf(value['y'])];
    const anchor = asRecord(value['normalizedAnchor']);
    const isPrecise = value['isPrecise'] !== false || isSame;
    const { left, top, width, height } = boundsOf(target.shape);
    const at = (part: unknown, from: number, size: number): number =>
      from + (isPrecise ? numberOf(part, 0.5) : 0.5) * size;
    return fromPage(arrow, toPage(target, [at(anchor['x'], left, width), at(anchor['y'], top, height)]));
  };
  const [start, end] = [terminal('start'), terminal('end')];
  const way = arcThrough(start, end, Math.abs(bend) < FLATTEST ? 0 : bend);
  if (way === null || (bound.start === undefined && bound.end === undefined))
    return { start, end, bend: Math.abs(bend) < FLATTEST ? 0 : bend };
  const isHeld = (name: 'start' | 'end'): boolean =>
    bound[name] !== undefined && asRecord(props[name])['isExact'] !== true;
  const gap = (name: 'start' | 'end', head: unknown): number => {
    const target = bound[name];
    if (target === undefined || !isHeld(name) || isSame || textValue(head) === 'none') return 0;
    const size = asRecord(target.shape['props'])['size'];
    const outline = size === undefined ? 0 : (STROKES[textValue(size)] ?? 3.5);
    return GAP + (STROKES[textValue(props['size'], 'm')] ?? 3.5) / 2 + outline / 2;
  };
  const inside = (name: 'start' | 'end'): ((point: Point) => boolean) => {
    const target = bound[name];
    if (target === undefined || !isHeld(name)) return () => false;
    const outline = outlineOf(target.shape).map((point) => fromPage(arrow, toPage(target, point)));
    return (point) => isInside(point, outline);
  };
  return trimmed(
    way,
    [inside('start'), inside('end')],
    [gap('start', props['arrowheadStart'] ?? 'none'), gap('end', props['arrowheadEnd'] ?? 'arrow')],
  );
}

/** Without what lies in the shapes at its ends, nor in the room before them. */
function trimmed(
  way: Way,
  [inStart, inEnd]: readonly [(point: Point) => boolean, (point: Point) => boolean],
  [gapStart, gapEnd]: readonly [number, number],
): ArrowEnds {
  const steps = 400;
  let first = 0;
  while (first < steps && inStart(way.at(first / steps))) first++;
  let last = steps;
  while (last > 0 && inEnd(way.at(last / steps))) last--;
  // What lies wholly in the other shape goes from its own point.
  const from = first === steps ? 0 : first / steps;
  const to = last === 0 ? 1 : last / steps;
  const length = Math.max(1e-6, way.length);
  const room = (to - from) * length - gapStart - gapEnd;
  const [a, b] = room < SHORTEST ? [from, to] : [from + gapStart / length, to - gapEnd / length];
  return a < b ? way.part(a, b) : way.part(0, 1);
}

const placesOf = ({ within, shape }: Placed): readonly TldrawShape[] => [...within, shape];

function toPage(placed: Placed, point: Point): Point {
  return placesOf(placed).reduceRight<Point>(([x, y], shape) => {
    const [cos, sin] = turnOf(shape);
    return [numberOf(shape['x']) + x * cos - y * sin, numberOf(shape['y']) + x * sin + y * cos];
  }, point);
}

function fromPage(placed: Placed, point: Point): Point {
  return placesOf(placed).reduce<Point>(([x, y], shape) => {
    const [cos, sin] = turnOf(shape);
    const [dx, dy] = [x - numberOf(shape['x']), y - numberOf(shape['y'])];
    return [dx * cos + dy * sin, -dx * sin + dy * cos];
  }, point);
}

const turnOf = (shape: TldrawShape): readonly [number, number] => {
  const angle = numberOf(shape['rotation']);
  return [Math.cos(angle), Math.sin(angle)];
};

function outlineOf(shape: TldrawShape): readonly Point[] {
  const props = asRecord(shape['props']);
  const { left, top, width, height } = boundsOf(shape);
  if (shape['type'] === 'geo') {
    const kind = textValue(props['geo'], 'rectangle');
    const line = STROKES[textValue(props['size'], 'm')] ?? 3.5;
    return geoCorners({ kind, w: width, h: height, id: textValue(shape['id']) }, line);
  }
  return [
    [left, top],
    [left + width, top],
    [left + width, top + height],
    [left, top + height],
  ];
}

function boundsOf(shape: TldrawShape): { left: number; top: number; width: number; height: number } {
  const props = asRecord(shape['props']);
  const box = (width: number, height: number) => ({ left: 0, top: 0, width, height });
  switch (shape['type']) {
    case 'note':
      return box(200, 200 + numberOf(props['growY']));
    case 'text':
      return textBox(props);
    case 'draw':
    case 'highlight':
    case 'line':
      return pointsBox(props);
    default:
      return box(numberOf(props['w'], 100), numberOf(props['h'], 100) + numberOf(props['growY']));
  }
}

/** As wide as it says; as high as its lines, where none is broken. */
function textBox(props: Values): ReturnType<typeof boundsOf> {
  const size = TEXTS[textValue(props['size'], 'm')] ?? 24;
  const scale = numberOf(props['scale'], 1);
  const lines = wordsOf(props).split('\n').length;
  return { left: 0, top: 0, width: numberOf(props['w'], 100) * scale, height: lines * size * 1.35 * scale };
}

function pointsBox(props: Values): ReturnType<typeof boundsOf> {
  const points = [
    ...listOf(props['segments']).flatMap((segment) => listOf(asRecord(segment)['points'])),
    ...Object.values(asRecord(props['points'] ?? props['handles'])),
  ].map(asRecord);
  const xs = points.map(({ x }) => numberOf(x));
  const ys = points.map(({ y }) => numberOf(y));
  const [left, top] = [
    xs.reduce((a, b) => Math.min(a, b), Infinity),
    ys.reduce((a, b) => Math.min(a, b), Infinity),
  ];
  if (!Number.isFinite(left)) return { left: 0, top: 0, width: 1, height: 1 };
  const [right, bottom] = [
    xs.reduce((a, b) => Math.max(a, b), left),
    ys.reduce((a, b) => Math.max(a, b), top),
  ];
  return { left, top, width: Math.max(1, right - left), height: Math.max(1, bottom - top) };
}

function isInside([x, y]: Point, outline: readonly Point[]): boolean {
  let inside = false;
  outline.forEach(([ax, ay], i) => {
    const [bx, by] = outline[(i + 1) % outline.length] ?? [ax, ay];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  });
  return inside;
}
