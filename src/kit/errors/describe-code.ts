import type { Code, CodeParameters, Language } from './code.js';
import type { CodeDefinition } from './define.js';
import { configured } from '../named-configuration.js';
import { fillIn } from './fill-in.js';
import { shownLanguage } from '../language.js';

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

/** A code's text and remedy with its parameters in place, in the language that the person reads unless given. */
export function describeCode(
  code: Code,
  parameters: CodeParameters = {},
  language: Language = shownLanguage(),
): { text: string; remedy: string } {
  const definition = definitionOf(code);
  if (definition === undefined) return { text: code, remedy: '' };
  const { text, remedy } = definition[language];
  return {
    text: fillIn(text, parameters, language),
    remedy: configured(fillIn(remedy, parameters, language)),
  };
}

/** The text alone, for what is told of each of a hundred thousand items. */
export function textOfCode(
  code: Code,
  parameters: CodeParameters = {},
  language: Language = shownLanguage(),
): string {
  const definition = definitionOf(code);
  return definition === undefined ? code : fillIn(definition[language].text, parameters, language);
}

/** The same of several that differ in their values: an ellipsis stands for each of these. */
export function describeSeveral(code: Code): { text: string; remedy: string } {
  const { text, remedy } = describeCode(code);
  const open = (part: string): string => part.replace(/\{\w+\}/g, '…');
  return { text: open(text), remedy: open(remedy) };
}
