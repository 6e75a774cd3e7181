import { Secret, secretPattern } from './secret.js';

/** Secrets that a URL may carry: user information, and the parameters that BBB, Scalelite and tokens use. */
const URL_PASSWORD = /(\b[a-z][a-z0-9+.-]*:\/\/)([^\s/?#@"']*)@/gi;
const SECRET_PARAMETER =
  /([?&](?:checksum|token|password|passwd|pass|pwd|sessionToken|secret|key)=)[^&\s"'<>]*/gi;

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
