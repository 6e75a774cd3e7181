import { parseSafely } from '../../kit/config/parse-safely.js';

/** A value of a HOCON file with its whole path. */
export interface HoconValue {
  readonly path: string;
  readonly value: string;
  readonly line: number;
  readonly quoted: boolean;
  /** What an unquoted `#` or `//` cut off without a blank before it: it was meant to belong to the value. */
  readonly cut: string | null;
}

/**
 * Reads what Jitsi's files use of HOCON: nested objects, dotted keys, `=`, `:` or nothing before an object,
 * quoted and unquoted values, arrays, comments. The last of equal paths wins; all are returned in order.
 * Includes and substitutions are kept as text.
 */
export const readHocon = (text: string): HoconValue[] =>
  parseSafely('the HOCON file', text, () => {
    const reader = new HoconReader(text);
    reader.readObject('');
    return reader.values;
  });

class HoconReader {
  readonly values: HoconValue[] = [];
  #at = 0;
  #line = 1;

  constructor(private readonly text: string) {}

  /** Members up to the closing brace, or the end at the top. */
  readObject(prefix: string): void {
    for (;;) {
      this.#skipBlank();
      const character = this.text[this.#at];
      if (character === undefined) return;
      if (character === '}') {
        this.#at++;
        return;
      }
      if (character === '{') {
        this.#at++;
        this.readObject(prefix);
        continue;
      }
      const key = this.#readKey();
      if (key === '') {
        this.#at++;
        continue;
      }
      this.#readMember(prefix === '' ? key : `${prefix}.${key}`);
    }
  }

  #readMember(path: string): void {
    this.#skipSpaces();
    if (this.text.startsWith('+=', this.#at)) this.#at += 2;
    else if (this.text[this.#at] === '=' || this.text[this.#at] === ':') this.#at++;
    this.#skipSpaces();
    const character = this.text[this.#at];
    if (character === '{') {
      this.#at++;
      this.readObject(path);
    } else if (character === '[') this.#readArray(path);
    else this.#readScalar(path);
  }

  #readArray(path: string): void {
    const line = this.#line;
    let depth = 0;
    const start = this.#at;
    do {
      const character = this.text[this.#at];
      if (character === undefined) break;
      if (character === '"') {
        this.#readQuoted();
        continue;
      }
      if (character === '[') depth++;
      if (character === ']') depth--;
      if (character === '\n') this.#line++;
      this.#at++;
    } while (depth > 0);
    this.values.push({ path, value: this.text.slice(start, this.#at), line, quoted: false, cut: null });
  }

  #readScalar(path: string): void {
    const line = this.#line;
    if (this.text[this.#at] === '"') {
      this.values.push({ path, value: this.#readQuoted(), line, quoted: true, cut: null });
      return;
    }
    const rest = /^[^\n\r,}]*/.exec(this.text.slice(this.#at))?.[0] ?? '';
    this.#at += rest.length;
    const comment = /#|\/\//.exec(rest);
    const kept = comment === null ? rest : rest.slice(0, comment.index);
    const touching = comment !== null && comment.index > 0 && !/\s$/.test(kept);
    this.values.push({
      path,
      value: kept.trim(),
      line,
      quoted: false,
      cut: touching ? rest.slice(comment.index).trim() : null,
    });
    // The comment may have hidden a brace that the expression above stopped at.
    if (comment !== null) this.#skipLine();
  }

  #readKey(): string {
    let key = '';
    for (;;) {
      const character = this.text[this.#at];
      if (character === '"') key += this.#readQuoted();
      else if (character !== undefined && /[\w.\-$]/.test(character)) {
        key += character;
        this.#at++;
      } else return key;
    }
  }

  #readQuoted(): string {
    const triple = this.text.startsWith('"""', this.#at);
    const found = triple ? /"""([^]*?)"""/y : /"((?:\\.|[^"\\\n])*)"?/y;
    found.lastIndex = this.#at;
    const match = found.exec(this.text);
    if (match === null) {
      this.#at++;
      return '';
    }
    this.#at += match[0].length;
    this.#line += match[0].split('\n').length - 1;
    return triple ? (match[1] ?? '') : (match[1] ?? '').replaceAll(/\\(.)/g, '$1');
  }

  #skipBlank(): void {
    for (;;) {
      const character = this.text[this.#at];
      if (character === '\n') {
        this.#line++;
        this.#at++;
      } else if (character !== undefined && /[\s,]/.test(character)) this.#at++;
      else if (character === '#' || this.text.startsWith('//', this.#at)) this.#skipLine();
      else return;
    }
  }

  #skipLine(): void {
    while (this.#at < this.text.length && this.text[this.#at] !== '\n') this.#at++;
  }

  #skipSpaces(): void {
    while (this.text[this.#at] === ' ' || this.text[this.#at] === '\t') this.#at++;
  }
}
