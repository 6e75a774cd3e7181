/**
 * Fits text to a column: what its character set cannot store becomes U+FFFD (or `?`), and what is longer is cut.
 * Lengths count characters, as MariaDB and PostgreSQL do. `changed` says whether a character was replaced.
 */
export function fitText(
  text: string,
  column: { readonly length: number; readonly characterSet: string | null },
): { text: string; replaced: boolean } {
  const storable = toStorable(text, column.characterSet);
  // A text has at most as many characters as UTF-16 has units.
  const fitted =
    storable.length > column.length ? Array.from(storable).slice(0, column.length).join('') : storable;
  return { text: fitted, replaced: storable !== text };
}

/** Lone surrogates and NUL are in no encoding that a database accepts. */
const NOWHERE = /\0|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

function toStorable(text: string, characterSet: string | null): string {
  const clean = text.replace(NOWHERE, '\uFFFD');
  if (characterSet === null || characterSet === 'utf8mb4') return clean;
  if (characterSet === 'utf8' || characterSet === 'utf8mb3' || characterSet === 'ucs2')
    return clean.replace(/[\u{10000}-\u{10FFFF}]/gu, '\uFFFD');
  // latin1 and its kin: only what all of them share is certain.
  return clean.replace(/[^\u0020-\u007E\u00A0-\u00FF]/gu, '?');
}
