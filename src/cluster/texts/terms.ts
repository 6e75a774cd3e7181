import type { CodeDefinition, Severity } from '../../kit/errors/define.js';

/** A property that is checked: its name and its story, in both languages. Findings of it are `ID-word`. */
export const property = (title: string, titre: string, story: string, histoire: string): CodeDefinition => ({
  severity: 'info',
  en: { text: title, remedy: '', explanation: story },
  fr: { text: titre, remedy: '', explanation: histoire },
});

/** A finding: what is wrong, and the command to type. */
export const finding = (
  severity: Severity,
  en: readonly [text: string, remedy: string],
  fr: readonly [text: string, remedy: string],
): CodeDefinition => ({
  severity,
  en: { text: en[0], remedy: en[1] },
  fr: { text: fr[0], remedy: fr[1] },
});
