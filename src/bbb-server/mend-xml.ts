import { MENDED } from '../kit/adapters/http/decode-text.js';

/* A recording that XML forbids is mended where that loses nothing but a character or the name of a metadata key.
   BBB writes names and metadata as people typed them, and some generations do not check them for XML. */

const REPLACEMENT = '\ufffd';
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
const MAYBE_MENDED = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|&#/;
/** CDATA sections are alternatives of their own, so that what looks like markup in them stays. */
const CDATA = '<!\\[CDATA\\[[\\s\\S]*?\\]\\]>';

interface Outside {
  /** For the text up to the last `]]>`, and for what follows: there no section ends, and none is looked for. */
  readonly before: RegExp;
  readonly behind: RegExp;
}

function outsideCdata(pattern: string, flags: string): Outside {
  return { before: new RegExp(`${CDATA}|${pattern}`, flags), behind: new RegExp(pattern, flags) };
}

type Replacer = (whole: string, offset: number, groups: readonly (string | undefined)[]) => string;

function replaceOutside(text: string, { before, behind }: Outside, replace: Replacer): string {
  const last = text.lastIndexOf(']]>');
  const end = last < 0 ? 0 : last + 3;
  const from =
    (start: number) =>
    (whole: string, ...rest: (string | number | undefined)[]): string =>
      replace(whole, start + Number(rest.at(-2)), rest.slice(0, -2) as (string | undefined)[]);
  return text.slice(0, end).replace(before, from(0)) + text.slice(end).replace(behind, from(end));
}
const CHARACTER_REFERENCE = outsideCdata('&#(?:x([0-9a-f]{1,20})|([0-9]{1,20}));', 'gi');

/** Replaces characters that XML 1.0 (section 2.2) forbids, raw or as references. */
export function replaceForbidden(text: string): { readonly text: string; readonly mended: boolean } {
  if (!MAYBE_MENDED.test(text)) return { text, mended: false };
  const plain = text.replaceAll(MENDED, '').replace(FORBIDDEN, REPLACEMENT);
  const allowed = replaceOutside(plain, CHARACTER_REFERENCE, (whole, _, [hex, decimal]) => {
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

/** Letters of names; none of the blanks beyond ASCII, or a long run of them is tried in every way. */
const NAME =
  '[A-Za-z_:][\\w:.\\u00b7-\\u167f\\u1681-\\u1fff\\u200b-\\u2027\\u202a-\\u202e\\u2030-\\u205e\\u2060-\\u2fff\\u3001-\\ufefe\\uff00-\\uffff-]*';
const VALID_TAG = new RegExp(`^${NAME}(?:\\s+${NAME}\\s*=\\s*(?:"[^"<]*"|'[^'<]*'))*\\s*$`);
const TAG = outsideCdata('<(/?)([^<>\\s/!?][^<>]*?)(/?)>|[<&]|\\]\\]>', 'g');
const REFERENCE = /^&(?:amp|lt|gt|quot|apos|#[0-9]+|#x[0-9a-fA-F]+);/;

/**
 * Makes markup well-formed that is not: a tag whose name XML does not allow gets another one, what has no closing
 * counterpart is text, and so is a bare `<`, `&` or `]]>`.
 */
export function mendMarkup(text: string): string {
  const opened = new Set<string>();
  const closed = new Set<string>();
  replaceOutside(text, TAG, (whole, _, [slash, name = '']) => {
    if (slash !== undefined) (slash === '/' ? closed : opened).add(keyOf(name));
    return whole;
  });
  return replaceOutside(text, TAG, (whole, offset, [slash, name, empty]) => {
    if (whole === '<') return '&lt;';
    if (whole === ']]>') return ']]&gt;';
    if (whole === '&') return REFERENCE.test(text.slice(offset, offset + 12)) ? '&' : '&amp;';
    if (slash === undefined || name === undefined) return whole;
    const key = keyOf(name);
    const paired = empty === '/' || (slash === '/' ? opened : closed).has(key);
    if (!paired) return whole.replace(/&/g, '&amp;').replace('<', '&lt;').replace('>', '&gt;');
    if (VALID_TAG.test(name)) return whole;
    return `<${slash}_${key.replace(/[^\w.-]+/g, '_')}${String(empty)}>`;
  });
}

/** A valid tag counts by its name without attributes, any other by all of its text. */
const keyOf = (tag: string): string => (VALID_TAG.test(tag) ? (tag.trim().split(/\s/)[0] ?? '') : tag.trim());
