import { escapeRegExp } from '../escape-reg-exp.js';
import { frenchQuantity, frenchSpaces } from '../french.js';

/** English as the code makes it, French as it is read; `{…}` stands for whatever is said there. */
export type Phrase = readonly [en: string, fr: string];

interface Known {
  readonly phrase: Phrase;
  readonly pattern: RegExp;
  /** The names in the order in which the English says them. */
  readonly names: readonly string[];
  /** How much of it stands as it is. */
  readonly fixed: number;
}

const known: Known[] = [];

/**
 * Makes known the pieces of sentences that stand as a parameter in a coded text: a detail, a reason. They are made in
 * English, so that journals, logs and JSON are the same everywhere; where a person reads French they are known again.
 */
export function knowPhrases(phrases: readonly Phrase[]): void {
  for (const phrase of phrases) {
    const [en] = phrase;
    const fixed = en.split(/\{\w+\}/).map(escapeRegExp);
    const names = [...en.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
    const pattern = new RegExp(`^${fixed.join('(.+?)')}$`, 's');
    known.push({ phrase, names, pattern, fixed: fixed.join('').length });
  }
}

/** Every phrase, for the test that walks them. */
export const knownPhrases = (): readonly Phrase[] => known.map(({ phrase }) => phrase);

/** A parameter in French, when it is one of the phrases, or several of them behind one another; else as it is. */
export function inFrench(text: string): string {
  const parts = text.split('; ');
  const shown = parts.map(phraseInFrench);
  const whole = shown.includes(null) ? phraseInFrench(text) : null;
  if (whole !== null) return whole;
  return shown.every((part) => part === null)
    ? text
    : shown.map((part, i) => part ?? parts[i] ?? '').join('\u202f; ');
}

function phraseInFrench(text: string): string | null {
  // The phrase that says most of a text is the one that was made, whichever table came first.
  const fitting = known.filter(({ pattern }) => pattern.test(text));
  const [first, ...others] = fitting;
  if (first === undefined) return null;
  const { pattern, phrase, names } = others.reduce(
    (best, one) => (one.fixed > best.fixed ? one : best),
    first,
  );
  const values = pattern.exec(text)?.slice(1) ?? [];
  return frenchSpaces(phrase[1]).replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[names.indexOf(name)];
    return value === undefined ? whole : (phraseInFrench(value) ?? frenchQuantity(value));
  });
}
