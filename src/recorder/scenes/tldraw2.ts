import { localPath } from '../timeline/parse-shapes.js';
import type { TldrawShape } from '../timeline/presentation.js';
import { escapeXml } from '../timeline/xml-tree.js';
import type { StrokeOptions } from 'perfect-freehand';
import { freehandPath, strokeWay } from './freehand.js';
import { arrowPaths } from './tldraw2-arrow.js';
import { geoOutline } from './tldraw2-geo.js';
import {
  listOf,
  mix,
  numberOf,
  pathOf,
  placed,
  round,
  strokedPath,
  textMarkup,
  textValue,
  valuesOf,
  type Point,
  type Stroke,
  type Values,
} from './tldraw-values.js';

/** Line colour and pale filling of each colour name. */
const COLOURS: Readonly<Record<string, readonly [string, string]>> = {
  black: ['#1d1d1d', '#e8e8e8'],
  blue: ['#4263eb', '#dce1f8'],
  green: ['#099268', '#d3e9e3'],
  grey: ['#adb5bd', '#eceef0'],
  'light-blue': ['#4dabf7', '#ddedfa'],
  'light-green': ['#40c057', '#dbf0e0'],
  'light-red': ['#ff8787', '#f4dadb'],
  'light-violet': ['#e599f7', '#f5eafa'],
  orange: ['#f76707', '#f8e2d4'],
  red: ['#e03131', '#f4dadb'],
  violet: ['#ae3ec9', '#ecdcf2'],
  yellow: ['#ffc078', '#f9f0e6'],
  white: ['#ffffff', '#f5f5f5'],
};
const HIGHLIGHTS: Readonly<Record<string, string>> = {
  black: '#fddd00',
  grey: '#cbe7f1',
  'light-violet': '#ff88ff',
  violet: '#c77cff',
  blue: '#10acff',
  'light-blue': '#00f4ff',
  yellow: '#fddd00',
  orange: '#ffa500',
  green: '#00ffc8',
  'light-green': '#65f641',
  'light-red': '#ff7fa3',
  red: '#ff636e',
};
const STROKES: Readonly<Record<string, number>> = { s: 2, m: 3.5, l: 5, xl: 10 };
const TEXTS: Readonly<Record<string, number>> = { s: 18, m: 24, l: 36, xl: 44 };
const LABELS: Readonly<Record<string, number>> = { s: 18, m: 22, l: 26, xl: 32 };
const ARROW_LABELS: Readonly<Record<string, number>> = { s: 18, m: 20, l: 24, xl: 28 };
const FONTS: Readonly<Record<string, string>> = {
  draw: 'tldraw_draw',
  sans: 'tldraw_sans',
  serif: 'tldraw_serif',
  mono: 'tldraw_mono',
};
const LINE_HEIGHT = 1.35;
const GROUND = '#f9fafb';

interface Style extends Stroke {
  readonly name: string;
  readonly fillSolid: string;
  readonly size: string;
  readonly font: string;
  readonly labelColour: string;
}

/** A shape of tldraw 2 (BBB 3.0) as SVG in page units; unknown types give nothing. The pointer is no drawing. */
export function tldraw2Markup(shape: TldrawShape, within: readonly TldrawShape[] = []): string {
  const props = valuesOf(shape['props']);
  const inner = draw(textValue(shape['type']), props, styleOf(props), textValue(shape['id']));
  return within.reduceRight(
    (drawn, parent) => atPlaceOf(parent, clipped(drawn, parent)),
    atPlaceOf(shape, inner),
  );
}

/** A frame cuts off what stands over its edge; a group does not. */
function clipped(inner: string, { type, props }: TldrawShape): string {
  if (type !== 'frame' || inner === '') return inner;
  const { w, h } = valuesOf(props);
  return `<svg width="${round(numberOf(w, 160))}" height="${round(numberOf(h, 90))}" overflow="hidden">${inner}</svg>`;
}

function atPlaceOf(shape: TldrawShape, inner: string): string {
  return placed(
    inner,
    numberOf(shape['x']),
    numberOf(shape['y']),
    numberOf(shape['rotation']),
    [0, 0],
    numberOf(shape['opacity'], 1),
  );
}

