import { textWidth } from './letter-widths.js';
import { textMarkup } from './svg-markup.js';
import { numberOf, textValue, wordsOf, type Values } from './tldraw-values.js';
import { LINE_HEIGHT, type Style } from './tldraw2-style.js';

/**
 * A text of its own: as wide as it is, or as wide as it was drawn. A scaled one is set in letters of its size first
 * (TextShapeUtil of @bigbluebutton/tldraw 2.0.0-alpha.25).
 */
export function text(props: Values, style: Style): string {
  // Alignments named `…-legacy` are known to labels only.
  const align = textValue(props['align'] ?? props['textAlign'], 'middle');
  const auto = props['autoSize'] !== false;
  const scale = numberOf(props['scale'], 1);
  const markup = textMarkup({
    x: 0,
    y: 0,
    width: auto ? null : Math.max(16, Math.floor(numberOf(props['w'], 400))),
    height: null,
    text: wordsOf(props),
    font: style.font,
    size: style.textSize,
    lineHeight: LINE_HEIGHT,
    colour: style.colour,
    align: align === 'middle' ? 'center' : align === 'end' ? 'right' : 'left',
    vertical: 'top',
    padding: 0,
    outlined: true,
  });
  return scale === 1 ? markup : `<g transform="scale(${scale})">${markup}</g>`;
}

/**
 * By how much a shape is higher than drawn, for its words to fit: what the recording says, for its client has measured them
 * (GeoShapeUtil). Where that is plainly too little, by more than a line and a fifth of all, the words are measured roughly.
 */
export function grownBy(props: Values, { labelSize, font }: Style, w: number, h: number): number {
  const words = wordsOf(props);
  if (words === '') return 0;
  const said = Math.max(0, numberOf(props['growY']));
  const room = Math.max(labelSize, w - 32);
  const lines = words.split('\n').reduce((sum, line) => sum + linesOf(line, font, room / labelSize), 0);
  const missing = lines * labelSize * LINE_HEIGHT + 32 - (h + said);
  return missing > labelSize * LINE_HEIGHT * Math.max(1, lines / 5) ? said + missing : said;
}

/** A word that is broken leaves half a letter free on each of its lines. @param room in heights of a letter */
function linesOf(line: string, font: string, room: number): number {
  let lines = 1;
  let used = 0;
  for (const word of line.split(' ')) {
    const width = textWidth(word, font);
    const after = used === 0 ? width : used + textWidth(' ', font) + width;
    if (after <= room) used = after;
    else {
      const broken = width <= room ? room : Math.max(0.5, room - 0.3);
      lines += Math.max(1, Math.ceil(width / broken)) - (used === 0 ? 1 : 0);
      used = width % broken;
    }
  }
  return lines;
}

export interface LabelBox {
  readonly x?: number;
  readonly y?: number;
  readonly width: number;
  readonly height: number;
  /** Of the letters. Default: those of a shape. */
  readonly size?: number;
  /** A pale outline, for words over a drawing. Default true. */
  readonly outlined?: boolean;
  /** Styles of a sheet under the words, which is drawn without any too and grows with them. */
  readonly sheet?: string;
}

/** The words of a shape, inside its box. */
export function label(props: Values, style: Style, box: LabelBox): string {
  const { x = 0, y = 0, width, height, size = style.labelSize, outlined = true, sheet } = box;
  const value = wordsOf(props);
  if (value === '' && sheet === undefined) return '';
  const align = textValue(props['align'], 'middle');
  const vertical = textValue(props['verticalAlign'], 'middle');
  return textMarkup({
    x,
    y,
    width,
    height,
    text: value,
    font: style.font,
    size,
    lineHeight: LINE_HEIGHT,
    colour: style.labelColour,
    align: align === 'start' ? 'left' : align === 'end' ? 'right' : 'center',
    vertical: vertical === 'start' ? 'top' : vertical === 'end' ? 'bottom' : 'middle',
    padding: 16,
    outlined,
    ...(sheet === undefined ? {} : { sheet }),
  });
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const LABEL_ROOM = 4.25;

/**
 * The words of an arrow, around its middle: narrower than a lying arrow by 64 units, and never broader than 16 letters are high.
 * @returns with the box that takes the line away; null without words
 */
export function arrowLabel(
  props: Values,
  style: Style,
  [x, y]: readonly [number, number],
  body: { readonly width: number; readonly height: number },
): { markup: string; box: Box } | null {
  const value = wordsOf(props);
  if (value.trim() === '') return null;
  const size = style.arrowLabelSize;
  const longest = textWidth(value, style.font) * size;
  const lying =
    body.width > body.height ? Math.max(Math.min(longest, 64), Math.min(body.width - 64, longest)) : longest;
  const width = Math.min(lying, 16 * size);
  const lines = value
    .split('\n')
    .reduce(
      (sum, one) => sum + Math.max(1, Math.ceil((textWidth(one, style.font) * size) / (width + 0.01))),
      0,
    );
  const height = lines * size * LINE_HEIGHT;
  // Rough lengths must break no word that fits.
  const room = width < longest ? width : 4000;
  return {
    box: {
      x: x - width / 2 - LABEL_ROOM,
      y: y - height / 2 - LABEL_ROOM,
      width: width + 2 * LABEL_ROOM,
      height: height + 2 * LABEL_ROOM,
    },
    markup: textMarkup({
      x: x - room / 2,
      y: y - 500,
      width: room,
      height: 1000,
      text: value,
      font: style.font,
      size,
      lineHeight: LINE_HEIGHT,
      colour: style.labelColour,
      align: 'center',
      vertical: 'middle',
      padding: 0,
      outlined: true,
    }),
  };
}
