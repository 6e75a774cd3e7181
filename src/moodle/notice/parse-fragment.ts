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
export const parseFragment = (source: string, file: string): Fragment =>
  new FragmentReader(file).read(source.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n'));

class FragmentReader {
  readonly #file: string;
  readonly #tokens: Token[] = [];
  /** Tags that are not closed yet. */
  readonly #open: { readonly tag: string; readonly line: number }[] = [];
  #line = 1;

  constructor(file: string) {
    this.#file = file;
  }

  read(text: string): Fragment {
    if (Buffer.byteLength(text) > MAX_NOTICE_BYTES) this.#fail(`longer than ${MAX_NOTICE_BYTES} bytes`);
    if (text.includes('\0')) this.#fail('holds a NUL character');
    for (const [piece] of text.matchAll(TOKEN)) {
      this.#take(piece);
      this.#line += piece.split('\n').length - 1;
    }
    const unclosed = this.#open.at(-1);
    if (unclosed !== undefined) this.#fail(`<${unclosed.tag}> is never closed`, unclosed.line);
    if (!this.#tokens.some((token) => token.kind === 'text' && token.text.trim() !== ''))
      this.#fail('holds no text');
    return { tokens: this.#tokens, file: this.#file };
  }

  #fail(detail: string, line = this.#line): never {
    throw texts.noticeInvalid({ file: this.#file, line, detail });
  }

  #take(piece: string): void {
    if (piece === '<') this.#fail('a "<" that begins no tag: write &lt;');
    if (piece.startsWith('<!--')) return;
    if (piece.startsWith('</')) this.#closeTag(piece);
    else if (piece.startsWith('<')) this.#openTag(piece);
    else {
      this.#checkVariables(piece, false);
      this.#tokens.push({ kind: 'text', text: piece, line: this.#line });
    }
  }

  #closeTag(piece: string): void {
    const tag = piece.slice(2, -1).trim().toLowerCase();
    const last = this.#open.pop();
    if (last === undefined) return this.#fail(`</${tag}> closes nothing`);
    if (last.tag !== tag)
      this.#fail(`</${tag}> where </${last.tag}> is expected (opened on line ${last.line})`);
    this.#tokens.push({ kind: 'close', tag, line: this.#line });
  }

  #openTag(piece: string): void {
    const match = /^<([A-Za-z][A-Za-z0-9]*)([\s\S]*?)(\/?)>$/.exec(piece);
    const tag = (match?.[1] ?? '').toLowerCase();
    if (match === null || !ALLOWED.has(tag)) return this.#fail(`<${tag || '?'}> is not allowed in a notice`);
    const attributes = this.#readAttributes(match[2] ?? '', tag);
    this.#tokens.push({ kind: 'open', tag, attributes, line: this.#line });
    if (VOID.has(tag)) return;
    if (match[3] === '/') this.#fail(`<${tag}/> must be closed by </${tag}>`);
    this.#open.push({ tag, line: this.#line });
  }

  #readAttributes(list: string, tag: string): Attribute[] {
    const attributes: Attribute[] = [];
    const rest = list.replace(
      /(?<!\s)\s+([A-Za-z][\w-]*)\s*=\s*(?:"([^"]*)"|'([^']*)')/g,
      (_, name: string, double?: string, single?: string) => {
        attributes.push(this.#checkAttribute(name.toLowerCase(), double ?? single ?? '', tag));
        return '';
      },
    );
    if (rest.trim() !== '') this.#fail(`attributes of <${tag}> must be written name="value"`);
    return attributes;
  }

  #checkAttribute(name: string, value: string, tag: string): Attribute {
    if (name.startsWith('on')) this.#fail(`event attribute ${name} is not allowed`);
    if (!ATTRIBUTES.has(name)) this.#fail(`attribute ${name} of <${tag}> is not allowed`);
    this.#checkVariables(value, true);
    if ((name === 'href' || name === 'src') && !isWebAddress(value))
      this.#fail(`${name} must begin with https://, http:// or {{pod_url}}`);
    return { name, value };
  }

  #checkVariables(piece: string, inAttribute: boolean): void {
    for (const [, inside = ''] of piece.matchAll(/\{\{([^{}]*)\}\}/g)) {
      const name = inside.trim();
      if (!(VARIABLES as readonly string[]).includes(name))
        this.#fail(`unknown variable {{${name}}} (known: ${VARIABLES.join(', ')})`);
      if (inAttribute && BLOCK_VARIABLES.has(name)) this.#fail(`{{${name}}} cannot stand in an attribute`);
    }
    if (/\{\{|\}\}/.test(piece.replace(/\{\{[^{}]*\}\}/g, '')))
      this.#fail('a variable is not closed: {{name}}');
  }
}

function isWebAddress(value: string): boolean {
  const variable = /^\{\{\s*(\w+)\s*\}\}/.exec(value)?.[1];
  if (variable !== undefined) return URL_VARIABLES.has(variable);
  return /^https?:\/\/[^\s]+$/i.test(value);
}
