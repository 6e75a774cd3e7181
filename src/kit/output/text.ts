/* Text from BBB, Moodle or a playlist is hostile: it may hold escape sequences, line breaks and marks that
   reorder what follows. Nothing reaches a terminal, a log or a table without passing here. */

const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;
const BIDI_MARKS = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;

/** One line of harmless text: controls and line separators become spaces, direction and zero-width marks vanish. */
export const plainText = (text: string): string => text.replace(CONTROLS, ' ').replace(BIDI_MARKS, '');

/** What a command prints may break lines, tabulate, colour (colour.ts), and clear the screen before all else. */
const OWN = /^\u001b\[H\u001b\[2J\u001b\[3J|\u001b\[(?:[012]|3[1236])m|[\n\t]/;
const NOT_OWN = new RegExp(`${OWN.source}|(${CONTROLS.source})|${BIDI_MARKS.source}`, 'g');

/**
 * The last guard before a terminal, for the text that a renderer forgot to pass through `plainText`: what is not of
 * our own making becomes harmless; lines and colours stay.
 */
export const terminalText = (text: string): string =>
  text.replace(NOT_OWN, (mark, control?: string) => {
    if (control !== undefined) return ' ';
    return OWN.test(mark) ? mark : '';
  });

/** Controls of C1 (a terminal obeys them, too) and marks that reorder text, which JSON itself leaves as they are. */
const LEFT_BY_JSON = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/**
 * Numbers whose key names an instant (`at`, `startedAt`) are milliseconds within, ISO 8601 in UTC without. Within JSON a
 * quotation mark before a colon ends a key: those of a text are quoted.
 */
const INSTANT = /((?:At|"at)": ?)(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)(?=[,}\s])/g;
const isoInstant = (all: string, key: string, milliseconds: string): string =>
  Math.abs(Number(milliseconds)) <= LAST_INSTANT
    ? `${key}"${new Date(Number(milliseconds)).toISOString()}"`
    : all;
const LAST_INSTANT = 8.64e15;

/** JSON as docs/json.md promises it, in characters that no terminal obeys. */
export const harmlessJson = (value: unknown, indent?: number): string =>
  promisedJson(JSON.stringify(value, null, indent));

/** The same of a value that is JSON already. */
export const promisedJson = (json: string): string =>
  json
    .replace(INSTANT, isoInstant)
    .replace(LEFT_BY_JSON, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`);

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
/** Emoji, also those that a variation selector makes one, and the full-width scripts. */
const WIDE =
  /\p{Emoji_Presentation}|\p{Emoji}\ufe0f|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u;
/** A mark without anything to stand on takes no column. */
const ZERO = /^[\p{M}\u200b\u200c\u200d\u00ad]+$/u;
/** Latin letters and the usual marks: a column each. */
const LATIN = /^[\u0000-\u00ac\u00ae-\u02ff\u2010-\u2027\u202f\u20ac]*$/;

/** Columns that a text takes in a terminal: accents count once, wide characters twice. */
export function displayWidth(text: string): number {
  if (LATIN.test(text)) return text.length;
  let width = 0;
  for (const { segment } of segmenter.segment(text)) width += widthOfSegment(segment);
  return width;
}

function widthOfSegment(segment: string): number {
  if (WIDE.test(segment)) return 2;
  return ZERO.test(segment) ? 0 : 1;
}

/** Cuts a text to a number of columns, with an ellipsis when something was cut. */
export function fitWidth(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  if (columns < 1) return '';
  let kept = '';
  let width = 0;
  for (const { segment } of segmenter.segment(text)) {
    const step = displayWidth(segment);
    if (width + step > columns - 1) break;
    kept += segment;
    width += step;
  }
  return `${kept}…`;
}
