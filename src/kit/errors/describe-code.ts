import type { Code, CodeParameters, Language } from './code.js';
import type { CodeDefinition } from './define.js';

const known = new Map<string, CodeDefinition>();

/** Makes definitions known under their codes. @throws Error when a code has two definitions */
export function registerCodes(codes: Readonly<Record<string, CodeDefinition>>): void {
  for (const [code, definition] of Object.entries(codes)) {
    const other = known.get(code);
    if (other !== undefined && other !== definition) throw new Error(`two texts are called ${code}`);
    known.set(code, definition);
  }
}

/** The definition of a code; undefined for one that this version does not know (a journal may be older or newer). */
export const definitionOf = (code: string): CodeDefinition | undefined => known.get(code);

/** Renders a code's text and remedy in one language, with its parameters in place. */
export function describeCode(
  code: Code,
  parameters: CodeParameters = {},
  language: Language = 'en',
): { text: string; remedy: string } {
  const definition = definitionOf(code);
  if (definition === undefined) return { text: code, remedy: '' };
  const { text, remedy } = definition[language];
  return { text: fillIn(text, parameters), remedy: fillIn(remedy, parameters) };
}

const fillIn = (template: string, parameters: CodeParameters): string =>
  template.replace(/\{(\w+)\}/g, (whole, name: string) => String(parameters[name] ?? whole));
