/** A piece of an answer: one `<recording>` with all it holds, or text around recordings. */
export interface AnswerPiece {
  readonly kind: 'recording' | 'outside';
  readonly text: string;
  /** False for a recording that was not closed: the next one, the list's end or the answer's end came first. */
  readonly whole: boolean;
}

const LONGEST_TOKEN = 24;
const LIST = /<recordings[\s>]/;
const START = /<recording(?=[\s>/])|<!--/g;
/** A comment between entries that is longer is not waited for. */
const LONGEST_COMMENT = 100_000;
const INNER = /<!\[CDATA\[|<!--|<recording(?=[\s>/])|<\/recordings?\s*>/g;
/** What follows a `<recording` that begins another entry; a metadata key of that name holds text. */
const ENTRY = /^<recording\s*>\s*<(?:recordID|internalMeetingID|meetingID)>/;
const ENTRY_WINDOW = 200;
/** The end of an entry before the next one, or before the list's end: what spans it is no comment and no CDATA section. */
const BOUNDARY =
  /<\/recording\s*>\s*(?:<recording\s*>\s*<(?:recordID|internalMeetingID|meetingID)>|<\/recordings\s*>)/g;

/**
 * Cuts an answer that streams in into its recordings, each of which can then be read, mended or left out alone.
 * Comments and CDATA sections are passed over; a recording that is never closed ends where the next one begins.
 */
export class RecordingSplitter {
  #buffer = '';
  #inList = false;
  /** Elements named `recording` that are open; 0 between entries. */
  #depth = 0;
  #scanned = 0;
  /** Where what was looked for last stands in the buffer, -1 for nowhere: nothing is looked for twice in one text. */
  readonly #known = new Map<RegExp | string, { readonly from: number; readonly at: number }>();

  /** Characters held of a recording whose end has not come yet. */
  get held(): number {
    return this.#buffer.length;
  }

  push(text: string): AnswerPiece[] {
    this.#buffer += text;
    this.#known.clear();
    return this.#take(false);
  }

  end(): AnswerPiece[] {
    const pieces = this.#take(true);
    if (this.#buffer !== '')
      pieces.push({ kind: this.#depth > 0 ? 'recording' : 'outside', text: this.#buffer, whole: false });
    this.#buffer = '';
    return pieces;
  }

  #take(final: boolean): AnswerPiece[] {
    const pieces: AnswerPiece[] = [];
    for (;;) {
      const piece = this.#depth === 0 ? this.#outside(final) : this.#recording(final);
      if (piece === null) return pieces;
      if (piece.text !== '') pieces.push(piece);
    }
  }

  /** The next entry, beyond comments; `later` while a comment is open. */
  #start(final: boolean): RegExpExecArray | 'later' | null {
    START.lastIndex = 0;
    for (;;) {
      const found = START.exec(this.#buffer);
      if (found === null || found[0] !== '<!--') return found;
      const end = this.#find('-->', found.index);
      if (end >= 0) START.lastIndex = end;
      else if (!final && this.#buffer.length - found.index < LONGEST_COMMENT) return 'later';
    }
  }

  /** The first place behind `from`. A text of nothing but beginnings is looked through once, not once for each. */
  #find(what: string | RegExp, from: number): number {
    const known = this.#known.get(what);
    if (known !== undefined && known.from <= from && (known.at === -1 || known.at >= from)) return known.at;
    let at: number;
    if (typeof what === 'string') at = this.#buffer.indexOf(what, from);
    else {
      what.lastIndex = from;
      at = what.exec(this.#buffer)?.index ?? -1;
    }
    this.#known.set(what, { from, at });
    return at;
  }

  #cut(end: number, kind: AnswerPiece['kind'], whole: boolean): AnswerPiece {
    const text = this.#buffer.slice(0, end);
    this.#buffer = this.#buffer.slice(end);
    this.#known.clear();
    this.#scanned = 0;
    return { kind, text, whole };
  }

  #outside(final: boolean): AnswerPiece | null {
    this.#inList ||= LIST.test(this.#buffer);
    const start = this.#inList ? this.#start(final) : null;
    if (start === 'later') return null;
    if (start !== null) {
      this.#depth = 1;
      const piece = this.#cut(start.index, 'outside', true);
      this.#scanned = '<recording'.length;
      return piece;
    }
    const end = this.#buffer.length - (final ? 0 : LONGEST_TOKEN);
    return end > 0 ? this.#cut(end, 'outside', true) : null;
  }

  #recording(final: boolean): AnswerPiece | null {
    for (;;) {
      INNER.lastIndex = this.#scanned;
      const token = INNER.exec(this.#buffer);
      if (token === null) {
        this.#scanned = Math.max(this.#scanned, this.#buffer.length - LONGEST_TOKEN);
        return null;
      }
      const [found] = token;
      const after = token.index + found.length;
      if (found === '<![CDATA[' || found === '<!--') {
        const close = found === '<!--' ? '-->' : ']]>';
        const end = this.#find(close, after);
        const boundary = this.#find(BOUNDARY, after);
        if (boundary !== -1 && (end === -1 || boundary < end)) this.#scanned = after;
        else if (end === -1) return null;
        else this.#scanned = end + close.length;
      } else if (found === '<recording') {
        const window = this.#buffer.slice(token.index, token.index + ENTRY_WINDOW);
        if (window.length < ENTRY_WINDOW && !final) return null;
        if (ENTRY.test(window)) {
          this.#depth = 0;
          return this.#cut(token.index, 'recording', false);
        }
        if (!/^<recording[^<>]*\/>/.test(window)) this.#depth++;
        this.#scanned = after;
      } else if (found.startsWith('</recordings')) {
        this.#depth = 0;
        return this.#cut(token.index, 'recording', false);
      } else if (--this.#depth === 0) return this.#cut(after, 'recording', true);
      else this.#scanned = after;
    }
  }
}
