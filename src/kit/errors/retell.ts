import { escapeRegExp } from '../escape-reg-exp.js';
import { shownLanguage } from '../language.js';
import { unconfigured } from '../named-configuration.js';
import type { Code } from './code.js';
import { definitionOf, describeCode } from './describe-code.js';

interface Failure {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

/**
 * A failure that was noted in English (the journal of attempts, a queue of conversions) in the language of the person who
 * reads it now: its values are found again in the English texts of its code. As noted where that cannot be.
 */
export function retell({ code, message, remedy }: Failure): { text: string; remedy: string } {
  const definition = definitionOf(code);
  const noted = { text: message, remedy };
  if (shownLanguage() === 'en' || definition === undefined) return noted;
  const said = valuesIn(definition.en.text, message);
  if (said === null) return noted;
  const asked = remedy === '' ? {} : valuesIn(definition.en.remedy, unconfigured(remedy));
  const told = describeCode(code as Code, { ...asked, ...said });
  return { text: told.text, remedy: asked === null ? remedy : told.remedy };
}

/** What stands in a text where its template has names; null when it is not of that template. */
function valuesIn(template: string, text: string): Record<string, string | number> | null {
  const names: { readonly name: string; readonly one?: string }[] = [];
  const pattern = template
    .split(/(\{\w+(?::[^{}|]*\|[^{}]*)?\})/)
    .map((part) => {
      const [, name, one, many] = /^\{(\w+)(?::([^{}|]*)\|([^{}]*))?\}$/.exec(part) ?? [];
      if (name === undefined) return escapeRegExp(part);
      if (one !== undefined && many !== undefined) {
        names.push({ name, one });
        return `(${escapeRegExp(one)}|${escapeRegExp(many)})`;
      }
      names.push({ name });
      return '([\\s\\S]*?)';
    })
    .join('');
  const values = new RegExp(`^${pattern}$`).exec(text)?.slice(1);
  if (values === undefined) return null;
  const found: Record<string, string | number> = {};
  names.forEach(({ name, one }, i) => {
    const value = values[i] ?? '';
    // A number that only chose between two words is known as far as it chose.
    if (one !== undefined) found[name] ??= value === one ? 1 : 2;
    else found[name] = /^\d+$/.test(value) ? Number(value) : value;
  });
  return found;
}
