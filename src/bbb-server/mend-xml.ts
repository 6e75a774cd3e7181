import { MENDED } from '../kit/adapters/http/decode-text.js';

/* A recording that XML forbids is mended where that loses nothing but a character or the name of a metadata key.
   BBB writes names and metadata as people typed them, and some generations do not check them for XML. */

const REPLACEMENT = '\ufffd';
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
const MAYBE_MENDED = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|&#/;
/** CDATA sections are alternatives of their own, so that what looks like markup in them stays. */
const CDATA = '<!\\[CDATA\\[[\\s\\S]*?\\]\\]>';
const CHARACTER_REFERENCE = new RegExp(`${CDATA}|&#(?:x([0-9a-f]{1,20})|([0-9]{1,20}));`, 'gi');

/** Replaces characters that XML 1.0 (section 2.2) forbids, raw or as references. */
export function replaceForbidden(text: string): { readonly text: string; readonly mended: boolean } {
  if (!MAYBE_MENDED.test(text)) return { text, mended: false };
  const allowed = text
    .replaceAll(MENDED, '')
    .replace(FORBIDDEN, REPLACEMENT)
    .replace(CHARACTER_REFERENCE, (whole, hex?: string, decimal?: string) => {
      if (hex === undefined && decimal === undefined) return whole;
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return isXmlCharacter(code) ? whole : REPLACEMENT;
    });
  return { text: allowed, mended: allowed !== text };
}

const isXmlCharacter = (code: number): boolean =>
  code === 0x9 ||
  code === 0xa ||
  code === 0xd ||
  (code >= 0x20 && code <= 0xd7ff) ||
  (code >= 0xe000 && code <= 0xfffd) ||
  (code >= 0x10000 && code <= 0x10ffff);

const NAME = '[A-Za-z_:][\\w:.\\u00b7-\\uffff-]*';
const VALID_TAG = new RegExp(`^${NAME}(?:\\s+${NAME}\\s*=\\s*(?:"[^"<]*"|'[^'<]*'))*\\s*$`);
const TAG = new RegExp(`${CDATA}|<(/?)([^<>\\s/!?][^<>]*?)(/?)>|[<&]|\\]\\]>`, 'g');
const REFERENCE = /^&(?:amp|lt|gt|quot|apos|#[0-9]+|#x[0-9a-fA-F]+);/;

/**
 * Makes markup well-formed that is not: a tag whose name XML does not allow gets another one, what has no closing
 * counterpart is text, and so is a bare `<`, `&` or `]]>`.
 */
export function mendMarkup(text: string): string {
  const opened = new Set<string>();
  const closed = new Set<string>();
  for (const [, slash, name = ''] of text.matchAll(TAG))
    if (slash !== undefined) (slash === '/' ? closed : opened).add(keyOf(name));
  return text.replace(TAG, (whole, ...rest: (string | number | undefined)[]) => {
    const [slash, name, empty, offset] = rest;
    if (whole === '<') return '&lt;';
    if (whole === ']]>') return ']]&gt;';
    if (whole === '&') return REFERENCE.test(text.slice(Number(offset), Number(offset) + 12)) ? '&' : '&amp;';
    if (typeof slash !== 'string' || typeof name !== 'string') return whole;
    const key = keyOf(name);
    const paired = empty === '/' || (slash === '/' ? opened : closed).has(key);
    if (!paired) return whole.replace(/&/g, '&amp;').replace('<', '&lt;').replace('>', '&gt;');
    if (VALID_TAG.test(name)) return whole;
    return `<${slash}_${key.replace(/[^\w.-]+/g, '_')}${String(empty)}>`;
  });
}

/** A valid tag counts by its name without attributes, any other by all of its text. */
const keyOf = (tag: string): string => (VALID_TAG.test(tag) ? (tag.trim().split(/\s/)[0] ?? '') : tag.trim());