function draw(type: string, props: Values, style: Style, seed: string): string {
  switch (type) {
    case 'draw':
      return drawStroke(props, style);
    case 'highlight':
      return highlight(props, style);
    case 'geo':
      return geo(props, style, seed);
    case 'line':
      return line(props, style);
    case 'arrow':
      return arrow(props, style);
    case 'text':
      return text(props, style);
    case 'note':
      return note(props, style);
    case 'frame':
      return frame(props);
    case 'poll':
      return poll(props);
    case 'image':
      return image(props);
    default:
      return '';
  }
}

function strokePoints(props: Values): number[][] {
  return listOf(props['segments']).flatMap((segment) =>
    listOf(valuesOf(segment)['points']).map((point) => {
      const { x, y, z } = valuesOf(point);
      return [numberOf(x), numberOf(y), numberOf(z, 0.5)];
    }),
  );
}

function drawStroke(props: Values, style: Style): string {
  const points = strokePoints(props);
  const [first] = points;
  if (first === undefined) return '';
  const scale = numberOf(props['scale'], 1);
  if (points.length === 1) {
    const [x = 0, y = 0] = first;
    return `<circle cx="${round(x)}" cy="${round(y)}" r="${round((style.width * scale) / 2 + 0.5)}" fill="${style.colour}"/>`;
  }
  const flat = points.map(([x = 0, y = 0]): Point => [x, y]);
  const closed = props['isClosed'] === true;
  const pen = props['isPen'] === true;
  const options: StrokeOptions = {
    size: 1 + style.width * scale * (pen ? 1.2 : 1),
    thinning: pen ? 0.62 : 0.5,
    streamline: pen ? 0.62 : 0.62 + ((1 + style.width) / 8) * 0.06,
    smoothing: 0.62,
    simulatePressure: !pen,
    easing: pen ? (t) => t * 0.65 + Math.sin((t * Math.PI) / 2) * 0.35 : (t) => Math.sin((t * Math.PI) / 2),
    last: props['isComplete'] === true,
  };
  const way = closed && style.fill !== 'none' ? filled(pathOf(strokeWay(points, options), true), style) : '';
  if (style.dash !== 'draw') return way + strokedPath(pathOf(flat, closed), { ...style, fill: 'none' });
  return `${way}<path d="${freehandPath(points, options)}" fill="${style.colour}"/>`;
}

function highlight(props: Values, style: Style): string {
  const flat = strokePoints(props).map(([x = 0, y = 0]): Point => [x, y]);
  if (flat.length === 0) return '';
  const points = flat.length === 1 ? [...flat, ...flat] : flat;
  const colour = HIGHLIGHTS[style.name] ?? '#fddd00';
  const width = (TEXTS[style.size] ?? 24) * 1.12 * numberOf(props['scale'], 1);
  return `<path d="${pathOf(points)}" fill="none" stroke="${colour}" stroke-width="${round(width)}" stroke-linecap="round" stroke-linejoin="round" opacity="0.35"/>`;
}

function geo(props: Values, style: Style, seed: string): string {
  const [w, h] = [numberOf(props['w'], 100), numberOf(props['h'], 100) + numberOf(props['growY'])];
  const kind = textValue(props['geo'], 'rectangle');
  const ground = filled(geoOutline(kind, w, h, { width: style.width, hand: null }).outline, style);
  const { outline, marks } = geoOutline(kind, w, h, {
    width: style.width,
    hand: style.dash === 'draw' ? seed : null,
  });
  const lines = strokedPath(outline + marks, { ...style, fill: 'none' });
  return ground + lines + label(props, style, w, h);
}

function label(
  props: Values,
  style: Style,
  width: number,
  height: number,
  { outlined = true, sizes = LABELS } = {},
): string {
  const value = textValue(props['text']);
  if (value === '') return '';
  const align = textValue(props['align'], 'middle');
  const vertical = textValue(props['verticalAlign'], 'middle');
  return textMarkup({
    x: 0,
    y: 0,
    width,
    height,
    text: value,
    font: style.font,
    size: sizes[style.size] ?? 22,
    lineHeight: LINE_HEIGHT,
    colour: style.labelColour,
    align: align.startsWith('start') ? 'left' : align.startsWith('end') ? 'right' : 'center',
    vertical: vertical === 'start' ? 'top' : vertical === 'end' ? 'bottom' : 'middle',
    padding: 16,
    ...(outlined ? { outline: GROUND } : {}),
  });
}

