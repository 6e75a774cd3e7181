import { StringDecoder } from 'node:string_decoder';

const MAX_LINE = 4096;

/**
 * Cuts a byte stream into lines (\n, \r\n, or the lone \r of progress meters). A line never exceeds 4096
 * characters in memory: the rest of a longer one is dropped.
 */
export function lineSplitter(onLine: (line: string) => void): {
  write: (chunk: Buffer) => void;
  end: () => void;
} {
  const decoder = new StringDecoder('utf8');
  let pending = '';
  const take = (text: string): void => {
    const parts = text.split(/\r\n|\n|\r/);
    parts.forEach((part, i) => {
      pending = (pending + part).slice(0, MAX_LINE);
      if (i === parts.length - 1) return;
      if (pending !== '') onLine(pending);
      pending = '';
    });
  };
  return {
    write: (chunk) => take(decoder.write(chunk)),
    end: () => {
      take(decoder.end());
      if (pending !== '') onLine(pending);
      pending = '';
    },
  };
}

/** The last `limit` lines of a talkative child. */
export class Tail {
  readonly #lines: string[] = [];
  readonly #limit: number;

  constructor(limit = 100) {
    this.#limit = limit;
  }

  add(line: string): void {
    this.#lines.push(line);
    if (this.#lines.length > this.#limit) this.#lines.shift();
  }

  get lines(): readonly string[] {
    return this.#lines;
  }
}
