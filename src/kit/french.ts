/* French as printers have it: spaces that no line breaks at, decimal commas, thousands apart. */

const NARROW = '\u202f';
const WIDE = '\u00a0';

/**
 * The spaces of French punctuation: no-break before a colon and within quotation marks, narrow before `;`, `!`, `?`
 * and `%` (Lexique des règles typographiques en usage à l'Imprimerie nationale). For texts of ours, never for values.
 */
export const frenchSpaces = (text: string): string =>
  text
    .replace(/(?<!\s) (?=:(?:\s|$))/g, WIDE)
    .replace(/(?<!\s) (?=[;!?%](?:[\s.,;:)]|$))/g, NARROW)
    .replace(/« /g, `«${WIDE}`)
    .replace(/ »/g, `${WIDE}»`);

/** `1234.5` as `1 234,5`. */
export function frenchNumber(value: number | string): string {
  const [whole = '', fraction] = String(value).split('.');
  const apart = whole.replace(/(?<=\d)(?=(?:\d{3})+$)/g, NARROW);
  return fraction === undefined ? apart : `${apart},${fraction}`;
}

const QUANTITY = /^(\d+(?:\.\d+)?) (B|kB|MB|GB|TB|ms|s|h|min)(?: (\d\d) (min|s))?$/;
const FRENCH_UNITS: Readonly<Record<string, string>> = { B: 'o', kB: 'ko', MB: 'Mo', GB: 'Go', TB: 'To' };

/** A size or a duration of units.ts (`1.5 GB`, `4 min 05 s`) as `1,5 Go`; any other text as it is. */
export function frenchQuantity(text: string): string {
  const [, value, unit = '', rest, restUnit] = QUANTITY.exec(text) ?? [];
  if (value === undefined) return text;
  const first = `${frenchNumber(value)}${NARROW}${FRENCH_UNITS[unit] ?? unit}`;
  return rest === undefined ? first : `${first}${NARROW}${rest}${NARROW}${restUnit}`;
}
