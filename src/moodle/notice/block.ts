import type { RenderedNotice } from './render-notice.js';

/** Moodle's text formats. */
export const FORMAT = { auto: 0, html: 1, plain: 2, markdown: 4 } as const;

const CLASS = 'bbb2pod-notice';
/** The class that says whose block it is: all that Moodle's cleaning keeps (docs/domain/moodle.md, "Texts of activities"). */
export const markerClass = (campaign: string): string => `${CLASS}-${campaign}`;

/** Renders the one block that is appended: HTML on one line, or text between two rules for plain-text intros. */
export function renderBlock(notice: RenderedNotice, campaign: string, format: number): string {
  const marker = markerClass(campaign);
  if (format === FORMAT.plain) return `[${marker}]\n${notice.text}\n[/${marker}]`;
  return `<div class="alert alert-info ${CLASS} ${marker}">${notice.html}</div>`;
}

/** Markdown takes HTML after an empty line; plain text is set apart. HTML needs nothing before a block element. */
const separatorFor = (format: number): string =>
  format === FORMAT.markdown || format === FORMAT.plain ? '\n\n' : '';

/** Appends, never prepends: Moodle sends the first 64 characters of the intro to BBB as description. */
export function appendBlock(intro: string | null, block: string, format: number): string {
  const before = intro ?? '';
  return before === '' ? block : before + separatorFor(format) + block;
}

export interface FoundBlock {
  /** The separator we put before it belongs to it. */
  readonly start: number;
  readonly end: number;
}

export type BlockSearch =
  | { readonly state: 'absent' }
  | { readonly state: 'found'; readonly at: FoundBlock }
  /** Present, but where it ends cannot be told for certain: copied, nested or torn by an edit. */
  | { readonly state: 'unclear' };

/** Finds this campaign's block in a text that a teacher's editor may have saved again. */
export function findBlock(intro: string | null, campaign: string, format: number): BlockSearch {
  const text = intro ?? '';
  const marker = markerClass(campaign);
  return format === FORMAT.plain ? findText(text, marker) : findHtml(text, marker, format);
}

/** Removes the block, leaving every other byte. */
export const cutBlock = (intro: string, at: FoundBlock): string =>
  intro.slice(0, at.start) + intro.slice(at.end);

function findText(text: string, marker: string): BlockSearch {
  const opening = `[${marker}]`;
  const closing = `[/${marker}]`;
  const start = text.indexOf(opening);
  const closes = text.indexOf(closing, start + 1);
  if (start < 0 && closes < 0) return { state: 'absent' };
  const twice = text.indexOf(opening, start + 1) >= 0 || text.indexOf(closing, closes + 1) >= 0;
  if (start < 0 || closes < 0 || twice) return { state: 'unclear' };
  return { state: 'found', at: { start: withSeparator(text, start), end: closes + closing.length } };
}

function findHtml(text: string, marker: string, format: number): BlockSearch {
  const openings = [...text.matchAll(/<div\b([^<>]*)>/gi)].filter(([, attributes = '']) =>
    classesOf(attributes).includes(marker),
  );
  const [opening] = openings;
  if (opening === undefined) return hasClass(text, marker) ? { state: 'unclear' } : { state: 'absent' };
  if (openings.length > 1) return { state: 'unclear' };
  const inside = opening.index + opening[0].length;
  const closing = /<\/div\s*>/gi;
  closing.lastIndex = inside;
  const end = closing.exec(text);
  // A notice holds no <div>: one in between came from elsewhere, and the next </div> may be its own.
  if (end === null || /<div\b/i.test(text.slice(inside, end.index))) return { state: 'unclear' };
  const start = format === FORMAT.markdown ? withSeparator(text, opening.index) : opening.index;
  return { state: 'found', at: { start, end: end.index + end[0].length } };
}

const CLASSES = /\bclass\s*=\s*(["'])([^"']*)\1/gi;
const hasClass = (text: string, marker: string): boolean =>
  [...text.matchAll(CLASSES)].some((match) => (match[2] ?? '').split(/\s+/).includes(marker));

/** Classes of a tag's attributes: of the last one, where a tag has several. */
const classesOf = (attributes: string): string[] =>
  ([...attributes.matchAll(CLASSES)].at(-1)?.[2] ?? '').split(/\s+/);

function withSeparator(text: string, start: number): number {
  const before = text.slice(0, start);
  if (before.endsWith('\r\n\r\n')) return start - 4;
  return before.endsWith('\n\n') ? start - 2 : start;
}

/** Why nothing can be appended: the teacher's text ends inside something that would swallow it. Null when it can. */
export function swallows(intro: string | null, format: number): string | null {
  const text = intro ?? '';
  if (format === FORMAT.plain) return null;
  if (text.lastIndexOf('<!--') > text.lastIndexOf('-->')) return '<!--';
  for (const tag of ['script', 'style', 'textarea', 'title', 'xmp', 'iframe', 'noscript', 'select']) {
    const opened = lastTag(text, `<${tag}(?=[\\s>/])`);
    if (opened > lastTag(text, `</${tag}(?=[\\s>/])`)) return `<${tag}>`;
  }
  const fences = text.split('\n').filter((line) => /^ {0,3}(```|~~~)/.test(line));
  return format === FORMAT.markdown && fences.length % 2 === 1 ? '```' : null;
}

const lastTag = (text: string, pattern: string): number =>
  [...text.matchAll(new RegExp(pattern, 'gi'))].at(-1)?.index ?? -1;

/** Characters beyond the basic plane as entities, for 3-byte utf8 columns; plain text has no entities. */
export const asciiSafe = (block: string, format: number): string =>
  block.replace(/[\u{10000}-\u{10ffff}]/gu, (character) =>
    format === FORMAT.plain ? '?' : `&#x${(character.codePointAt(0) ?? 0xfffd).toString(16)};`,
  );

/** Longest run of blanks between `<br>` and what follows it: the script wrote one at most. */
const BREAK = 100;
/** The `<br>` before it was the script's, too. */
const withBreak = (text: string, start: number): number =>
  start - (/<br\s*\/?>\s*$/i.exec(text.slice(Math.max(0, start - BREAK), start))?.[0].length ?? 0);

/**
 * The message that Pod's old migration script appended: a `<p>` of class `alert alert-dark` that speaks of BBB or
 * links to Pod's import page. A text that merely mentions Pod is none.
 */
export function findLegacy(intro: string | null): FoundBlock | null {
  const text = intro ?? '';
  const opening = /<p\b([^<>]*)>/gi;
  const closing = /<\/p\s*>/gi;
  // Teachers write these texts: each character is looked at once, whatever stands there.
  for (let found = opening.exec(text); found !== null; found = opening.exec(text)) {
    const classes = classesOf(found[1] ?? '');
    if (!classes.includes('alert') || !classes.includes('alert-dark')) continue;
    closing.lastIndex = opening.lastIndex;
    const end = closing.exec(text);
    if (end === null) return null;
    if (/\/import_video\/|\bbigbluebutton\b|\bBBB\b/i.test(text.slice(opening.lastIndex, end.index)))
      return { start: withBreak(text, found.index), end: end.index + end[0].length };
    opening.lastIndex = closing.lastIndex;
  }
  return null;
}
