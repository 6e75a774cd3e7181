import { greatest, least } from '../../kit/extremes.js';
import { asRecord, isRecord } from '../../kit/record.js';
import type { TldrawShape } from '../timeline/presentation.js';
import { earlyWay, strokeOutline, strokeWay } from './freehand.js';
import { apart, pictureMarkup, placed, round, type Point } from './svg-markup.js';
import { listOf, numberOf, textValue } from './tldraw-values.js';
import { arrowMarkup, arrowPoints } from './tldraw1-arrow.js';
import { ellipseMarkup, rectangleMarkup, triangleMarkup } from './tldraw1-outline.js';
import { styleOf, type Style } from './tldraw1-style.js';
import { roughSize, stickyNote, textAround, textAt } from './tldraw1-text.js';

/**
 * A shape of tldraw 1 (BBB 2.6 and 2.7) as SVG in page units; unknown types give nothing.
 * @param early its font was not loaded yet when the player measured its words.
 */
export function tldraw1Markup(shape: TldrawShape, early = false): string {
  const [px, py] = pairOf(shape['point']);
  const style = styleOf(asRecord(shape['style']));
  const rotation = numberOf(shape['rotation']);
  const drawn = DRAW.get(textValue(shape['type']))?.(shape, style, early) ?? null;
  if (drawn === null) return '';
  const { inner, centre, shift = [0, 0] } = drawn;
  return placed(inner, px + shift[0], py + shift[1], centre === null ? 0 : rotation, centre ?? [0, 0]);
}

interface Drawn {
  readonly inner: string;
  /** What it turns about; null when it is turned by itself. */
  readonly centre: Point | null;
  readonly shift?: Point;
}

type Draw = (shape: TldrawShape, style: Style, early: boolean) => Drawn | null;

/** What draws each type of shape. */
const DRAW = new Map<string, Draw>([
  ['draw', drawStroke],
  ['highlight', drawStroke],
  ['rectangle', labelled(rectangleMarkup)],
  ['triangle', labelled(triangleMarkup)],
  ['ellipse', labelled((width, height, style, id) => ellipseMarkup(width / 2, height / 2, style, id))],
  ['arrow', arrow],
  ['line', arrow],
  ['text', text],
  ['sticky', sticky],
  ['image', image],
]);

/** Types that are drawn; a group is what it holds. Read of tldraw 1.2x (packages/tldraw/src/state/shapes). */
export const tldraw1Types: ReadonlySet<string> = new Set([...DRAW.keys(), 'group']);

/** An outline with its words. An ellipse has two radii instead of a size. */
function labelled(outline: (width: number, height: number, style: Style, id: string) => string): Draw {
  return (shape, style, early) => {
    const [rx, ry] = pairOf(shape['radius']);
    const [width, height] = shape['type'] === 'ellipse' ? [2 * rx, 2 * ry] : pairOf(shape['size']);
    return {
      inner:
        outline(width, height, style, textValue(shape['id'])) + label(shape, style, width, height, early),
      centre: [width / 2, height / 2],
    };
  };
}

/** The whiteboard places a stroke by its bounds: points that are not normalised to start at 0 shift it. */
function drawStroke(shape: TldrawShape, style: Style): Drawn | null {
  const points = listOf(shape['points'])
    .map((point) => listOf(point).map((value) => numberOf(value)))
    .filter((point) => point.length >= 2);
  if (points.length === 0) return null;
  const xs = points.map(([x = 0]) => x);
  const ys = points.map(([, y = 0]) => y);
  const [left, right] = [least(xs), greatest(xs)];
  const [top, bottom] = [least(ys), greatest(ys)];
  const shift: Point = [left, top];
  const centre: Point = [(right - left) / 2, (bottom - top) / 2];
  if (right - left <= style.width / 2 && bottom - top <= style.width / 2) {
    return { inner: `<circle r="${round(1.5 + style.width)}" fill="${style.colour}"/>`, centre, shift };
  }
  return { inner: strokeMarkup(points, style, shape['isComplete'] === true), centre, shift };
}

