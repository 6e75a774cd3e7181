import type { Code } from '../../kit/errors/code.js';
import { shownLanguage } from '../../kit/language.js';
import { checkClusterCodes, definitionOfCheck } from '../texts/check-codes.js';
import { wrap } from './render-table.js';
import { clusterCheckTexts } from '../texts/check.js';

const CHECK_ID = /^[JPRS]\d\d$/;

/** Every check that exists, in order: J01 … S21. */
export const checkIds = (): string[] =>
  Object.keys(checkClusterCodes)
    .filter((code) => CHECK_ID.test(code))
    .sort();

/**
 * Reads `--only` and `--explain`: `S09,P07`; letters' case does not matter.
 * @throws OperatorError cluster-check-unknown-id.
 */
export function parseCheckIds(text: string): string[] {
  const known = checkIds();
  if (text.trim().toLowerCase() === 'all') return known;
  return text
    .split(',')
    .map((part) => part.trim().toUpperCase())
    .filter((part) => part !== '')
    .map((id) => {
      if (!known.includes(id)) throw clusterCheckTexts.clusterCheckUnknownId({ id });
      return id;
    });
}

/** The whole story of one check: what it tests and how, and each finding with its remedy. */
export function explainCheck(id: string): string {
  const language = shownLanguage();
  const { text, explanation = '' } = definitionOfCheck(id)[language];
  const findings = findingCodes(id).map((code) => {
    const definition = definitionOfCheck(code);
    const { text: said, remedy } = definition[language];
    return [
      `  ${definition.severity.padEnd(8)} ${code}`,
      wrap(`    ${said}`, 4),
      wrap(`    -> ${remedy}`, 7),
    ].join('\n');
  });
  return [`${id}  ${text}`, wrap(explanation, 0), ...findings].join('\n\n');
}

/** Codes of a check's findings. */
export const findingCodes = (id: string): Code[] =>
  Object.keys(checkClusterCodes).filter((code) => code.startsWith(`${id}-`)) as Code[];
