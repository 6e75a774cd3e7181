import type { TldrawShape } from '../timeline/presentation.js';
import { pictureMarkup, placed, round, strokedPath, type Point } from './svg-markup.js';
import { uploadOf } from '../timeline/upload-of.js';
import { numberOf, textValue, valuesOf, type Values } from './tldraw-values.js';
import { arrowPaths } from './tldraw2-arrow.js';
import { frame, note } from './tldraw2-cards.js';
import { geoOutline } from './tldraw2-geo.js';
import { poll } from './tldraw2-poll.js';
import { drawStroke, highlight, line } from './tldraw2-strokes.js';
import { filled, paletteOf, styleOf, type Palette, type Style } from './tldraw2-style.js';
import { label, text } from './tldraw2-text.js';

/**
 * A shape of tldraw 2 (BBB 3.0) as SVG in page units; unknown types give nothing. The pointer is no drawing.
 * @param within frames and groups around it, outermost first
 */
export function tldraw2Markup(
  shape: TldrawShape,
  within: readonly TldrawShape[] = [],
  palette: Palette = paletteOf(null),
): string {
  const props = valuesOf(shape['props']);
  const inner = DRAW.get(textValue(shape['type']))?.(props, styleOf(props, palette), shape) ?? '';
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

/** What draws each type of shape. */
const DRAW = new Map<string, (props: Values, style: Style, shape: TldrawShape) => string>([
  ['draw', drawStroke],
  ['highlight', highlight],
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

function geo(props: Values, style: Style, shape: TldrawShape): string {
  const seed = textValue(shape['id']);
  const [w, h] = [numberOf(props['w'], 100), numberOf(props['h'], 100) + numberOf(props['growY'])];
  const kind = textValue(props['geo'], 'rectangle');
  const ground = filled(geoOutline(kind, w, h, { width: style.width, hand: null }).outline, style);
  const { outline, marks } = geoOutline(kind, w, h, {
    width: style.width,
    hand: style.dash === 'draw' ? seed : null,
  });
  const lines = strokedPath(outline + marks, { ...style, fill: 'none' });
  return ground + lines + label(props, style, { width: w, height: h });
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
  const words = label({ ...props, align: 'middle', verticalAlign: 'middle' }, style, {
    x: middle[0] - 200,
    y: middle[1] - 50,
    width: 400,
    height: 100,
    size: style.arrowLabelSize,
  });
  // Heads are never dashed.
  return (
    strokedPath(body, { ...style, fill: 'none' }) +
    strokedPath(heads, { ...style, fill: 'none', dash: 'solid' }) +
    words
  );
}

/** A picture pasted on the whiteboard: BBB 3.1 and later keep it in `uploads/` and name it in the shape's meta. */
function image(props: Values, _style: Style, shape: TldrawShape): string {
  const meta = valuesOf(shape['meta']);
  const address =
    uploadOf(textValue(meta['bbbImageSrc'])) ?? (textValue(props['src']) || textValue(props['url']));
  return pictureMarkup(address, numberOf(props['w']), numberOf(props['h']));
}
