import type { Placed, ShardKey } from './jitsi-trees.js';
import { lineOf, lintFinding, type LintResult } from './lint-file.js';
import { OUR } from './placed.js';

/** `<jms>`, `@@JMS@@`, `YOUR_DOMAIN`: what a page or a template wants filled in. */
const PLACEHOLDER = /<[^<>]*>|@@\w+@@|(^|[.@])__[A-Z][A-Z_\d]*__|^(your[-_ ].+|change[-_ ]?me.*)$/i;

/** Whether a value is what the program gets: neither computed nor a place to fill in. */
export const isPlain = ({ value, computed }: Placed): boolean => !computed && !PLACEHOLDER.test(value.trim());

/** `\=`, `\:`, `\#`, `\!`, `\\`: how Java itself writes these signs (java.util.Properties.store). */
const isKnown = (escape: string): boolean => /^\\[\\=:#! ]$/.test(escape);

/** Slips of one line that change its value: blanks, comments, quotes, an unquoted `#`, places left to fill in. */
export function lintWriting(node: string, key: ShardKey, placed: Placed): LintResult[] {
  const at = { ...OUR, node, file: placed.file, line: placed.line, parameters: { key } };
  const line = lineOf(placed.file, placed.line);
  if (placed.computed) return [lintFinding('J16-computed', at)];
  if (PLACEHOLDER.test(placed.value.trim())) return [lintFinding('J16-placeholder', at)];
  if (placed.generation === 'hocon') {
    if (placed.cut === null) return [];
    const replacement = line.replace(
      /([=:]\s*)([^"\s].*)$/s,
      (_, start: string, value: string) => `${start}"${value.trimEnd()}"`,
    );
    return [lintFinding('J16-cut', { ...at, replacement })];
  }
  if (/\s#/.test(placed.value))
    return [lintFinding('J16-comment', { ...at, replacement: line.replace(/(?<!\s)\s+#.*$/s, '') })];
  if (/[ \t]$/.test(placed.value))
    return [lintFinding('J16-blank', { ...at, replacement: line.replace(/(?<![ \t])[ \t]+$/, '') })];
  if (/^(["']).*\1$/.test(placed.value))
    return [
      lintFinding('J16-quotes', {
        ...at,
        // A password may begin and end with a quote.
        ...(key === 'PASSWORD' ? {} : { replacement: line.replace(/([=:]\s*)(["'])(.*)\2(\s*)$/, '$1$3$4') }),
      }),
    ];
  const escapes = placed.raw.match(/\\[^]?/g) ?? [];
  if (key === 'PASSWORD' && !escapes.every(isKnown))
    return [
      lintFinding('J16-backslash', {
        ...at,
        replacement: line.replaceAll(/\\[^]?/g, (escape) => (isKnown(escape) ? escape : `\\${escape}`)),
      }),
    ];
  return [];
}
