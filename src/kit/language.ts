import type { Language } from './errors/code.js';

let shown: Language = 'en';

/** The language of what a person reads in this process; JSON, logs and the journal are English in any. */
export const shownLanguage = (): Language => shown;

/** Chosen once, when the command begins, before anything is said. */
export function showIn(language: Language): void {
  shown = language;
}

/**
 * `--lang`, then BBB2POD_LANG, then the locale of messages as POSIX orders it: LC_ALL, LC_MESSAGES, LANG.
 * French where it begins with `fr`, English for everything else.
 */
export function languageOf(
  environment: Readonly<Record<string, string | undefined>>,
  explicit?: string,
): Language {
  const wanted = [explicit, environment['BBB2POD_LANG'], environment['LC_ALL'], environment['LC_MESSAGES']];
  const chosen = [...wanted, environment['LANG']].find((value) => value !== undefined && value !== '');
  return /^fr/i.test(chosen ?? '') ? 'fr' : 'en';
}
