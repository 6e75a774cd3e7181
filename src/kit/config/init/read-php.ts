import { parseSafely } from '../parse-safely.js';
import { Expression, Reader, type Constants, type Literal } from './literal.js';

const BLANK = /(?:\s|\/\/[^\n]*|#(?!\[)[^\n]*|\/\*[\s\S]*?\*\/)+/;

/**
 * Constants and variables of a PHP file as far as they are written out: `define("NAME", value);`,
 * `const NAME = value;`, `$name = value;`. Nothing is executed; the last assignment wins.
 */
export const readPhpConstants = (source: string): Constants =>
  parseSafely('the PHP file', source, readConstants);

function readConstants(source: string): Constants {
  const constants = new Map<string, Literal>();
  const reader = new Reader(source);
  // `const A = 1, B = 2;` names several.
  let next: string | null = null;
  while (!reader.done) {
    if (reader.take(BLANK) !== null) continue;
    const name: string | null = next ?? readName(reader);
    next = null;
    if (name === null) {
      if (readString(reader) === undefined) reader.take(/[A-Za-z_]\w*|[\s\S]/);
      continue;
    }
    const start = reader.at;
    const value = readValue(reader);
    reader.take(BLANK);
    if (value !== undefined) next = reader.take(/,\s*(\w+)\s*=(?![=>])/)?.[1] ?? null;
    if (value !== undefined && next !== null) constants.set(name, value);
    else if (value !== undefined && reader.take(/(?:,\s*(?:true|false)\s*)?\)?\s*(?:;|$)/i) !== null)
      constants.set(name, value);
    else {
      reader.take(/[^;\n]*/);
      constants.set(name, new Expression(source.slice(start, reader.at).trim()));
    }
  }
  return constants;
}

function readName(reader: Reader): string | null {
  const defined = reader.take(/\bdefine\s*\(\s*(["'])(\w+)\1\s*,/i);
  if (defined !== null) return defined[2] ?? null;
  return reader.take(/\bconst\s+(\w+)\s*=/i)?.[1] ?? reader.take(/\$(\w+)\s*=(?![=>])/)?.[1] ?? null;
}

function readValue(reader: Reader): Literal | undefined {
  reader.take(BLANK);
  const text = readString(reader);
  if (text !== undefined) return text;
  const number = reader.take(/[+-]?\d+(?:\.\d+)?(?![\w.])/);
  if (number !== null) return Number(number[0]);
  const word = reader.take(/(?:true|false|null)\b/i)?.[0].toLowerCase();
  if (word !== undefined) return word === 'null' ? null : word === 'true';
  if (reader.take(/array\s*\(/i) !== null) return readArray(reader, ')');
  if (reader.take(/\[/) !== null) return readArray(reader, ']');
  return undefined;
}

function readString(reader: Reader): Literal | undefined {
  const quoted = reader.take(/'((?:[^'\\]|\\[\s\S])*)'|"((?:[^"\\]|\\[\s\S])*)"/);
  if (quoted === null) return undefined;
  const [whole, single, double] = quoted;
  if (single !== undefined) return single.replace(/\\([\\'])/g, '$1');
  if (/(?<!\\)(?:\\\\)*\$[A-Za-z_{]|\{\$/.test(double ?? '')) return new Expression(whole);
  const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r', $: '$', '"': '"', '\\': '\\' };
  return (double ?? '').replace(/\\([\s\S])/g, (all, c: string) => escapes[c] ?? all);
}

function readArray(reader: Reader, closing: string): Literal | undefined {
  const items: Literal[] = [];
  const entries: [string, Literal][] = [];
  for (;;) {
    reader.take(BLANK);
    if (reader.peek() === closing) {
      reader.at++;
      return entries.length > 0 ? Object.fromEntries(entries) : items;
    }
    const item = readValue(reader);
    if (item === undefined) return undefined;
    reader.take(BLANK);
    if (reader.take(/=>/) === null) items.push(item);
    else {
      const value = readValue(reader);
      if (value === undefined) return undefined;
      entries.push([typeof item === 'string' ? item : JSON.stringify(item), value]);
      reader.take(BLANK);
    }
    if (reader.peek() === ',') reader.at++;
    else if (reader.peek() !== closing) return undefined;
  }
}
