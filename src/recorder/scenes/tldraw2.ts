import { localPath } from '../timeline/parse-shapes.js';
import type { TldrawShape } from '../timeline/presentation.js';
import { escapeXml } from '../timeline/xml-tree.js';
import { freehandPath } from './freehand.js';
import { geoOutline } from './tldraw2-geo.js';
import { arrowHead } from './tldraw1.js';
import {
  listOf,
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
  const inner = draw(textValue(shape['type']), props, styleOf(props));
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

function draw(type: string, props: Values, style: Style): string {
  switch (type) {
    case 'draw':
      return drawStroke(props, style);
    case 'highlight':
      return highlight(props, style);
    case 'geo':
      return geo(props, style);
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
  const ground =
    closed && style.fill !== 'none' ? `<path d="${pathOf(flat, true)}" fill="${style.fill}"/>` : '';
  if (style.dash !== 'draw') return ground + strokedPath(pathOf(flat, closed), { ...style, fill: 'none' });
  const pen = props['isPen'] === true;
  const d = freehandPath(points, {
    size: 1 + style.width * scale * 1.2,
    thinning: pen ? 0.62 : 0.5,
    streamline: 0.62,
    smoothing: 0.62,
    simulatePressure: !pen,
    easing: pen ? (t) => t * 0.65 + Math.sin((t * Math.PI) / 2) * 0.35 : (t) => Math.sin((t * Math.PI) / 2),
    last: props['isComplete'] === true,
  });
  return `${ground}<path d="${d}" fill="${style.colour}"/>`;
}

function highlight(props: Values, style: Style): string {
  const flat = strokePoints(props).map(([x = 0, y = 0]): Point => [x, y]);
  if (flat.length === 0) return '';
  const points = flat.length === 1 ? [...flat, ...flat] : flat;
  const colour = HIGHLIGHTS[style.name] ?? '#fddd00';
  const width = (TEXTS[style.size] ?? 24) * 1.12 * numberOf(props['scale'], 1);
  return `<path d="${pathOf(points)}" fill="none" stroke="${colour}" stroke-width="${round(width)}" stroke-linecap="round" stroke-linejoin="round" opacity="0.82" style="mix-blend-mode:multiply"/>`;
}

function geo(props: Values, style: Style): string {
  const [w, h] = [numberOf(props['w'], 100), numberOf(props['h'], 100) + numberOf(props['growY'])];
  return (
    strokedPath(geoOutline(textValue(props['geo'], 'rectangle'), w, h), style) + label(props, style, w, h)
  );
}

function label(props: Values, style: Style, width: number, height: number): string {
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
    size: LABELS[style.size] ?? 22,
    lineHeight: LINE_HEIGHT,
    colour: style.labelColour,
    align: align.startsWith('start') ? 'left' : align.startsWith('end') ? 'right' : 'center',
    vertical: vertical === 'start' ? 'top' : vertical === 'end' ? 'bottom' : 'middle',
    padding: 16,
    outline: GROUND,
  });
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
  const [start, stop] = [end('start'), end('end')];
  const length = Math.hypot(stop[0] - start[0], stop[1] - start[1]);
  if (length < 0.01) return '';
  const bend = numberOf(props['bend']);
  const normal: Point = [-(stop[1] - start[1]) / length, (stop[0] - start[0]) / length];
  const control: Point = [
    (start[0] + stop[0]) / 2 - normal[0] * bend * 2,
    (start[1] + stop[1]) / 2 - normal[1] * bend * 2,
  ];
  const body =
    Math.abs(bend) < 1
      ? pathOf([start, stop])
      : `M${start.map(round).join(' ')}Q${[...control, ...stop].map(round).join(' ')}`;
  const heads = [
    {
      kind: textValue(props['arrowheadStart'], 'none'),
      tip: start,
      from: Math.abs(bend) < 1 ? stop : control,
    },
    {
      kind: textValue(props['arrowheadEnd'], 'arrow'),
      tip: stop,
      from: Math.abs(bend) < 1 ? start : control,
    },
  ]
    .filter(({ kind }) => kind !== 'none')
    .map(({ tip, from }) =>
      arrowHead(tip, from, Math.max(style.width * 5, Math.min(style.width * 7, length / 5))),
    );
  const middle: Point = [
    (start[0] + 2 * control[0] + stop[0]) / 4,
    (start[1] + 2 * control[1] + stop[1]) / 4,
  ];
  const value = textValue(props['text']);
  const words =
    value === ''
      ? ''
      : label({ ...props, align: 'middle', verticalAlign: 'middle' }, style, 400, 100).replace(
          /^<foreignObject x="[^"]*" y="[^"]*"/,
          `<foreignObject x="${round(middle[0] - 200)}" y="${round(middle[1] - 50)}"`,
        );
  return strokedPath(body + heads.join(''), { ...style, fill: 'none' }) + words;
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
  const colour = style.name === 'black' ? '#fce19c' : style.fillSolid;
  return (
    `<rect width="${size}" height="${round(height)}" rx="2" fill="${colour}"/>` +
    label({ align: 'middle', ...props }, { ...style, labelColour: '#1d1d1d' }, size, height)
  );
}

function frame(props: Values): string {
  const [w, h] = [numberOf(props['w'], 160), numberOf(props['h'], 90)];
  return `<rect width="${round(w)}" height="${round(h)}" fill="#ffffff" stroke="#1d1d1d" stroke-width="1"/>`;
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
    fill: fill === 'none' ? 'none' : fill === 'semi' ? '#fcfffe' : pale,
    fillSolid: solid,
    font: FONTS[textValue(props['font'], 'draw')] ?? 'tldraw_draw',
  };
}
