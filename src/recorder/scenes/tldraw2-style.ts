import { mix, type Stroke } from './svg-markup.js';
import { dashOf, table, textValue, type Values } from './tldraw-values.js';

/** Line colour and pale filling of each colour name. */
const COLOURS = table<readonly [string, string]>({
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
});
const HIGHLIGHTS = table<string>({
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
});
const STROKES = table<number>({ s: 2, m: 3.5, l: 5, xl: 10 });
const TEXTS = table<number>({ s: 18, m: 24, l: 36, xl: 44 });
/** Width of a line, by the size of its shape. */
export const strokeWidth = (size: unknown): number => STROKES[textValue(size, 'm')] ?? 3.5;
export const textSize = (size: unknown): number => TEXTS[textValue(size, 'm')] ?? 24;
const LABELS = table<number>({ s: 18, m: 22, l: 26, xl: 32 });
const ARROW_LABELS = table<number>({ s: 18, m: 20, l: 24, xl: 28 });
const FONTS = table<string>({
  draw: 'tldraw_draw',
  sans: 'tldraw_sans',
  serif: 'tldraw_serif',
  mono: 'tldraw_mono',
});
export const LINE_HEIGHT = 1.35;
/** Of the page: what stands out from it has its colour. */
export const GROUND = '#f9fafb';

export interface Style extends Stroke {
  readonly name: string;
  /** What a solid filling is painted with. */
  readonly pale: string;
  /** Of a note; a black one has a yellow sheet. */
  readonly sheet: string;
  /** Of the highlighter: another one than of the pen. */
  readonly highlight: string;
  readonly font: string;
  readonly textSize: number;
  readonly labelSize: number;
  readonly arrowLabelSize: number;
  readonly labelColour: string;
}

/** Colours of a recording that differ by the version that made it. */
export interface Palette {
  /** Yellow, and what the black highlighter leaves, is #FFFF00. */
  readonly hasVividYellow: boolean;
}

const VIVID = '#ffff00';
const VIVID_PALE = mix(VIVID, GROUND, 0.75);

/**
 * BBB's client has the vivid yellow since 3.0.17, which the recordings name since then (bigbluebutton pull requests 24165
 * and 24277; bbb-playback pull request 318). That palette names no filling: it is pale as the others'.
 */
export function paletteOf(bbbVersion: string | null): Palette {
  const [major = 0, minor = 0, patch = 0] = (bbbVersion ?? '').split(/[.-]/).map((part) => Number(part) || 0);
  return { hasVividYellow: major * 1e6 + minor * 1e3 + patch >= 3_000_017 };
}

/** Style of a shape, with what tldraw 2 takes where it says nothing. */
export function styleOf(props: Values, { hasVividYellow }: Palette): Style {
  const name = textValue(props['color'], 'black');
  const colourOf = (of: string): readonly [string, string] =>
    of === 'yellow' && hasVividYellow ? [VIVID, VIVID_PALE] : (COLOURS[of] ?? ['#1d1d1d', '#e8e8e8']);
  const [solid, pale] = colourOf(name);
  const [labelColour] = colourOf(textValue(props['labelColor'], 'black'));
  const size = textValue(props['size'], 'm');
  const fill = textValue(props['fill'], 'none');
  return {
    name,
    pale,
    colour: solid,
    highlight:
      hasVividYellow && (name === 'yellow' || name === 'black') ? VIVID : (HIGHLIGHTS[name] ?? '#fddd00'),
    labelColour,
    textSize: textSize(size),
    labelSize: LABELS[size] ?? 22,
    arrowLabelSize: ARROW_LABELS[size] ?? 20,
    width: strokeWidth(size),
    dash: dashOf(props['dash']),
    fill: fill === 'none' || fill === 'pattern' ? fill : fill === 'semi' ? '#fcfffe' : pale,
    sheet: name === 'black' ? colourOf('yellow')[0] : solid,
    font: FONTS[textValue(props['font'], 'draw')] ?? 'tldraw_draw',
  };
}

/** The ground of a closed shape; a pattern is the colour under a hatching that the page has for its zoom. */
export function filled(d: string, { fill, colour }: Style): string {
  if (fill === 'none') return '';
  if (fill !== 'pattern') return `<path d="${d}" fill="${fill}"/>`;
  return `<path d="${d}" fill="${mix(colour, '#ffffff', 0.2)}"/><path d="${d}" fill="url(#hatch)"/>`;
}
