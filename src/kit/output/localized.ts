import { inFrench } from '../errors/phrases.js';
import { frenchNumber, frenchQuantity, frenchSpaces } from '../french.js';
import { shownLanguage } from '../language.js';

/**
 * What a person reads besides the coded texts: headings, labels, lines, each in both languages where it is said.
 * @example localized(`${count} done`, `${count} ${plural(count, 'terminé', 'terminés')}`)
 */
export const localized = (en: string, fr: string): string =>
  shownLanguage() === 'fr' ? frenchSpaces(fr) : en;

/** The word that follows a count: English has the singular for 1, French for 0 and 1 (CLDR plural rules). */
export const plural = (count: number, one: string, many: string): string =>
  (shownLanguage() === 'fr' ? Math.abs(count) < 2 : count === 1) ? one : many;

/** A count as it is read. */
export const shownCount = (count: number): string =>
  shownLanguage() === 'fr' ? frenchNumber(count) : String(count);

/** A number with one decimal as it is read: `3.2`, `3,2`. */
export const shownDecimal = (value: number): string =>
  shownLanguage() === 'fr' ? frenchNumber(value.toFixed(1)) : value.toFixed(1);

/** A size or a duration of units.ts as it is read: `1.5 GB`, `1,5 Go`. */
export const shownQuantity = (quantity: string): string =>
  shownLanguage() === 'fr' ? frenchQuantity(quantity) : quantity;

/** A share, 0 to 1: `41 %`. */
export const shownPercent = (fraction: number): string =>
  `${Math.floor(fraction * 100)}${shownLanguage() === 'fr' ? '\u202f' : ' '}%`;

/** A piece of a sentence made in English (phrases.ts) as it is read. */
export const shownPhrase = (text: string): string => (shownLanguage() === 'fr' ? inFrench(text) : text);
