import { fillIn, type NamesIn } from '../errors/fill-in.js';
import { frenchNumber } from '../french.js';
import { shownLanguage } from '../language.js';

/** English, French. `{name}` and `{count:one|many}` as in coded texts (fill-in.ts). */
type Word = readonly [en: string, fr: string];
type Values = Readonly<Record<string, string | number>>;

type Words<W extends Readonly<Record<string, Word>>> = {
  readonly [K in keyof W]: [NamesIn<W[K][0]>] extends [never]
    ? () => string
    : (values: Readonly<Record<NamesIn<W[K][0]>, string | number>>) => string;
};

const known: { readonly key: string; readonly word: Word }[] = [];

/**
 * What a person reads beside the coded texts: headings, labels, lines, in the language of the person. One table for a
 * room, in its `words.ts`. Numbers are counts and quantities: what only looks like a number (an id, a port) goes in as
 * text.
 * @example words.listed({ count, inRange })
 */
export function defineWords<const W extends Readonly<Record<string, Word>>>(words: W): Words<W> {
  const made = Object.entries(words).map(([key, word]) => {
    known.push({ key, word });
    return [key, (values: Values = {}) => say(word, values)];
  });
  return Object.fromEntries(made) as Words<W>;
}

function say([en, fr]: Word, values: Values): string {
  if (shownLanguage() === 'en') return fillIn(en, values, 'en');
  // A number that chooses a word stays one: fillIn writes it.
  const shown = Object.entries(values).map(([name, value]) => [
    name,
    typeof value === 'number' && !fr.includes(`{${name}:`) ? frenchNumber(value) : value,
  ]);
  return fillIn(fr, Object.fromEntries(shown) as Values, 'fr');
}

/** Every word of every table, for the test that walks them. */
export const definedWords = (): readonly { readonly key: string; readonly word: Word }[] => known;
