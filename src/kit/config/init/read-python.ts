import { parseSafely } from '../parse-safely.js';
import { Expression, Reader, type Constants, type Literal } from './literal.js';

const BLANK = /(?:[ \t\f]|\\\r?\n)+/;
/** Between brackets, line breaks and comments are blank too. */
const WIDE_BLANK = /(?:[ \t\f\r\n]|\\\r?\n|#[^\n]*)+/;
const PREFIX = /([rRbBuUfF]{0,2})("""|'''|"|')/;

/**
 * Constants of a Python module, as far as they are written out: `NAME = literal` in the first column. Nothing is
 * executed; what calls, computes or formats is an Expression. Assignments inside `if` or functions are not seen.
 */
export const readPythonConstants = (source: string): Constants =>
  parseSafely('the Python file', source.replace(/^\uFEFF/, ''), readConstants);

/** A constant that is added to, or changed within: what was written out before is not its value any more. */
const CHANGED =
  /([A-Za-z_]\w*)[ \t]*(?:\[[^\n]*?\][ \t]*(?:[-+*|]|\/\/)?=(?!=)|(?:[-+*|]|\/\/)=|\.(?:update|append|extend|insert|remove|pop|setdefault|clear)\()/;

function readConstants(source: string): Constants {
  const constants = new Map<string, Literal>();
  const reader = new Reader(source);
  while (!reader.done) {
    const begin = reader.at;
    const assignment = reader.take(/([A-Za-z_]\w*)[ \t]*(?::[^=\n]+)?=(?!=)[ \t]*/);
    if (assignment === null) {
      const changed = reader.take(CHANGED)?.[1] ?? '';
      skipStatement(reader);
      if (constants.has(changed))
        constants.set(changed, new Expression(source.slice(begin, reader.at).trim()));
      continue;
    }
    const start = reader.at;
    const value = readValue(reader, BLANK);
    reader.take(BLANK);
    const whole = value !== undefined && reader.take(/;[ \t]*(?:\r?\n)?|(?:#[^\n]*)?(?:\r?\n|$)/) !== null;
    if (!whole) skipStatement(reader);
    constants.set(assignment[1] ?? '', whole ? value : new Expression(source.slice(start, reader.at).trim()));
  }
  return constants;
}

/** Skips to the end of the logical line: strings and brackets may span many lines. */
function skipStatement(reader: Reader): void {
  let depth = 0;
  while (!reader.done) {
    if (reader.take(/#[^\n]*/) !== null) continue;
    if (reader.take(/\\\r?\n/) !== null) continue;
    if (readString(reader) !== null) continue;
    const character = reader.peek();
    reader.at++;
    if ('([{'.includes(character)) depth++;
    else if (')]}'.includes(character)) depth = Math.max(0, depth - 1);
    else if (character === '\n' && depth === 0) return;
  }
}

/** A literal, or undefined when something else stands here. */
function readValue(reader: Reader, blank: RegExp): Literal | undefined {
  reader.take(blank);
  const text = readStrings(reader, blank);
  if (text !== null) return text;
  const number = reader.take(/[+-]?(?:0[xX][\da-fA-F_]+|\d[\d_]*(?:\.\d*)?(?:[eE][+-]?\d+)?)(?![\w.])/);
  if (number !== null) return Number(number[0].replaceAll('_', ''));
  const word = reader.take(/(?:True|False|None)\b/);
  if (word !== null) return word[0] === 'None' ? null : word[0] === 'True';
  switch (reader.peek()) {
    case '[':
      return readSequence(reader, ']');
    case '(':
      return readParenthesis(reader, blank);
    case '{':
      return readDictionary(reader);
    default:
      return readTranslated(reader, blank);
  }
}

/** `_("text")` and its kin stand for their text. */
function readTranslated(reader: Reader, blank: RegExp): Literal | undefined {
  const start = reader.at;
  if (reader.take(/(?:_|gettext|gettext_lazy|ugettext_lazy)\(/) === null) return undefined;
  const text = readStrings(reader, WIDE_BLANK);
  reader.take(WIDE_BLANK);
  if (text !== null && reader.take(/,?\s*\)/) !== null) return text;
  reader.at = start;
  reader.take(blank);
  return undefined;
}

/** Strings beside each other are one string. */
function readStrings(reader: Reader, blank: RegExp): Literal | null {
  let whole: string | null = null;
  for (;;) {
    const piece = readString(reader);
    if (piece === null) return whole;
    if (piece instanceof Expression) return piece;
    whole = (whole ?? '') + piece;
    const end = reader.at;
    reader.take(blank);
    if (PREFIX.exec(reader.peek(5))?.index !== 0) {
      reader.at = end;
      return whole;
    }
  }
}

const ESCAPES: Record<string, string> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\n': '',
  '0': '\0',
  a: '\x07',
  b: '\b',
};

function readString(reader: Reader): string | Expression | null {
  const start = reader.at;
  const opening = reader.take(PREFIX);
  if (opening === null) return null;
  const [, prefix = '', quote = ''] = opening;
  const raw = /r/i.test(prefix);
  let text = '';
  while (!reader.done) {
    if (reader.peek(quote.length) === quote) {
      reader.at += quote.length;
      return /[fb]/i.test(prefix) ? new Expression(reader.text.slice(start, reader.at)) : text;
    }
    const character = reader.peek();
    if (character === '\n' && quote.length === 1) break;
    reader.at++;
    if (character !== '\\') {
      text += character;
      continue;
    }
    const next = reader.peek();
    reader.at++;
    text += raw ? character + next : unescape(reader, next);
  }
  // Not closed: no string at all, and what follows the quote is looked at again.
  reader.at = start + 1;
  return new Expression(opening[0]);
}

function unescape(reader: Reader, next: string): string {
  const code =
    next === 'x'
      ? reader.take(/[\da-fA-F]{2}/)
      : next === 'u'
        ? reader.take(/[\da-fA-F]{4}/)
        : next === 'U'
          ? reader.take(/[\da-fA-F]{8}/)
          : null;
  if (code !== null) return String.fromCodePoint(Math.min(0x10ffff, parseInt(code[0], 16)));
  return ESCAPES[next] ?? ('\\\'"'.includes(next) ? next : `\\${next}`);
}

function readSequence(reader: Reader, closing: string): Literal[] | undefined {
  reader.at++;
  const items: Literal[] = [];
  for (;;) {
    reader.take(WIDE_BLANK);
    if (reader.peek() === closing) {
      reader.at++;
      return items;
    }
    const item = readItem(reader);
    if (item === null) return undefined;
    items.push(item.value);
    reader.take(WIDE_BLANK);
    if (reader.peek() === ',') reader.at++;
    else if (reader.peek() !== closing) return undefined;
  }
}

/** `(x)` is x; `(x,)` and `(x, y)` are sequences. */
function readParenthesis(reader: Reader, blank: RegExp): Literal | undefined {
  const start = reader.at;
  const items = readSequence(reader, ')');
  if (items === undefined) return undefined;
  const isTuple = items.length !== 1 || /,\s*\)$/.test(reader.text.slice(start, reader.at));
  reader.take(blank);
  return isTuple ? items : items[0];
}

function readDictionary(reader: Reader): Record<string, Literal> | undefined {
  reader.at++;
  const entries: [string, Literal][] = [];
  for (;;) {
    reader.take(WIDE_BLANK);
    if (reader.peek() === '}') {
      reader.at++;
      return Object.fromEntries(entries);
    }
    const key = readValue(reader, WIDE_BLANK);
    reader.take(WIDE_BLANK);
    if (reader.peek() !== ':' || (typeof key !== 'string' && typeof key !== 'number')) return undefined;
    reader.at++;
    const item = readItem(reader);
    if (item === null) return undefined;
    entries.push([String(key), item.value]);
    reader.take(WIDE_BLANK);
    if (reader.peek() === ',') reader.at++;
    else if (reader.peek() !== '}') return undefined;
  }
}

/** One element inside brackets; one that is no literal is an Expression, and its neighbours are still read. */
function readItem(reader: Reader): { value: Literal } | null {
  reader.take(WIDE_BLANK);
  const start = reader.at;
  const value = readValue(reader, WIDE_BLANK);
  reader.take(WIDE_BLANK);
  if (value !== undefined && /[,\]})]/.test(reader.peek())) return { value };
  reader.at = start;
  skipExpression(reader);
  return reader.done ? null : { value: new Expression(reader.text.slice(start, reader.at).trim()) };
}

function skipExpression(reader: Reader): void {
  let depth = 0;
  while (!reader.done) {
    if (reader.take(/#[^\n]*/) !== null || readString(reader) !== null) continue;
    const character = reader.peek();
    if (depth === 0 && ',]})'.includes(character)) return;
    if ('([{'.includes(character)) depth++;
    else if (')]}'.includes(character)) depth--;
    reader.at++;
  }
}
