import type { Code, Language } from '../../kit/errors/code.js';
import { catalog } from '../kit/catalog.js';
import type { CodeDefinition } from '../../kit/errors/define.js';

const TITLES = {
  en: {
    head: '# Codes',
    intro:
      'Every message of bbb2pod carries a code that never changes. Words in braces are filled in. This page is generated (`npm run docs`).',
    columns: ['Code', 'Severity', 'Text', 'What to do'],
    exit: 'Codes that end a command with status 2 (usage or configuration) are marked *.',
  },
  fr: {
    head: '# Codes',
    intro:
      'Chaque message de bbb2pod porte un code qui ne change jamais. Les mots entre accolades sont remplacés. Page engendrée (`npm run docs`).',
    columns: ['Code', 'Gravité', 'Texte', 'Que faire'],
    exit: 'Les codes qui terminent une commande avec le statut 2 (usage ou configuration) sont marqués *.',
  },
} as const;

const SEVERITIES: Record<Language, Record<CodeDefinition['severity'], string>> = {
  en: { critical: 'critical', error: 'error', warning: 'warning', info: 'info' },
  fr: { critical: 'critique', error: 'erreur', warning: 'avertissement', info: 'information' },
};

/** The table of all codes in one language, in the alphabet's order, as Markdown. */
export function renderCodes(language: Language): string {
  const { head, intro, columns, exit } = TITLES[language];
  const rows = (Object.keys(catalog) as Code[]).sort().map((code) => {
    const definition: CodeDefinition = catalog[code];
    const { text, remedy } = definition[language];
    const mark = definition.exitStatus === 2 ? '*' : '';
    return `| \`${code}\`${mark} | ${SEVERITIES[language][definition.severity]} | ${cell(text)} | ${cell(remedy)} |`;
  });
  return [
    head,
    '',
    intro,
    exit,
    '',
    `| ${columns.join(' | ')} |`,
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

const cell = (text: string): string =>
  text
    .replaceAll('|', '\\|')
    .replaceAll('<', '&lt;')
    .replace(/\s*\n\s*/g, ' ');
