import type { Language } from '../../kit/errors/code.js';
import { definitionOfCheck } from '../texts/check-codes.js';
import { checkIds, findingCodes } from './explain.js';

const WORDS = {
  en: {
    title: '# What `cluster check` looks at',
    intro:
      'One section per check, as `bbb2pod cluster check --explain ID` tells it. Words in braces are filled in. A finding that follows from another is shown under it. This page is generated (`npm run docs`).',
    systems: { J: 'Jitsi Meet', P: "Pod's workers", R: 'esup-runner', S: 'Streaming' },
    columns: '| Finding | Severity | What is wrong | What to type |',
    severity: { critical: 'critical', error: 'error', warning: 'warning', info: 'information' },
  },
  fr: {
    title: '# Ce que vérifie `cluster check`',
    intro:
      'Une section par vérification, comme le dit `bbb2pod cluster check --explain ID`. Les mots entre accolades sont remplacés. Un constat qui découle d’un autre est montré sous lui. Page engendrée (`npm run docs`).',
    systems: { J: 'Jitsi Meet', P: 'Les workers de Pod', R: 'esup-runner', S: 'Diffusion' },
    columns: '| Constat | Gravité | Ce qui ne va pas | Que taper |',
    severity: { critical: 'critique', error: 'erreur', warning: 'avertissement', info: 'information' },
  },
} as const;

/** The page of all checks in one language, from the same texts as the command's, as Markdown. */
export function renderChecksPage(language: Language): string {
  const { title, intro, systems, columns, severity } = WORDS[language];
  const parts: string[] = [title, '', intro, ''];
  let system = '';
  for (const id of checkIds()) {
    const letter = id[0] as keyof typeof systems;
    if (letter !== system) parts.push(`## ${systems[letter]}`, '');
    system = letter;
    const property = definitionOfCheck(id);
    parts.push(`### ${id} ${property[language].text}`, '', property[language].explanation ?? '', '');
    const rows = findingCodes(id).map((code) => {
      const definition = definitionOfCheck(code);
      const { text, remedy } = definition[language];
      return `| \`${code}\` | ${severity[definition.severity]} | ${cell(text)} | ${cell(remedy)} |`;
    });
    if (rows.length > 0) parts.push(columns, '| --- | --- | --- | --- |', ...rows, '');
  }
  return parts.join('\n');
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
