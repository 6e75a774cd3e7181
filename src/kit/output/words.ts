import { fillIn, type NamesIn } from '../errors/fill-in.js';
import { shownLanguage } from '../language.js';

type Word = Readonly<{ en: string; fr: string }>;
type Say<W extends Word> = [NamesIn<W['en']>] extends [never]
  ? () => string
  : (parameters: Readonly<Record<NamesIn<W['en']>, string | number>>) => string;

/**
 * What a command says besides its coded texts: headings, labels, lines. In the language that the person reads.
 * @example words.listed({ count: 3 }) // '3 recordings listed'
 */
export function defineWords<const W extends Record<string, Word>>(
  words: W,
): { readonly [K in keyof W]: Say<W[K]> } {
  const say = ([name, word]: [string, Word]) => [
    name,
    (parameters: Readonly<Record<string, string | number>> = {}) =>
      fillIn(word[shownLanguage()], parameters, shownLanguage()),
  ];
  return Object.fromEntries(Object.entries(words).map(say)) as { readonly [K in keyof W]: Say<W[K]> };
}
