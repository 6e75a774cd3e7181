/** Words of one line of haproxy.cfg, and whether each quote in it is closed. */
export interface HaproxyWords {
  readonly words: readonly string[];
  readonly closed: boolean;
}

const BLANK = new Set([' ', '\t', '\r', '\v', '\f']);

/**
 * Splits a line as HAProxy does (src/tools.c of 2.6, parse_line): blanks part words, `#` outside quotes ends the line,
 * a backslash keeps what follows it but between single quotes, quotes go away. A line may be of any length. A word
 * that is nothing but a pair of quotes is none here.
 */
export function splitHaproxyLine(line: string): HaproxyWords {
  const words: string[] = [];
  let pieces: string[] = [];
  let quote = '';
  let from = 0;
  const take = (to: number): void => {
    if (to > from) pieces.push(line.slice(from, to));
  };
  const endWord = (): void => {
    if (pieces.length > 0) words.push(pieces.join(''));
    pieces = [];
  };
  let at = 0;
  for (; at < line.length; at++) {
    const character = line[at] ?? '';
    if (character === '\\' && quote !== "'" && at + 1 < line.length) {
      take(at);
      from = ++at;
    } else if (quote === '' ? character === '"' || character === "'" : character === quote) {
      take(at);
      from = at + 1;
      quote = quote === '' ? character : '';
    } else if (quote !== '') continue;
    else if (character === '#') break;
    else if (BLANK.has(character)) {
      take(at);
      from = at + 1;
      endWord();
    }
  }
  take(at);
  endWord();
  return { words, closed: quote === '' };
}
