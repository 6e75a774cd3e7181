import { mix, type Stroke } from './svg-markup.js';
import { dashOf, numberOf, table, textValue, type Values } from './tldraw-values.js';

/* Sizes and colours of tldraw 1.2x (packages/tldraw/src/state/shapes/shared/shape-styles.ts), light theme. */

const BLACK = '#1d1d1d';
const YELLOW = '#ffc936';
/** White lines are drawn black: they would not be seen on paper. */
const LINES = table<string>({
  white: BLACK,
  lightGray: '#c6cbd1',
  gray: '#788492',
  black: BLACK,
  green: '#36b24d',
  cyan: '#0e98ad',
  blue: '#1c7ed6',
  indigo: '#4263eb',
  violet: '#7746f1',
  red: '#ff2133',
  orange: '#ff9433',
  yellow: YELLOW,
});
const CANVAS = '#fafafa';
const STROKES = table<number>({ small: 2, medium: 3.5, large: 5 });
const TEXTS = table<number>({ small: 28, medium: 48, large: 96 });
const STICKY_TEXTS = table<number>({ small: 24, medium: 36, large: 48 });
const FONTS = table<string>({
  script: 'Caveat Brush',
  sans: 'Source Sans Pro',
  serif: 'Crimson Pro',
  mono: 'Source Code Pro',
});
const ALIGNS = { start: 'left', middle: 'center', end: 'right', justify: 'justify' } as const;

export interface Style extends Stroke {
  readonly font: string;
  /** Of texts and labels, and of sticky notes. */
  readonly textSize: number;
  readonly stickyTextSize: number;
  /** Ground of a sticky note: yellow for white and black too. */
  readonly sheet: string;
  readonly align: 'left' | 'center' | 'right' | 'justify';
}

/** Style of a shape, with what tldraw 1 takes where it says nothing. */
export function styleOf(style: Values): Style {
  const name = textValue(style['color'], 'black');
  const colour = LINES[name] ?? BLACK;
  const size = textValue(style['size'], 'small');
  const scale = numberOf(style['scale'], 1);
  return {
    colour,
    textSize: (TEXTS[size] ?? 28) * scale,
    stickyTextSize: (STICKY_TEXTS[size] ?? 24) * scale,
    width: STROKES[size] ?? 2,
    dash: dashOf(style['dash']),
    fill: style['isFilled'] === true ? groundOf(name, colour) : 'none',
    sheet: mix(colour === BLACK ? YELLOW : colour, CANVAS, 0.45),
    font: fontOf(style),
    align: alignOf(textValue(style['textAlign'], 'middle')),
  };
}

const alignOf = (name: string): Style['align'] =>
  Object.hasOwn(ALIGNS, name) ? ALIGNS[name as keyof typeof ALIGNS] : 'center';

export const fontOf = (style: Values): string => FONTS[textValue(style['font'], 'script')] ?? 'Caveat Brush';

const groundOf = (name: string, colour: string): string =>
  name === 'white' ? '#fefefe' : mix(colour, CANVAS, 0.82);