/** The ground of a closed shape; a pattern is a hatching of pale lines on the colour. */
function filled(d: string, { fill, name }: Style): string {
  if (fill !== 'pattern') return fill === 'none' ? '' : `<path d="${d}" fill="${fill}"/>`;
  const [colour] = COLOURS[name] ?? ['#1d1d1d'];
  const id = `hatch-${name.replace(/[^a-z-]/g, '')}`;
  return (
    `<defs><pattern id="${id}" width="8" height="8" patternUnits="userSpaceOnUse"><rect width="8" height="8" fill="#f8f9fa"/>` +
    `<path d="M0.67 2L2 0.67M3.33 4.67L4.67 3.33M6 7.33L7.33 6" stroke="${mix(colour, '#ffffff', 0.2)}" stroke-width="1.25" stroke-linecap="round"/></pattern></defs>` +
    `<path d="${d}" fill="url(#${id})"/>`
  );
}

/** Points of a line: a list in later alphas, start, end and handles by index before. */
function line(props: Values, style: Style): string {
  const handles = Object.values(valuesOf(props['points'] ?? props['handles'])).map(valuesOf);
  const points = handles
    .sort((a, b) => (textValue(a['index']) < textValue(b['index']) ? -1 : 1))
    .map((handle): Point => [numberOf(handle['x']), numberOf(handle['y'])]);
  if (points.length < 2) return '';
  const d = props['spline'] === 'cubic' && points.length > 2 ? smooth(points) : pathOf(points);
  return strokedPath(d, { ...style, fill: 'none' });
}

/** A curve through all points: each piece bends by a sixth of its neighbours' distance. */
function smooth(points: readonly Point[]): string {
  const at = (i: number): Point => points[Math.min(points.length - 1, Math.max(0, i))] ?? [0, 0];
  const pieces = points.slice(1).map((_, i) => {
    const [before, from, to, after] = [at(i - 1), at(i), at(i + 1), at(i + 2)];
    const one = [from[0] + (to[0] - before[0]) / 6, from[1] + (to[1] - before[1]) / 6];
    const two = [to[0] - (after[0] - from[0]) / 6, to[1] - (after[1] - from[1]) / 6];
    return `C${[...one, ...two, ...to].map(round).join(' ')}`;
  });
  return `M${at(0).map(round).join(' ')}${pieces.join('')}`;
}

function arrow(props: Values, style: Style): string {
  const end = (name: string): Point => {
    const value = valuesOf(props[name]);
    return [numberOf(value['x']), numberOf(value['y'])];
  };
  const paths = arrowPaths({
    start: end('start'),
    end: end('end'),
    bend: numberOf(props['bend']),
    startHead: textValue(props['arrowheadStart'], 'none'),
    endHead: textValue(props['arrowheadEnd'], 'arrow'),
    width: style.width,
  });
  if (paths === null) return '';
  const { body, heads, middle } = paths;
  const words = label({ ...props, align: 'middle', verticalAlign: 'middle' }, style, 400, 100, {
    sizes: ARROW_LABELS,
  }).replace(
    /^<foreignObject x="[^"]*" y="[^"]*"/,
    `<foreignObject x="${round(middle[0] - 200)}" y="${round(middle[1] - 50)}"`,
  );
  // Heads are never dashed.
  return (
    strokedPath(body, { ...style, fill: 'none' }) +
    strokedPath(heads, { ...style, fill: 'none', dash: 'solid' }) +
    words
  );
}

function text(props: Values, style: Style): string {
  const align = textValue(props['align'] ?? props['textAlign'], 'start');
  const auto = props['autoSize'] !== false;
  return textMarkup({
    x: 0,
    y: 0,
    width: auto ? null : numberOf(props['w'], 400),
    height: null,
    text: textValue(props['text']),
    font: style.font,
    size: (TEXTS[style.size] ?? 24) * numberOf(props['scale'], 1),
    lineHeight: LINE_HEIGHT,
    colour: style.colour,
    align: auto || align === 'start' ? 'left' : align === 'end' ? 'right' : 'center',
    vertical: 'top',
    padding: 0,
    outline: GROUND,
  });
}

