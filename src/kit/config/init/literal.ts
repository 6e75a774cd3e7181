/** A value written out in a source file. Anything that would have to be run to be known is an `expression`. */
export type Literal =
  string | number | boolean | null | readonly Literal[] | { readonly [key: string]: Literal } | Expression;

/** Something that is not a literal: only its text is known. */
export class Expression {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Constants by name, the last assignment winning, as it would when run. */
export type Constants = ReadonlyMap<string, Literal>;

/** Characters one by one, with the position for whoever reads them. */
export class Reader {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  get done(): boolean {
    return this.at >= this.text.length;
  }

  peek(length = 1): string {
    return this.text.slice(this.at, this.at + length);
  }

  /** Takes what the sticky expression matches here, or null. */
  take(pattern: RegExp): RegExpExecArray | null {
    const sticky = new RegExp(pattern.source, `${pattern.flags.replace(/[gy]/g, '')}y`);
    sticky.lastIndex = this.at;
    const found = sticky.exec(this.text);
    if (found !== null) this.at += found[0].length;
    return found;
  }
}
