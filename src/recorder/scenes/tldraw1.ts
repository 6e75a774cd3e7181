import type { TldrawShape } from '../timeline/presentation.js';
import { freehandPath } from './freehand.js';
import {
  mix,
  pathOf,
  pictureMarkup,
  placed,
  round,
  strokedPath,
  textMarkup,
  type Point,
} from './svg-markup.js';
import { isValues, listOf, numberOf, textValue, valuesOf } from './tldraw-values.js';
import { styleOf, type Style } from './tldraw1-style.js';

/** A shape of tldraw 1 (BBB 2.6 and 2.7) as SVG in page units; unknown types give nothing. */
export function tldraw1Markup(shape: TldrawShape): string {
  const [px, py] = pairOf(shape['point']);
  const style = styleOf(valuesOf(shape['style']));
  const rotation = numberOf(shape['rotation']);
  const drawn = draw(shape, style);
  if (drawn === null) return '';
  const { inner, centre, shift = [0, 0] } = drawn;
  return placed(inner, px + shift[0], py + shift[1], rotation, centre);
}

interface Drawn {
  readonly inner: string;
  readonly centre: Point;
  readonly shift?: Point;
}

function draw(shape: TldrawShape, style: Style): Drawn | null {
  switch (shape['type']) {
    case 'draw':
    case 'highlight':
      return drawStroke(shape, style);
    case 'rectangle':
      return labelled(shape, style, (w, h) => roundedRectangle(w, h, style));
    case 'triangle':
      return labelled(shape, style, (w, h) =>
        strokedPath(
          pathOf(
            [
              [w / 2, 0],
              [w, h],
              [0, h],
            ],
            true,
          ),
          style,
        ),
      );
    case 'ellipse':
      return ellipse(shape, style);
    case 'arrow':
    case 'line':
      return arrow(shape, style);
    case 'text':
      return text(shape, style);
    case 'sticky':
      return sticky(shape, style);
    case 'image':
      return image(shape);
    default:
      return null;
  }
}

/** The whiteboard places a stroke by its bounds: points that are not normalised to start at 0 shift it. */
function drawStroke(shape: TldrawShape, style: Style): Drawn | null {
  const points = listOf(shape['points'])
    .map((point) => listOf(point).map((value) => numberOf(value)))
    .filter((point) => point.length >= 2);
  if (points.length === 0) return null;
  const xs = points.map(([x = 0]) => x);
  const ys = points.map(([, y = 0]) => y);
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
  const shift: Point = [left, top];
  const centre: Point = [(right - left) / 2, (bottom - top) / 2];
  if (right - left <= style.width / 2 && bottom - top <= style.width / 2) {
    return { inner: `<circle r="${round(1 + style.width)}" fill="${style.colour}"/>`, centre, shift };
  }
  const inner =
    style.dash === 'draw' || style.dash === 'none'
      ? freehand(points, style, shape['isComplete'] === true)
      : strokedPath(pathOf(points.map(([x = 0, y = 0]) => [x, y])), { ...style, fill: 'none' });
  const ground =
    style.fill === 'none'
      ? ''
      : `<path d="${pathOf(
          points.map(([x = 0, y = 0]) => [x, y]),
          true,
        )}" fill="${style.fill}"/>`;
  return { inner: ground + inner, centre, shift };
}

function freehand(points: readonly number[][], style: Style, complete: boolean): string {
  const simulated = (points[1]?.[2] ?? 0.5) === 0.5;
  const d = freehandPath(points, {
    size: 1 + style.width * 1.5,
    thinning: 0.65,
    streamline: 0.65,
    smoothing: 0.65,
    simulatePressure: simulated,
    easing: simulated ? (t) => Math.sin((t * Math.PI) / 2) : (t) => t * t,
    last: complete,
  });
  return `<path d="${d}" fill="${style.colour}" stroke="${style.colour}" stroke-width="${round(style.width / 2)}" stroke-linejoin="round" stroke-linecap="round"/>`;
}

function roundedRectangle(width: number, height: number, style: Style): string {
  const inset = style.width / 2;
  const [w, h] = [Math.max(0, width - style.width), Math.max(0, height - style.width)];
  const radius = Math.min(w / 4, h / 4, style.width * 2);
  const d =
    `M${round(inset + radius)} ${round(inset)}h${round(w - 2 * radius)}q${round(radius)} 0 ${round(radius)} ${round(radius)}` +
    `v${round(h - 2 * radius)}q0 ${round(radius)} ${round(-radius)} ${round(radius)}h${round(2 * radius - w)}` +
    `q${round(-radius)} 0 ${round(-radius)} ${round(-radius)}v${round(2 * radius - h)}q0 ${round(-radius)} ${round(radius)} ${round(-radius)}Z`;
  return strokedPath(d, style.dash === 'draw' ? { ...style, width: style.width * 1.35 } : style);
}

