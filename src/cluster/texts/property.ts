import type { CodeDefinition } from '../../kit/errors/define.js';

/** A property that is checked: its name and its story, in both languages. Findings of it are `ID-word`. */
export const property = (title: string, titre: string, story: string, histoire: string): CodeDefinition => ({
  severity: 'info',
  en: { text: title, remedy: '', explanation: story },
  fr: { text: titre, remedy: '', explanation: histoire },
});
