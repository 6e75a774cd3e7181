import { mix, type Stroke } from './svg-markup.js';
import { dashOf, numberOf, textValue, type Values } from './tldraw-values.js';

const COLOURS: Readonly<Record<string, string>> = {
  white: '#f0f1f3',
  lightGray: '#c6cbd1',
  gray: '#788492',
  black: '#1d1d1d',
  green: '#36b24d',
  cyan: '#0e98ad',
  blue: '#1c7ed6',
  indigo: '#4263eb',
  violet: '#7746f1',
  red: '#ff2133',
  orange: '#ff9433',
  yellow: '#ffc936',
};
const STROKES: Readonly<Record<string, number>> = { small: 2, medium: 3.5, large: 5 };
const TEXTS: Readonly<Record<string, number>> = { small: 28, medium: 48, large: 96 };
const STICKY_TEXTS: Readonly<Record<string, number>> = { small: 24, medium: 36, large: 48 };
const FONTS: Readonly<Record<string, string>> = {
  script: 'Caveat Brush',
  sans: 'tldraw_sans',
  serif: 'tldraw_serif',
  mono: 'tldraw_mono',
};

export interface Style extends Stroke {
  readonly font: string;
  /** Of texts and labels, and of sticky notes. */
  readonly textSize: number;
  readonly stickyTextSize: number;
  readonly align: 'left' | 'center' | 'right';
}

/** Style of a shape, with what tldraw 1 takes where it says nothing. */
export function styleOf(style: Values): Style {
  const colour = COLOURS[textValue(style['color'])] ?? '#1d1d1d';
  const align = textValue(style['textAlign'], 'start');
  const size = textValue(style['size'], 'small');
  const scale = numberOf(style['scale'], 1);
  return {
    colour,
    textSize: (TEXTS[size] ?? 28) * scale,
    stickyTextSize: (STICKY_TEXTS[size] ?? 24) * scale,
    width: STROKES[size] ?? 2,
    dash: dashOf(style['dash']),
    fill: style['isFilled'] === true ? mix(colour, '#fafafa', 0.82) : 'none',
    font: FONTS[textValue(style['font'], 'script')] ?? 'Caveat Brush',
    align: align === 'middle' ? 'center' : align === 'end' ? 'right' : 'left',
  };
}
