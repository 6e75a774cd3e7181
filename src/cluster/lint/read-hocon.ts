import { parseSafely } from '../../kit/config/parse-safely.js';

/** A value of a HOCON file with its whole path. */
export interface HoconValue {
  readonly path: string;
  readonly value: string;
  readonly line: number;
  readonly quoted: boolean;
  /** Holds `${…}` or is what a template leaves to be filled in: the value is known at the start alone. */
  readonly computed: boolean;
  /** What an unquoted `#` or `//` cut off without a blank before it: it was meant to belong to the value. */
  readonly cut: string | null;
}

/**
 * Reads what Jitsi's files use of HOCON: nested objects, dotted keys, `=`, `:` or nothing before an object,
 * quoted and unquoted values, arrays, comments. The last of equal paths wins; all are returned in order.
 * `${NAME}`, `${?NAME}` and `include …` are one token each, in a value as in a place of their own; `{{ … }}` of a
 * template counts as one, too.
 */
export const readHocon = (text: string): HoconValue[] =>
  parseSafely('the HOCON file', text, () => {
    const reader = new HoconReader(hideTemplate(text));
    reader.readObject('');
    return reader.values;
  });

/** Lines that hold nothing but a template's instruction go, length kept; what it fills in becomes a substitution. */
const hideTemplate = (text: string): string =>
  text
    .replaceAll(/^[ \t]*(\{\{[^\n]*\}\}|\{%[^\n]*%\}|\{#[^\n]*#\}|<%[^=\n][^\n]*%>)[ \t]*$/gm, (line) =>
      ' '.repeat(line.length),
    )
    .replaceAll(/\{%[^\n]*?%\}/g, (inside) => ' '.repeat(inside.length))
    .replaceAll(/<%=([^\n]*?)%>/g, (_, inside: string) => `\${${inside.replaceAll(/[^\w.]/g, '_')}}`)
    .replaceAll(/\{\{([^\n{}]*)\}\}/g, (_, inside: string) => `\${${inside.replaceAll(/[^\w.]/g, '_')}}`);

const SUBSTITUTION = /\$\{\??[^}\n]*\}/;

/** What is filled in, as a part of a name: one step of the path, whatever dots it holds. */
const asKey = (filled: string): string => filled.replaceAll(/\W/g, '_');

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
      if (this.#skipInclude()) continue;
      const filled = this.#skipSubstitution();
      if (filled !== null && !this.#opensValue()) continue;
      // What a template fills in may be the name of a member: `{{ host }} { … }`.
      const key = filled === null ? this.#readKey() : asKey(filled) + this.#readKey();
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
    if (character === '{' || this.#isBase()) this.#readJoined(path);
    else if (character === '[') this.#readArray(path);
    else this.#readScalar(path);
  }

  /** `${base} {`: an object that takes over the members of another. */
  #isBase(): boolean {
    return /(?:\$\{[^}\n]*\}[ \t]*)+\{/y.exec(this.#rest()) !== null;
  }

  #rest(): string {
    const end = this.#endOfLine();
    return this.text.slice(this.#at, end);
  }

  /** Objects and substitutions one behind the other are one object (HOCON, object concatenation). */
  #readJoined(path: string): void {
    for (;;) {
      this.#skipSpaces();
      const line = this.#line;
      const base = this.#skipSubstitution();
      if (base !== null)
        this.values.push({ path, value: base, line, quoted: false, computed: true, cut: null });
      else if (this.text[this.#at] === '{') {
        this.#at++;
        this.readObject(path);
      } else return;
    }
  }

  /** Whether a member's value begins here, behind its name. */
  #opensValue(): boolean {
    return /^[ \t]*[{=:]/.test(this.#rest());
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
    this.values.push({
      path,
      value: this.text.slice(start, this.#at),
      line,
      quoted: false,
      computed: false,
      cut: null,
    });
  }

  /** `include "x"`, `include file("x")`, `include required(classpath("x"))`: what it brings is not known here. */
  #skipInclude(): boolean {
    const found = /include\s+(?:\w+\s*\(\s*)*"[^"\n]*"[\s)]*/y;
    found.lastIndex = this.#at;
    const match = found.exec(this.text);
    if (match === null) return false;
    this.#at += match[0].trimEnd().length;
    return true;
  }

  #skipSubstitution(): string | null {
    const found = /\$\{\??[^}\n]*\}/y;
    found.lastIndex = this.#at;
    const match = found.exec(this.text);
    if (match === null) return null;
    this.#at += match[0].length;
    return match[0];
  }

  #readScalar(path: string): void {
    const line = this.#line;
    const parts: string[] = [];
    let quoted = false;
    let cut: string | null = null;
    // A value is a row of quoted pieces, substitutions and bare words up to the end of the line, a comma or a brace.
    for (;;) {
      const character = this.text[this.#at];
      if (character === undefined || /[\n\r,}]/.test(character)) break;
      if (character === '"') {
        parts.push(this.#readQuoted());
        quoted = true;
      } else if (this.text.startsWith('${', this.#at)) {
        parts.push(this.#skipSubstitution() ?? this.text[this.#at++] ?? '');
      } else if (character === '#' || this.text.startsWith('//', this.#at)) {
        const end = this.#endOfLine();
        const touching = parts.length > 0 && !quoted && !/\s$/.test(parts.at(-1) ?? '');
        if (touching) cut = this.text.slice(this.#at, end).trim();
        this.#at = end;
      } else {
        parts.push(character);
        this.#at++;
      }
    }
    const whole = parts.join('');
    const value = quoted ? whole : whole.trim();
    this.values.push({
      path,
      value: quoted && /^\s|\s$/.test(value) && parts.length > 1 ? trimBare(parts) : value,
      line,
      quoted,
      computed: SUBSTITUTION.test(value),
      cut,
    });
  }

  #endOfLine(): number {
    const end = this.text.indexOf('\n', this.#at);
    return end < 0 ? this.text.length : end;
  }

  #readKey(): string {
    let key = '';
    for (;;) {
      const character = this.text[this.#at];
      if (character === '"') key += this.#readQuoted();
      else if (this.text.startsWith('${', this.#at))
        key += asKey(this.#skipSubstitution() ?? this.text[this.#at++] ?? '');
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

/** Blanks around quoted pieces do not belong to the value. */
function trimBare(parts: readonly string[]): string {
  let from = 0;
  let to = parts.length;
  while (from < to && /^\s$/.test(parts[from] ?? '')) from++;
  while (to > from && /^\s$/.test(parts[to - 1] ?? '')) to--;
  return parts.slice(from, to).join('');
}