function labelled(shape: TldrawShape, style: Style, outline: (w: number, h: number) => string): Drawn {
  const [width, height] = pairOf(shape['size']);
  return {
    inner: outline(width, height) + label(shape, style, width, height),
    centre: [width / 2, height / 2],
  };
}

function label(shape: TldrawShape, style: Style, width: number, height: number): string {
  const value = textValue(shape['label']);
  if (value === '') return '';
  const [atX, atY] = pairOf(shape['labelPoint'], [0.5, 0.5]);
  return textMarkup({
    x: (atX - 0.5) * width,
    y: (atY - 0.5) * height,
    width,
    height,
    text: value,
    font: style.font,
    size: style.textSize,
    lineHeight: 1,
    colour: style.colour,
    align: 'center',
    vertical: 'middle',
    padding: 4,
  });
}

function ellipse(shape: TldrawShape, style: Style): Drawn {
  const [rx, ry] = pairOf(shape['radius']);
  const inset = style.width / 2;
  const d = `M${round(inset)} ${round(ry)}a${round(rx - inset)} ${round(ry - inset)} 0 1 1 ${round(2 * (rx - inset))} 0a${round(rx - inset)} ${round(ry - inset)} 0 1 1 ${round(-2 * (rx - inset))} 0Z`;
  return {
    inner:
      strokedPath(d, style.dash === 'draw' ? { ...style, width: style.width * 1.35 } : style) +
      label(shape, style, 2 * rx, 2 * ry),
    centre: [rx, ry],
  };
}

function arrow(shape: TldrawShape, style: Style): Drawn {
  const handles = valuesOf(shape['handles']);
  const end = (name: string): Point => pairOf(valuesOf(handles[name])['point']);
  const [start, stop, bend] = [end('start'), end('end'), end('bend')];
  const bent = Math.abs(numberOf(shape['bend'])) > 0.001 && handles['bend'] !== undefined;
  // The bend handle lies on the curve's middle; the control point of a quadratic is twice as far out.
  const control: Point = [2 * bend[0] - (start[0] + stop[0]) / 2, 2 * bend[1] - (start[1] + stop[1]) / 2];
  const line = bent
    ? `M${round(start[0])} ${round(start[1])}Q${round(control[0])} ${round(control[1])} ${round(stop[0])} ${round(stop[1])}`
    : pathOf([start, stop]);
  const decorations = valuesOf(shape['decorations']);
  const heads = (['start', 'end'] as const).flatMap((side) => {
    if (decorations[side] !== 'arrow') return [];
    const tip = side === 'start' ? start : stop;
    const from = bent ? control : side === 'start' ? stop : start;
    return [arrowHead(tip, from, style.width * 5)];
  });
  return {
    inner: strokedPath(line + heads.join(''), { ...style, fill: 'none', width: style.width * 1.35 }),
    centre: [(start[0] + stop[0]) / 2, (start[1] + stop[1]) / 2],
  };
}

/** Two strokes from the tip backwards, 30 degrees off the line. */
function arrowHead(tip: Point, from: Point, size: number): string {
  const distance = Math.hypot(from[0] - tip[0], from[1] - tip[1]);
  const length = Math.min(size, distance / 2);
  const angle = Math.atan2(from[1] - tip[1], from[0] - tip[0]);
  const side = (turn: number): Point => [
    tip[0] + length * Math.cos(angle + turn),
    tip[1] + length * Math.sin(angle + turn),
  ];
  return pathOf([side(Math.PI / 6), tip, side(-Math.PI / 6)]);
}

function text(shape: TldrawShape, style: Style): Drawn {
  return {
    inner: textMarkup({
      x: 0,
      y: 0,
      width: null,
      height: null,
      text: textValue(shape['text']),
      font: style.font,
      size: style.textSize,
      lineHeight: 1,
      colour: style.colour,
      align: style.align,
      vertical: 'top',
      padding: 4,
    }),
    centre: [0, 0],
  };
}

function sticky(shape: TldrawShape, style: Style): Drawn {
  const [width, height] = pairOf(shape['size'], [200, 200]);
  const ground = `<rect width="${round(width)}" height="${round(height)}" rx="3" fill="${mix(style.colour, '#fafafa', 0.45)}"/>`;
  return {
    inner:
      ground +
      textMarkup({
        x: 0,
        y: 0,
        width,
        height,
        text: textValue(shape['text']),
        font: style.font,
        size: style.stickyTextSize,
        lineHeight: 1,
        colour: '#1d1d1d',
        align: style.align,
        vertical: 'top',
        padding: 16,
      }),
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
  if (isValues(value)) return [numberOf(value['x'], otherwise[0]), numberOf(value['y'], otherwise[1])];
  return otherwise;
}
