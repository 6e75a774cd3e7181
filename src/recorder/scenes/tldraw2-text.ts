import { textMarkup } from './svg-markup.js';
import { numberOf, textValue, type Values } from './tldraw-values.js';
import { GROUND, LINE_HEIGHT, type Style } from './tldraw2-style.js';

/**
 * A text of its own: as wide as it is, or as wide as it was drawn. A scaled one is set in letters of its size first
 * (TextShapeUtil of @bigbluebutton/tldraw 2.0.0-alpha.25).
 */
export function text(props: Values, style: Style): string {
  const align = textValue(props['align'] ?? props['textAlign'], 'middle');
  const auto = props['autoSize'] !== false;
  const scale = numberOf(props['scale'], 1);
  const markup = textMarkup({
    x: 0,
    y: 0,
    width: auto ? null : numberOf(props['w'], 400),
    height: null,
    text: textValue(props['text']),
    font: style.font,
    size: style.textSize,
    lineHeight: LINE_HEIGHT,
    colour: style.colour,
    align: align === 'start' ? 'left' : align === 'end' ? 'right' : 'center',
    vertical: 'top',
    padding: 0,
    outline: GROUND,
  });
  return scale === 1 ? markup : `<g transform="scale(${scale})">${markup}</g>`;
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
}

/** The words of a shape, inside its box. */
export function label(props: Values, style: Style, box: LabelBox): string {
  const { x = 0, y = 0, width, height, size = style.labelSize, outlined = true } = box;
  const value = textValue(props['text']);
  if (value === '') return '';
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
    align: align.startsWith('start') ? 'left' : align.startsWith('end') ? 'right' : 'center',
    vertical: vertical === 'start' ? 'top' : vertical === 'end' ? 'bottom' : 'middle',
    padding: 16,
    ...(outlined ? { outline: GROUND } : {}),
  });
}
