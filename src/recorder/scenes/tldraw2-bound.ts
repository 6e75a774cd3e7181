import { asRecord } from '../../kit/record.js';
import type { TldrawShape } from '../timeline/presentation.js';
import { geoCorners } from './tldraw2-geo.js';
import type { Point } from './svg-markup.js';
import { seenStretch, type End, type Relation, type Target } from './tldraw2-stretch.js';
import { strokeWidth, textSize } from './tldraw2-style.js';
import { arcThrough } from './tldraw2-way.js';
import { linePoints, listOf, numberOf, textValue, wordsOf, type Values } from './tldraw-values.js';

/* Ends of arrows that hold on to shapes (editor/shapes/shared/arrow of @bigbluebutton/editor 2.0.0-alpha.25). */

/** A shape with the frames and groups around it, outermost first. */
export interface Placed {
  readonly shape: TldrawShape;
  readonly within: readonly TldrawShape[];
}
export type Bound = Readonly<Partial<Record<End, Placed>>>;

export interface ArrowEnds {
  readonly start: Point;
  readonly end: Point;
  readonly bend: number;
}

/** Flatter ones are straight. */
const FLATTEST = 8;

/** Where an arrow begins and ends, in its own units: at its points, or at the outlines of what it is bound to. */
export function arrowEnds(arrow: Placed, bound: Bound): ArrowEnds {
  const props = asRecord(arrow.shape['props']);
  const said = numberOf(props['bend']);
  const bend = Math.abs(said) < FLATTEST ? 0 : said;
  const held = { start: heldBy(bound.start), end: heldBy(bound.end) };
  const relation = relationOf(held);
  const start = terminal(arrow, 'start', held.start, relation === 'same' || relation === 'end-inside');
  const end = terminal(arrow, 'end', held.end, relation === 'same' || relation === 'start-inside');
  const way = arcThrough(start, end, bend);
  if (way === null || (held.start === null && held.end === null)) return { start, end, bend };
  const ends = {
    start: targetOf(arrow, 'start', held.start, props['arrowheadStart'] ?? 'none'),
    end: targetOf(arrow, 'end', held.end, props['arrowheadEnd'] ?? 'arrow'),
  };
  return way.part(...seenStretch(way, ends, relation));
}

interface Outline {
  readonly points: readonly Point[];
  readonly isClosed: boolean;
}
/** A shape that an end holds on to, with its outline in its own units. */
type Held = Placed & Outline;

const heldBy = (target: Placed | undefined): Held | null =>
  target === undefined ? null : { ...target, ...outlineOf(target.shape) };

function targetOf(arrow: Placed, name: End, target: Held | null, head: unknown): Target | null {
  if (target === null) return null;
  const props = asRecord(arrow.shape['props']);
  const size = asRecord(target.shape['props'])['size'];
  const { points, isClosed } = target;
  return {
    outline: points.map((point) => fromPage(arrow, toPage(target, point))),
    isClosed,
    isExact: asRecord(props[name])['isExact'] === true,
    hasHead: textValue(head) !== 'none',
    lines: strokeWidth(props['size']) / 2 + (size === undefined ? 0 : strokeWidth(size) / 2),
  };
}

function terminal(arrow: Placed, name: End, target: Held | null, isPrecise: boolean): Point {
  const value = asRecord(asRecord(arrow.shape['props'])[name]);
  if (target === null) return [numberOf(value['x']), numberOf(value['y'])];
  const anchor = asRecord(value['normalizedAnchor']);
  const { left, top, right, bottom } = boundsOf(target.points);
  const share = (part: unknown): number =>
    isPrecise || value['isPrecise'] !== false ? numberOf(part, 0.5) : 0.5;
  return fromPage(
    arrow,
    toPage(target, [left + share(anchor['x']) * (right - left), top + share(anchor['y']) * (bottom - top)]),
  );
}

function relationOf({ start, end }: Readonly<Record<End, Held | null>>): Relation {
  if (start === null || end === null) return 'apart';
  if (start.shape['id'] === end.shape['id']) return 'same';
  const [one, other] = [start, end].map((target) =>
    boundsOf(target.points.map((point) => toPage(target, point))),
  ) as [Bounds, Bounds];
  return contains(one, other) ? 'end-inside' : contains(other, one) ? 'start-inside' : 'apart';
}

interface Bounds {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const contains = (one: Bounds, other: Bounds): boolean =>
  one.left < other.left && one.top < other.top && one.right > other.right && one.bottom > other.bottom;

const boundsOf = (points: readonly Point[]): Bounds =>
  points.reduce<Bounds>(
    ({ left, top, right, bottom }, [x, y]) => ({
      left: Math.min(left, x),
      top: Math.min(top, y),
      right: Math.max(right, x),
      bottom: Math.max(bottom, y),
    }),
    { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity },
  );

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

/** The outline of a shape in its own units: of ink and of lines their way. */
function outlineOf(shape: TldrawShape): Outline {
  const props = asRecord(shape['props']);
  const [w, h] = [numberOf(props['w'], 100), numberOf(props['h'], 100) + numberOf(props['growY'])];
  switch (shape['type']) {
    case 'geo': {
      const kind = textValue(props['geo'], 'rectangle');
      const line = strokeWidth(props['size']);
      const outline = { kind, w: Math.max(1, w), h: Math.max(1, h), id: textValue(shape['id']) };
      return { points: geoCorners(outline, line), isClosed: true };
    }
    case 'draw':
      return wayOf(inkPoints(props), props['isClosed'] === true);
    case 'line':
      return wayOf(linePoints(props), false);
    case 'highlight':
      return box(boundsOf(wayOf(inkPoints(props), true).points));
    case 'note':
      return box({ left: 0, top: 0, right: 200, bottom: 200 + numberOf(props['growY']) });
    case 'text':
      return box(textBounds(props));
    default:
      return box({ left: 0, top: 0, right: w, bottom: h });
  }
}

const box = ({ left, top, right, bottom }: Bounds): Outline => ({
  points: [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ],
  isClosed: true,
});

/** As wide as it says; as high as its lines, where none is broken. */
function textBounds(props: Values): Bounds {
  const size = textSize(props['size']);
  const scale = numberOf(props['scale'], 1);
  const lines = wordsOf(props).split('\n').length;
  return { left: 0, top: 0, right: numberOf(props['w'], 100) * scale, bottom: lines * size * 1.35 * scale };
}

const inkPoints = (props: Values): Point[] =>
  listOf(props['segments'])
    .flatMap((segment) => listOf(asRecord(segment)['points']))
    .map(asRecord)
    .map(({ x, y }) => [numberOf(x), numberOf(y)]);

const wayOf = (points: readonly Point[], isClosed: boolean): Outline =>
  points.length < 2 ? box({ left: 0, top: 0, right: 1, bottom: 1 }) : { points, isClosed };
