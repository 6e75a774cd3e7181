/** Of smol-toml's reasons, those that people meet. */
const PLAINER: Readonly<Record<string, string>> = {
  'unfinished string': 'the quotation mark that ends the text is missing',
  'control characters are not allowed in strings': 'the quotation mark that ends the text is missing',
  'unfinished array': 'the ] that ends the list is missing',
  'expected comma or end of structure': 'a comma is missing, or the end of the list',
  'illegal character in key': 'the name of a key or section has a character that it may not have',
};

/**
 * What a person changes in a line that is no TOML 1.0, where the parser's own reason would not tell. Values are never
 * quoted: they may be secrets.
 * @param line from 1, as the parser names it.
 * @param said by the parser, its picture of the place included.
 */
export function explainToml(text: string, line: number, said: string): string {
  const reason = (said.split('\n')[0] ?? '').replace('Invalid TOML document: ', '');
  if (text.includes('\0')) return 'it is not in UTF-8';
  const content = text.split(/\r?\n/)[line - 1] ?? '';
  const outside = content.replace(/"[^"]*"|'[^']*'/g, '');
  if (/[\u2018-\u201f\u00ab\u00bb]/.test(outside))
    return 'a quotation mark that TOML does not know, write the plain one';
  if (/[\u00a0\u2000-\u200f\u202f\u2060\ufeff]/.test(outside))
    return 'an invisible character that is no plain space: type the line again';
  if (reason.startsWith('trying to redefine')) return 'this section or key is there a second time';
  if (reason === 'unrecognised escape sequence') return 'a backslash between double quotes is written twice';
  const key = /^\s*([\w-]{1,40})\s*=\s*[^\s"'[{]/.exec(content)?.[1];
  if (key !== undefined && /value|date|literal|leading zero|underscore|end-of-line/.test(reason))
    return `a text stands between double quotes, as in ${key} = "…"`;
  if (!content.includes('=') && !content.includes('['))
    return 'neither a [section] nor key = value stands there';
  return PLAINER[reason] ?? reason;
}
