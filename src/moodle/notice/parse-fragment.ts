import { texts } from '../texts.js';

/** A checked notice: pieces of text and tags in order, with the line each came from. */
export interface Fragment {
  readonly tokens: readonly Token[];
  readonly file: string;
}

export type Token =
  | { readonly kind: 'text'; readonly text: string; readonly line: number }
  | {
      readonly kind: 'open';
      readonly tag: string;
      readonly attributes: readonly Attribute[];
      readonly line: number;
    }
  | { readonly kind: 'close'; readonly tag: string; readonly line: number };

interface Attribute {
  readonly name: string;
  readonly value: string;
}

/** Variables that a notice may use, as `{{name}}`. */
const VARIABLES = [
  'pod_url',
  'import_url',
  'claim_url',
  'contact',
  'activity',
  'course',
  'count',
  'number',
  'period',
  'since',
  'until',
  'date',
  'recordings',
] as const;
export type Variable = (typeof VARIABLES)[number];
/** Those that hold an address of Pod: the only ones that may begin a link. */
const URL_VARIABLES = new Set<string>(['pod_url', 'import_url', 'claim_url']);
/** Becomes a list of its own, so it may stand in text only. */
const BLOCK_VARIABLES = new Set<string>(['recordings']);

const MAX_NOTICE_BYTES = 20_000;

const VOID = new Set(['br', 'hr', 'img']);
const ALLOWED = new Set(
  'a abbr b blockquote br cite code dd dl dt em h3 h4 h5 h6 hr i img li ol p q s small span strong sub sup u ul'.split(
    ' ',
  ),
);
const ATTRIBUTES = new Set('alt class dir height href lang rel src target title width'.split(' '));
const TOKEN = /<!--[\s\S]*?-->|<\/?[A-Za-z][^<>]*>|<|[^<]+/g;

/**
 * Parses and checks a notice: every tag closed in order, no element or attribute that runs or loads code, links to
 * http and https alone, known variables alone, at most 20 kB. Throws `notice-invalid` with FILE:LINE.
 */
export function parseFragment(source: string, file: string): Fragment {
  const text = source.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n');
  const fail = (line: number, detail: string): never => {
    throw texts.noticeInvalid({ file, line, detail });
  };
  if (Buffer.byteLength(text) > MAX_NOTICE_BYTES) fail(1, `longer than ${MAX_NOTICE_BYTES} bytes`);
  if (text.includes('\0')) fail(1, 'holds a NUL character');
  const tokens: Token[] = [];
  const open: { tag: string; line: number }[] = [];
  let line = 1;
  for (const [piece] of text.matchAll(TOKEN)) {
    if (piece.startsWith('<!--') || piece === '<') {
      if (piece === '<') fail(line, 'a "<" that begins no tag: write &lt;');
    } else if (piece.startsWith('</')) closeTag(piece, line);
    else if (piece.startsWith('<')) openTag(piece, line);
    else {
      checkVariables(piece, false, line);
      tokens.push({ kind: 'text', text: piece, line });
    }
    line += piece.split('\n').length - 1;
  }
  const unclosed = open.at(-1);
  if (unclosed !== undefined) fail(unclosed.line, `<${unclosed.tag}> is never closed`);
  if (!tokens.some((token) => token.kind === 'text' && token.text.trim() !== '')) fail(line, 'holds no text');
  return { tokens, file };

  function closeTag(piece: string, at: number): void {
    const tag = piece.slice(2, -1).trim().toLowerCase();
    const last = open.pop();
    if (last === undefined) return fail(at, `</${tag}> closes nothing`);
    if (last.tag !== tag)
      return fail(at, `</${tag}> where </${last.tag}> is expected (opened on line ${last.line})`);
    tokens.push({ kind: 'close', tag, line: at });
  }

  function openTag(piece: string, at: number): void {
    const match = /^<([A-Za-z][A-Za-z0-9]*)([\s\S]*?)(\/?)>$/.exec(piece);
    const tag = (match?.[1] ?? '').toLowerCase();
    if (match === null || !ALLOWED.has(tag)) return fail(at, `<${tag || '?'}> is not allowed in a notice`);
    const attributes = readAttributes(match[2] ?? '', tag, at);
    tokens.push({ kind: 'open', tag, attributes, line: at });
    if (VOID.has(tag)) return;
    if (match[3] === '/') return fail(at, `<${tag}/> must be closed by </${tag}>`);
    open.push({ tag, line: at });
  }

  function readAttributes(list: string, tag: string, at: number): Attribute[] {
    const attributes: Attribute[] = [];
    const rest = list.replace(
      /(?<!\s)\s+([A-Za-z][\w-]*)\s*=\s*(?:"([^"]*)"|'([^']*)')/g,
      (_, name: string, double?: string, single?: string) => {
        attributes.push(checkAttribute(name.toLowerCase(), double ?? single ?? '', tag, at));
        return '';
      },
    );
    if (rest.trim() !== '') return fail(at, `attributes of <${tag}> must be written name="value"`);
    return attributes;
  }

  function checkAttribute(name: string, value: string, tag: string, at: number): Attribute {
    if (name.startsWith('on')) return fail(at, `event attribute ${name} is not allowed`);
    if (!ATTRIBUTES.has(name)) return fail(at, `attribute ${name} of <${tag}> is not allowed`);
    checkVariables(value, true, at);
    if ((name === 'href' || name === 'src') && !isWebAddress(value))
      return fail(at, `${name} must begin with https://, http:// or {{pod_url}}`);
    return { name, value };
  }

  function checkVariables(piece: string, inAttribute: boolean, at: number): void {
    for (const [, inside = ''] of piece.matchAll(/\{\{([^{}]*)\}\}/g)) {
      const name = inside.trim();
      if (!(VARIABLES as readonly string[]).includes(name))
        fail(at, `unknown variable {{${name}}} (known: ${VARIABLES.join(', ')})`);
      if (inAttribute && BLOCK_VARIABLES.has(name)) fail(at, `{{${name}}} cannot stand in an attribute`);
    }
    if (/\{\{|\}\}/.test(piece.replace(/\{\{[^{}]*\}\}/g, '')))
      fail(at, 'a variable is not closed: {{name}}');
  }
}

function isWebAddress(value: string): boolean {
  const variable = /^\{\{\s*(\w+)\s*\}\}/.exec(value)?.[1];
  if (variable !== undefined) return URL_VARIABLES.has(variable);
  return /^https?:\/\/[^\s]+$/i.test(value);
}
