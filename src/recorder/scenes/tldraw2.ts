import { greatest, least } from '../../kit/extremes.js';
import { asRecord } from '../../kit/record.js';
import type { TldrawShape } from '../timeline/presentation.js';
import { pictureMarkup, placed, round, strokedPath, type Point } from './svg-markup.js';
import { uploadOf } from '../timeline/upload-of.js';
import { numberOf, textValue, type Values } from './tldraw-values.js';
import { arrowPaths } from './tldraw2-arrow.js';
import { arrowEnds, type Bound, type Placed } from './tldraw2-bound.js';
import { frame, note } from './tldraw2-cards.js';
import { dashedPath } from './tldraw2-dash.js';
import { geoCorners, geoLines, geoOutline } from './tldraw2-geo.js';
import { poll } from './tldraw2-poll.js';
import { drawStroke, highlight, line } from './tldraw2-strokes.js';
import { filled, paletteOf, styleOf, type Palette, type Style } from './tldraw2-style.js';
import { arrowLabel, grownBy, label, text, type Box } from './tldraw2-text.js';

/** What a shape's picture follows from besides itself. */
export interface ShapeFacts {
  /** Frames and groups around it, outermost first. */
  readonly within?: readonly TldrawShape[];
  readonly palette?: Palette;
  /** What an arrow holds on to. */
  readonly bound?: Bound;
  /** Size of the slide, whose corner is the page's. */
  readonly slide?: { readonly width: number; readonly height: number };
}

/** A shape of tldraw 2 (BBB 3.0) as SVG in page units; unknown types give nothing. The pointer is no drawing. */
export function tldraw2Markup(
  shape: TldrawShape,
  { within = [], palette = paletteOf(null), bound = {}, slide }: ShapeFacts = {},
): string {
  const props = asRecord(shape['props']);
  const style = styleOf(props, palette);
  const place = (inner: string): string =>
    within.reduceRight((drawn, parent) => atPlaceOf(parent, clipped(drawn, parent)), atPlaceOf(shape, inner));
  const isMarker = shape['type'] === 'highlight' && slide !== undefined && within.length === 0;
  const under = isMarker
    ? besideSlide(place(highlight(props, style, { shape, within }, UNDERLAY)), slide)
    : '';
  const inner = DRAW.get(textValue(shape['type']))?.(props, style, { shape, within }, bound) ?? '';
  return under + place(inner);
}

/** The highlighter marks twice, strongly below all shapes and so below the slide, weakly upon them (HighlightShapeUtil). */
const UNDERLAY = 0.82;

const besideSlide = (inner: string, { width, height }: { width: number; height: number }): string =>
  inner === ''
    ? ''
    : `<clipPath id="beside-slide"><path clip-rule="evenodd" d="M-100000-100000H200000V200000H-100000ZM0 0V${round(height)}H${round(width)}V0Z"/></clipPath><g clip-path="url(#beside-slide)">${inner}</g>`;

/** A frame cuts off what stands over its edge; a group does not. */
function clipped(inner: string, { type, props }: TldrawShape): string {
  if (type !== 'frame' || inner === '') return inner;
  const { w, h } = asRecord(props);
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

/** What draws each type of shape. */
const DRAW = new Map<string, (props: Values, style: Style, at: Placed, bound: Bound) => string>([
  ['draw', drawStroke],
  ['highlight', (props, style, at) => highlight(props, style, at)],
  ['geo', geo],
  ['line', line],
  ['arrow', arrow],
  ['text', text],
  ['note', note],
  ['frame', frame],
  ['poll', poll],
  ['image', image],
]);

/** Types that are drawn; a group is what it holds. Read of @bigbluebutton/tldraw up to 2.0.0-alpha.35. */
export const tldraw2Types: ReadonlySet<string> = new Set([...DRAW.keys(), 'group']);

function geo(props: Values, style: Style, { shape }: Placed): string {
  const [w, own] = [Math.max(1, numberOf(props['w'], 100)), Math.max(1, numberOf(props['h'], 100))];
  const h = own + grownBy(props, style, w, own);
  const outline = { kind: textValue(props['geo'], 'rectangle'), w, h, id: textValue(shape['id']) };
  // A cloud does not fill its box, and its words stand in the middle of what it fills.
  const room = outline.kind === 'cloud' ? around(geoCorners(outline, style.width)) : { width: w, height: h };
  return (
    filled(geoOutline(outline, style), style) + geoLines(outline, own, style) + label(props, style, room)
  );
}

function around(points: readonly Point[]): Box {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const [x, y] = [least(xs), least(ys)];
  return { x, y, width: greatest(xs) - x, height: greatest(ys) - y };
}

/** Words in its middle take the line away under them, and closed heads do. */
function arrow(props: Values, style: Style, at: Placed, bound: Bound): string {
  const paths = arrowPaths({
    ...arrowEnds(at, bound),
    startHead: textValue(props['arrowheadStart'], 'none'),
    endHead: textValue(props['arrowheadEnd'], 'arrow'),
    width: style.width,
  });
  if (paths === null) return '';
  const { body, length, heads, closedHeads, middle, size } = paths;
  const words = arrowLabel(props, style, middle, size);
  const line = dashedPath(body, length, style);
  const id = `arrow-${textValue(at.shape['id']).replace(/[^\w-]/g, '')}`;
  // Heads are never dashed.
  return (
    (words === null && closedHeads === '' ? line : without(line, words?.box ?? null, closedHeads, id)) +
    (closedHeads === '' ? '' : filled(closedHeads, style)) +
    strokedPath(heads, { ...style, fill: 'none', dash: 'solid' }) +
    (words?.markup ?? '')
  );
}

/** Everything but a box and what a path encloses. */
const without = (inner: string, box: Box | null, path: string, id: string): string =>
  `<mask id="${id}" maskUnits="userSpaceOnUse" x="-20000" y="-20000" width="40000" height="40000">` +
  `<rect x="-20000" y="-20000" width="40000" height="40000" fill="#fff"/>` +
  (box === null
    ? ''
    : `<rect x="${round(box.x)}" y="${round(box.y)}" width="${round(box.width)}" height="${round(box.height)}" rx="4" fill="#000"/>`) +
  (path === '' ? '' : `<path d="${path}" fill="#000"/>`) +
  `</mask><g mask="url(#${id})">${inner}</g>`;

/**
 * A picture pasted on the whiteboard: BBB 3.1 and later keep it in `uploads/` and name it in the shape's meta. A cropped one
 * shows a part of it, whose corners are shares of the whole (shapes/image/ImageShapeUtil).
 */
function image(props: Values, _style: Style, { shape }: Placed): string {
  const meta = asRecord(shape['meta']);
  const address =
    uploadOf(textValue(meta['bbbImageSrc'])) ?? (textValue(props['src']) || textValue(props['url']));
  const [w, h] = [numberOf(props['w']), numberOf(props['h'])];
  const crop = asRecord(props['crop']);
  const [from, to] = [asRecord(crop['topLeft']), asRecord(crop['bottomRight'])];
  const [left, top] = [numberOf(from['x']), numberOf(from['y'])];
  const [across, down] = [numberOf(to['x'], 1) - left, numberOf(to['y'], 1) - top];
  if ((across === 1 && down === 1) || across <= 0 || down <= 0) return pictureMarkup(address, w, h);
  const [width, height] = [w / across, h / down];
  const whole = pictureMarkup(address, width, height);
  return whole === ''
    ? ''
    : `<svg width="${round(w)}" height="${round(h)}" overflow="hidden"><g transform="translate(${round(-left * width)} ${round(-top * height)})">${whole}</g></svg>`;
}
