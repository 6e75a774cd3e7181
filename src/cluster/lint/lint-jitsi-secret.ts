import type { BridgeTree, Placed } from './jitsi-trees.js';
import { lintFinding, type LintResult } from './lint-file.js';
import { effective, OUR } from './placed.js';
import { words } from '../words.js';

/** Turns a secret into something that may be compared and never shown. */
export type HashSecret = (secret: string) => string;

/** The bridge's password and its environment file against the server's secret, by hash alone. */
export function lintSecret(bridge: BridgeTree, secret: Placed | null, hash: HashSecret): LintResult[] {
  if (secret === null || secret.computed || effective(bridge, 'PASSWORD')?.computed === true) return [];
  const { node } = bridge;
  const password = effective(bridge, 'PASSWORD');
  const same = (placed: Placed): boolean => hash(placed.value) === hash(secret.value);
  const wrong = password !== null && !same(password);
  const source = `${secret.file.path}:${secret.line}`;
  if (wrong && password.cut === null && !/[ \t]$|\s#/.test(password.value))
    return [
      lintFinding('J16-password', {
        ...{ ...OUR, node, file: password.file, line: password.line },
        parameters: { key: 'PASSWORD', source, difference: describeDifference(password.value, secret.value) },
      }),
    ];
  if (!wrong && bridge.secret !== null && !same(bridge.secret))
    return [
      lintFinding('J16-secret', {
        ...{ ...OUR, node, file: bridge.secret.file, line: bridge.secret.line },
        parameters: { key: 'JVB_SECRET', source },
      }),
    ];
  return [];
}

/** How two secrets differ, without a character of either. */
export function describeDifference(one: string, other: string): string {
  if (one.trim() === other.trim()) return words.byBlanks();
  if (one.toLowerCase() === other.toLowerCase()) return words.byCase();
  if (one.replaceAll(/["']/g, '') === other.replaceAll(/["']/g, '')) return words.byQuotes();
  if (other.startsWith(one) || one.startsWith(other))
    return words.byEnd({ one: one.length, other: other.length });
  return one.length === other.length
    ? words.sameLengthOtherCharacters()
    : words.byLength({ one: one.length, other: other.length });
}