function note(props: Values, style: Style): string {
  const size = 200;
  const height = size + numberOf(props['growY']);
  // The sheet is the colour under a veil of the ground.
  const colour = mix(style.name === 'black' ? (COLOURS['yellow']?.[0] ?? '') : style.fillSolid, GROUND, 0.28);
  return (
    `<rect x="0.5" y="0.5" width="${size - 1}" height="${round(height - 1)}" rx="6" fill="${colour}"/>` +
    label({ align: 'middle', ...props }, { ...style, labelColour: '#1d1d1d' }, size, height, {
      outlined: false,
    })
  );
}

function frame(props: Values): string {
  const [w, h] = [numberOf(props['w'], 160), numberOf(props['h'], 90)];
  const name = textValue(props['name']) || 'Frame';
  return (
    `<rect width="${round(w)}" height="${round(h)}" fill="#ffffff" stroke="#1d1d1d" stroke-width="1.5"/>` +
    `<svg x="-12" y="-52" width="${round(w + 12)}" height="46"><rect width="${round(name.length * 9.6 + 30)}" height="46" rx="3" fill="${GROUND}"/>` +
    `<text x="13" y="29.5" font-family="Arial" font-size="18" fill="#1d1d1d">${escapeXml(name)}</text></svg>`
  );
}

/** Results of a poll as a card: question, one bar per answer. */
function poll(props: Values): string {
  const [w, h] = [numberOf(props['w'], 300), numberOf(props['h'], 200)];
  const answers = listOf(props['answers']).map(valuesOf);
  const most = Math.max(1, ...answers.map((answer) => numberOf(answer['numVotes'])));
  const question = textValue(props['questionText']) || textValue(props['question']);
  const head = question === '' ? 0 : 32;
  const step = Math.max(1, (h - head - 16) / Math.max(1, answers.length));
  const rows = answers.map((answer, i) => {
    const votes = numberOf(answer['numVotes']);
    const y = head + 8 + i * step;
    const size = Math.min(18, step * 0.6);
    return (
      `<text x="12" y="${round(y + step * 0.65)}" font-family="Arial" font-size="${round(size)}" fill="#1d1d1d">${escapeXml(textValue(answer['key']))}</text>` +
      `<rect x="${round(w * 0.35)}" y="${round(y + step * 0.2)}" width="${round((w * 0.5 * votes) / most)}" height="${round(step * 0.6)}" fill="#333333"/>` +
      `<text x="${round(w * 0.88)}" y="${round(y + step * 0.65)}" font-family="Arial" font-size="${round(size)}" fill="#1d1d1d">${votes}</text>`
    );
  });
  return (
    `<rect width="${round(w)}" height="${round(h)}" fill="#ffffff" stroke="#1d1d1d" stroke-width="2"/>` +
    (question === ''
      ? ''
      : `<text x="12" y="26" font-family="Arial" font-size="18" font-weight="bold" fill="#1d1d1d">${escapeXml(question)}</text>`) +
    rows.join('')
  );
}

function image(props: Values): string {
  const path = localPath(textValue(props['src']) || textValue(props['url']));
  if (path === null) return '';
  return `<image href="${escapeXml(path)}" width="${round(numberOf(props['w']))}" height="${round(numberOf(props['h']))}" preserveAspectRatio="none"/>`;
}

function styleOf(props: Values): Style {
  const name = textValue(props['color'], 'black');
  const [solid, pale] = COLOURS[name] ?? ['#1d1d1d', '#e8e8e8'];
  const [labelColour] = COLOURS[textValue(props['labelColor'], 'black')] ?? ['#1d1d1d'];
  const dash = textValue(props['dash'], 'draw');
  const size = textValue(props['size'], 'm');
  const fill = textValue(props['fill'], 'none');
  return {
    name,
    size,
    colour: solid,
    labelColour,
    width: STROKES[size] ?? 3.5,
    dash: dash === 'dashed' || dash === 'dotted' || dash === 'solid' ? dash : 'draw',
    fill: fill === 'none' || fill === 'pattern' ? fill : fill === 'semi' ? '#fcfffe' : pale,
    fillSolid: solid,
    font: FONTS[textValue(props['font'], 'draw')] ?? 'tldraw_draw',
  };
}
