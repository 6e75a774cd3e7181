import { Secret, secretPattern } from './secret.js';

/** Secrets that a URL may carry: user information, and the parameters that BBB, Scalelite and tokens use. */
const URL_PASSWORD = /(\b[a-z][a-z0-9+.-]*:\/\/)([^\s/?#@"']*)@/gi;
const SECRET_PARAMETER =
  /([?&](?:checksum|token|password|passwd|pass|pwd|sessionToken|secret|key)=)[^&\s"'<>]*/gi;

/** What `URL_PASSWORD` says of the text behind `://`: asked there only, it costs nothing. */
const USER_INFORMATION = /[^\s/?#@"']*@/y;
const SECRET_PARAMETER_THERE = new RegExp(SECRET_PARAMETER.source, 'i');

/** Removes credentials from any text that is about to be shown, logged or journalled. Before it is cut, never after. */
export function redactText(text: string): string {
  let safe = text;
  // Most texts hold neither: a look is much cheaper than a replacement.
  if (safe.includes('@') && safe.includes('://')) safe = safe.replace(URL_PASSWORD, '$1***@');
  if (safe.includes('=')) safe = safe.replace(SECRET_PARAMETER, '$1***');
  const known = secretPattern();
  if (known !== null) safe = safe.replace(known, '***');
  return safe;
}

/**
 * JSON of a value without credentials. One look at the whole text tells whether any string of it may hold some: of a
 * hundred thousand items hardly one does, and to take each apart costs more than to write it.
 */
export function redactedJson(value: unknown): string {
  const text = JSON.stringify(value);
  return mayHoldSecrets(text) ? JSON.stringify(redactTree(value)) : text;
}

/** `redactTree` of a record (texts, numbers, no instance of `Secret`): the same one when there is nothing to hide. */
export const redactRecord = <T extends object>(record: T): T =>
  mayHoldSecrets(JSON.stringify(record)) ? (redactTree(record) as T) : record;

/** True when a string within this text (JSON: its quoting hides none of these marks) may match what `redactText` replaces. */
export function mayHoldSecrets(text: string): boolean {
  for (let at = text.indexOf('://'); at !== -1; at = text.indexOf('://', at + 3)) {
    USER_INFORMATION.lastIndex = at + 3;
    if (USER_INFORMATION.test(text)) return true;
  }
  if (text.includes('=') && SECRET_PARAMETER_THERE.test(text)) return true;
  const known = secretPattern();
  return known !== null && text.search(known) !== -1;
}

/** Replaces the secrets of a configuration tree by `***`, for `doctor` and reports. */
export function redactTree(value: unknown): unknown {
  if (value instanceof Secret) return '***';
  if (typeof value === 'string') return redactText(value);
  if (Array.isArray(value)) return value.map(redactTree);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, redactTree(inner)]));
  }
  return value;
}
