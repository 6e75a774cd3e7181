import type { Fragment, Token, Variable } from './parse-fragment.js';

/** A recording as the notice lists it. */
export interface ListedRecording {
  readonly title: string;
  /** Day of the session, as people read it. */
  readonly day: string;
  /** Where to look at it; null without a link. */
  readonly url: string | null;
}

export type NoticeValues = Readonly<Record<Exclude<Variable, 'recordings'>, string>> & {
  readonly recordings: readonly ListedRecording[];
};

/** The message in both forms: HTML on one line, and plain text. */
export interface RenderedNotice {
  readonly html: string;
  readonly text: string;
}

/** Fills in a checked fragment. Every value is escaped: titles come from anybody. */
export function renderNotice(fragment: Fragment, values: NoticeValues): RenderedNotice {
  return {
    html: oneLine(fragment.tokens.map((token) => htmlOf(token, values)).join('')),
    text: tidy(fragment.tokens.map((token, i) => textOf(token, values, fragment.tokens, i)).join('')),
  };
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Controls and marks that reorder text have no place in a title. */
const HARMLESS = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]/g;
const plain = (text: string): string => text.replace(HARMLESS, ' ').replace(/\s+/g, ' ').trim();

/** Escapes one value for HTML text and quoted attributes. */
const escapeValue = (text: string): string =>
  plain(text).replace(/[&<>"']/g, (mark) => ESCAPES[mark] ?? mark);

const isWeb = (url: string): boolean => /^https?:\/\//i.test(url) && URL.canParse(url);

function htmlOf(token: Token, values: NoticeValues): string {
  if (token.kind === 'text') return fillIn(token.text, values, true);
  if (token.kind === 'close') return `</${token.tag}>`;
  const attributes = token.attributes.map(({ name, value }) => ` ${name}="${attributeValue(value, values)}"`);
  return `<${token.tag}${attributes.join('')}>`;
}

const attributeValue = (value: string, values: NoticeValues): string =>
  fillIn(value, values, true).replace(/"/g, '&quot;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

function fillIn(text: string, values: NoticeValues, html: boolean): string {
  return text.replace(/( ?)\{\{\s*(\w+)\s*\}\}/g, (whole, space: string, name: string) => {
    if (name === 'recordings')
      return `${space}${html ? htmlList(values.recordings) : textList(values.recordings)}`;
    if (!(name in values)) return whole;
    const value = values[name as Exclude<Variable, 'recordings'>];
    // What is not configured leaves no hole: the space before it goes, too.
    return value === '' ? '' : space + (html ? escapeValue(value) : plain(value));
  });
}

function htmlList(recordings: readonly ListedRecording[]): string {
  if (recordings.length === 0) return '';
  const items = recordings.map(({ title, day, url }) => {
    const name = escapeValue(title) || escapeValue(day);
    const linked =
      url !== null && isWeb(url)
        ? `<a href="${escapeValue(url)}" target="_blank" rel="noopener">${name}</a>`
        : name;
    return `<li>${linked} (${escapeValue(day)})</li>`;
  });
  return `<ul>${items.join('')}</ul>`;
}

const textList = (recordings: readonly ListedRecording[]): string =>
  recordings
    .map(({ title, day, url }) => {
      const link = url !== null && isWeb(url) ? ` ${plain(url)}` : '';
      return `\n- ${plain(title) || plain(day)} (${plain(day)})${link}`;
    })
    .join('');

/** Moodle's automatic format turns every line break into <br />, and Markdown ends an HTML block at an empty line. */
const oneLine = (html: string): string =>
  html
    .replace(/\s*\n\s*/g, ' ')
    .replace(/\s*<(strong|em|b|i|span)\b[^>]*>\s*<\/\1>/g, '')
    .replace(/<(p|li)\b[^>]*>\s*<\/\1>/g, '')
    .replace(/\s+<\/(p|li)>/g, '</$1>')
    .replace(/>\s+<(\/?)(p|ul|ol|li|h[3-6]|hr|blockquote|dl|dt|dd)\b/g, '><$1$2')
    .replace(/(<\/?(?:p|ul|ol|li|h[3-6]|blockquote|dl|dt|dd)\b[^>]*>)\s+/g, '$1')
    .trim();

const BREAKS = new Set([
  'p',
  'ul',
  'ol',
  'blockquote',
  'h3',
  'h4',
  'h5',
  'h6',
  'hr',
  'dl',
  'dt',
  'dd',
  'li',
  'br',
]);

function textOf(token: Token, values: NoticeValues, tokens: readonly Token[], at: number): string {
  if (token.kind === 'text') {
    const words = decodeEntities(token.text).replace(/\s+/g, ' ');
    return fillIn(words, values, false);
  }
  if (token.kind === 'open') {
    if (token.tag === 'li') return '\n- ';
    return BREAKS.has(token.tag) ? '\n' : '';
  }
  if (token.tag === 'a') return ` (${linkBefore(tokens, at, values)})`;
  return BREAKS.has(token.tag) && token.tag !== 'li' ? '\n' : '';
}

function linkBefore(tokens: readonly Token[], at: number, values: NoticeValues): string {
  for (let i = at - 1; i >= 0; i--) {
    const token = tokens[i];
    if (token?.kind === 'open' && token.tag === 'a')
      return fillIn(
        decodeEntities(token.attributes.find(({ name }) => name === 'href')?.value ?? ''),
        values,
        false,
      );
  }
  return '';
}

const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

const decodeEntities = (text: string): string =>
  text.replace(
    /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w+));/gi,
    (whole, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return NAMED[name.toLowerCase()] ?? whole;
      const code = decimal === undefined ? parseInt(hex ?? '', 16) : Number(decimal);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );

const tidy = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trim())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
