import { frenchNumber, frenchQuantity, frenchSpaces } from '../french.js';
import type { Language } from './code.js';
import { inFrench } from './phrases.js';

/** The names that a text has in braces: `{name}`, or `{count:recording|recordings}` for a word that follows a count. */
export type NamesIn<S extends string> = string extends S
  ? string
  : S extends `${string}{${infer Inner}}${infer Rest}`
    ? (Inner extends `${infer Name}:${string}` ? Name : Inner) | NamesIn<Rest>
    : never;

const NAMED = /\{(\w+)(?::([^{}|]*)\|([^{}]*))?\}/g;

/** A name of a template, as it stands there. */
interface Named {
  readonly whole: string;
  readonly name: string;
  /** The words that a count chooses from; null for a value that is shown. */
  readonly words: readonly [one: string, many: string] | null;
  /** Whether the template chooses a word by it: then it counts something. */
  readonly isCount: boolean;
}

type Part = string | Named;

/** Templates are the program's own, some two thousand; a batch fills a few of them for each of its items. */
const taken = { en: new Map<string, readonly Part[]>(), fr: new Map<string, readonly Part[]>() };
const TEMPLATES_KEPT = 5000;

/**
 * Puts parameters into a text. `{count:one|many}` chooses a word by the count: English has the singular for 1, French for
 * 0 and 1 (CLDR plural rules). What has no parameter stays as it is. In French, counts and quantities read as French
 * has them; a number that counts nothing (a port, a status, a line) stays as it is.
 */
export function fillIn(
  template: string,
  parameters: Readonly<Record<string, string | number>>,
  language: Language,
): string {
  let filled = '';
  for (const part of partsOf(template, language)) {
    if (typeof part === 'string') filled += part;
    else filled += shownAs(part, parameters[part.name], language);
  }
  return filled;
}

function shownAs(part: Named, value: string | number | undefined, language: Language): string {
  if (value === undefined) return part.whole;
  if (part.words === null) return language === 'fr' ? french(value, part.isCount) : String(value);
  return part.words[isSingular(Number(value), language) ? 0 : 1];
}

function partsOf(template: string, language: Language): readonly Part[] {
  const known = taken[language];
  let parts = known.get(template);
  if (parts === undefined) {
    parts = takeApart(language === 'fr' ? frenchSpaces(template) : template);
    if (known.size >= TEMPLATES_KEPT) known.clear();
    known.set(template, parts);
  }
  return parts;
}

function takeApart(text: string): Part[] {
  const parts: Part[] = [];
  let after = 0;
  for (const { 0: whole, 1: name = '', 2: one, 3: many, index } of text.matchAll(NAMED)) {
    if (index > after) parts.push(text.slice(after, index));
    const words = one === undefined || many === undefined ? null : ([one, many] as const);
    parts.push({ whole, name, words, isCount: text.includes(`{${name}:`) });
    after = index + whole.length;
  }
  if (after < text.length) parts.push(text.slice(after));
  return parts;
}

function french(value: string | number, isCount: boolean): string {
  if (typeof value === 'string') return inFrench(frenchQuantity(value));
  return isCount || !Number.isInteger(value) ? frenchNumber(value) : String(value);
}

const isSingular = (count: number, language: Language): boolean =>
  language === 'fr' ? Math.abs(count) < 2 : count === 1;
