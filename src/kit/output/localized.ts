import { shownLanguage } from '../language.js';

/**
 * What a person reads besides the coded texts: headings, labels, lines, each in both languages where it is said.
 * @example localized(`${count} done`, `${count} ${plural(count, 'terminé', 'terminés')}`)
 */
export const localized = (en: string, fr: string): string => (shownLanguage() === 'fr' ? fr : en);

/** The word that follows a count: English has the singular for 1, French for 0 and 1 (CLDR plural rules). */
export const plural = (count: number, one: string, many: string): string =>
  (shownLanguage() === 'fr' ? Math.abs(count) < 2 : count === 1) ? one : many;
