import { greatest } from '../../kit/extremes.js';
import { table } from './tldraw-values.js';

/* Lengths of words where no browser measures them. */

/** Blanks, slim, usual and broad letters, capitals and digits. */
type Widths = readonly [blank: number, slim: number, usual: number, broad: number, capital: number];

const MONO: Widths = [0.6, 0.6, 0.6, 0.6, 0.6];
const SANS: Widths = [0.24, 0.33, 0.55, 0.86, 0.63];
/** By font, in heights of a letter: means of its letters as English and French write them (files of @fontsource and @tldraw/assets). */
const WIDTHS = table<Widths>({
  'Caveat Brush': [0.21, 0.29, 0.4, 0.57, 0.46],
  'Source Sans Pro': [0.2, 0.3, 0.51, 0.79, 0.55],
  'Crimson Pro': [0.19, 0.3, 0.48, 0.78, 0.54],
  'Source Code Pro': MONO,
  tldraw_draw: [0.34, 0.4, 0.61, 0.89, 0.67],
  tldraw_sans: SANS,
  tldraw_serif: [0.23, 0.36, 0.57, 0.91, 0.66],
  tldraw_mono: MONO,
});

/** About how long the longest line is, in heights of a letter. @param spacing what stands between two letters besides */
export function textWidth(text: string, font: string, spacing = 0): number {
  const [blank, slim, usual, broad, capital] = WIDTHS[font] ?? SANS;
  const letter = (one: string): number =>
    one === ' '
      ? blank
      : /[iljtfrI.,:;'!|()[\]]/.test(one)
        ? slim
        : /[mwMWÆŒ@%]/.test(one)
          ? broad
          : /[A-Z0-9]/.test(one)
            ? capital
            : /[\u2e80-\u{10ffff}]/u.test(one)
              ? 1
              : usual;
  return greatest(
    text.split('\n').map((line) => Array.from(line).reduce((sum, one) => sum + letter(one) + spacing, 0)),
    0,
  );
}
