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
  const text = language === 'fr' ? frenchSpaces(template) : template;
  return text.replace(NAMED, (whole, name: string, one?: string, many?: string) => {
    const value = parameters[name];
    if (value === undefined) return whole;
    if (one === undefined || many === undefined)
      return language === 'fr' ? french(value, text.includes(`{${name}:`)) : String(value);
    return isSingular(Number(value), language) ? one : many;
  });
}

function french(value: string | number, isCount: boolean): string {
  if (typeof value === 'string') return inFrench(frenchQuantity(value));
  return isCount || !Number.isInteger(value) ? frenchNumber(value) : String(value);
}

const isSingular = (count: number, language: Language): boolean =>
  language === 'fr' ? Math.abs(count) < 2 : count === 1;
