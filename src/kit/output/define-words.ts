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

interface KnownWord {
  readonly key: string;
  readonly word: Word;
  readonly isWrapped: boolean;
}

const known: KnownWord[] = [];

/**
 * What a person reads beside the coded texts: headings, labels, lines, in the language of the person. One table for a
 * room, in its `words.ts`. Numbers are counts and quantities: what only looks like a number (an id, a port) goes in as
 * text.
 * @param more `isWrapped`: whoever shows them breaks their lines, as findings and failures are.
 * @example words.listed({ count, inRange })
 */
export function defineWords<const W extends Readonly<Record<string, Word>>>(
  words: W,
  { isWrapped = false }: { readonly isWrapped?: boolean } = {},
): Words<W> {
  const made = Object.entries(words).map(([key, word]) => {
    known.push({ key, word, isWrapped });
    return [key, (values: Values = {}) => say(word, values)];
  });
  return Object.fromEntries(made) as Words<W>;
}

/** Machine words (states, roles) as people read them; what has no entry reads as it is. Documents keep the machine's. */
export function defineNames(names: Readonly<Record<string, Word>>): (name: string) => string {
  const shown: Readonly<Record<string, () => string>> = defineWords(names) as never;
  return (name) => (Object.hasOwn(shown, name) ? (shown[name] as () => string)() : name);
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
export const definedWords = (): readonly KnownWord[] => known;