/** Fillings and dashes follow the smoothed way of the pen; only what comes back to its start is filled. */
function strokeMarkup(points: readonly (readonly number[])[], style: Style, complete: boolean): string {
  const simulated = (points[1]?.[2] ?? 0.5) === 0.5;
  const options = {
    size: 1 + style.width * 1.5,
    thinning: 0.65,
    streamline: 0.65,
    smoothing: 0.65,
    simulatePressure: simulated,
    easing: simulated ? (t: number) => Math.sin((t * Math.PI) / 2) : (t: number) => t * t,
    last: complete,
  };
  const way = strokeWay(points, options);
  const [first = [], last = []] = [points[0], points.at(-1)];
  const closed =
    points.length > 3 &&
    Math.hypot((last[0] ?? 0) - (first[0] ?? 0), (last[1] ?? 0) - (first[1] ?? 0)) < style.width * 2;
  const ground = (d: string): string =>
    style.fill === 'none' || !closed ? '' : `<path d="${d}" fill="${style.fill}"/>`;
  if (style.dash === 'draw')
    return `${ground(earlyWay(way, true))}<path d="${earlyWay(strokeOutline(points, options), true)}" fill="${style.colour}" stroke="${style.colour}" stroke-width="${round(style.width / 2)}" stroke-linejoin="round" stroke-linecap="round"/>`;
  const end: Point = [last[0] ?? 0, last[1] ?? 0];
  // A stroke that comes back to its very start ends before it.
  const isBack = way[0]?.[0] === end[0] && way[0][1] === end[1];
  const line = earlyWay(isBack ? way : [...way, end], false);
  const dashes = {
    solid: '',
    none: '',
    dotted: ` stroke-dasharray="0.1 ${round(style.width * 4)}"`,
    dashed: ` stroke-dasharray="${round(style.width * 4)} ${round(style.width * 4)}"`,
  }[style.dash];
  return `${ground(line)}<path d="${line}" fill="none" stroke="${style.colour}" stroke-width="${round(options.size)}" stroke-linejoin="round" stroke-linecap="round"${dashes}/>`;
}

/** Words over a shape: a box of their own, never broken by the shape's sides. */
function label(shape: TldrawShape, style: Style, width: number, height: number, early: boolean): string {
  const [atX, atY] = pairOf(shape['labelPoint'], [0.5, 0.5]);
  // In a triangle three quarters of the way to its centre of gravity (TriangleUtil).
  const down = shape['type'] === 'triangle' ? (height / 6) * 0.72 : 0;
  return textAround(atX * width, atY * height + down, {
    text: textValue(shape['label']),
    size: style.textSize,
    style,
    align: 'center',
    early,
  });
}

/** Words in the middle of an arrow take the line away under them, and shrink where it is short. */
function arrow(shape: TldrawShape, style: Style, early: boolean): Drawn {
  const id = textValue(shape['id']);
  const handles = asRecord(shape['handles']);
  const end = (name: string): Point => pairOf(asRecord(handles[name])['point']);
  const [start, stop] = [end('start'), end('end')];
  const straight: Point = [(start[0] + stop[0]) / 2, (start[1] + stop[1]) / 2];
  const bend = handles['bend'] === undefined ? straight : end('bend');
  const decorations = asRecord(shape['decorations']);
  const heads = { start: decorations['start'] === 'arrow', end: decorations['end'] === 'arrow' };
  const lines = arrowMarkup({ start, end: stop, bend, heads }, style, id);
  const points = arrowPoints({ start, end: stop, bend });
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  // Placed by its bounds, as a stroke is.
  const shift: Point = [least(xs), least(ys)];
  const centre: Point = [(greatest(xs) - shift[0]) / 2, (greatest(ys) - shift[1]) / 2];
  const words = textValue(shape['label']);
  if (words === '') return { inner: lines, centre, shift };
  const length = apart(start, stop);
  const [w, h] = roughSize(words, style);
  const scale = Math.max(0.5, Math.min(1, Math.max(length / (h + 128), length / (w + 128))));
  const mask = `label-${id.replace(/[^\w-]/g, '')}`;
  const room = `<mask id="${mask}" maskUnits="userSpaceOnUse" x="-5000" y="-5000" width="10000" height="10000"><rect x="-5000" y="-5000" width="10000" height="10000" fill="#fff"/><rect x="${round(bend[0] - (w * scale) / 2)}" y="${round(bend[1] - (h * scale) / 2)}" width="${round(w * scale)}" height="${round(h * scale)}" rx="4" fill="#000"/></mask>`;
  const text = textAround(
    bend[0],
    bend[1],
    { text: words, size: style.textSize, style, align: 'center', early },
    scale,
  );
  return { inner: `${room}<g mask="url(#${mask})">${lines}</g>${text}`, centre, shift };
}

function text(shape: TldrawShape, style: Style, early: boolean): Drawn {
  const words = textValue(shape['text']);
  // Only the browser knows where its middle is.
  return {
    inner: textAt(
      0,
      0,
      { text: words, size: style.textSize, style, align: style.align, early },
      numberOf(shape['rotation']),
    ),
    centre: null,
  };
}

function sticky(shape: TldrawShape, style: Style): Drawn {
  const [width, height] = pairOf(shape['size'], [200, 200]);
  return {
    inner: stickyNote(width, height, textValue(shape['text']), style),
    centre: [width / 2, height / 2],
  };
}

function image(shape: TldrawShape): Drawn {
  const [width, height] = pairOf(shape['size']);
  return {
    inner: pictureMarkup(textValue(shape['src']) || textValue(shape['url']), width, height),
    centre: [width / 2, height / 2],
  };
}

function pairOf(value: unknown, otherwise: Point = [0, 0]): Point {
  if (Array.isArray(value)) return [numberOf(value[0], otherwise[0]), numberOf(value[1], otherwise[1])];
  if (isRecord(value)) return [numberOf(value['x'], otherwise[0]), numberOf(value['y'], otherwise[1])];
  return otherwise;
}
