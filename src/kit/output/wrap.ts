import { displayWidth, fitWidth } from './text.js';

const COLUMNS = 80;

/** Breaks a text at its spaces into lines of at most `columns`; a longer word (a path, a command) stays whole. */
export function wrapText(text: string, columns = COLUMNS): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = '';
    let width = 0;
    for (const word of paragraph.split(' ').filter((part) => part !== '')) {
      const more = displayWidth(word);
      if (line !== '' && width + 1 + more > columns) {
        lines.push(line);
        line = word;
        width = more;
      } else {
        line = line === '' ? word : `${line} ${word}`;
        width += width === 0 ? more : more + 1;
      }
    }
    lines.push(line);
  }
  return lines;
}

/** A wrapped paragraph whose first line begins with `first` and the others with as many spaces. */
export function hanging(first: string, text: string, columns = COLUMNS): string {
  const width = displayWidth(first);
  return wrapText(text, Math.max(20, columns - width))
    .map((line, i) => (i === 0 ? first : ' '.repeat(width)) + line)
    .join('\n');
}

/** Wraps each line of a text; what stands in front of it (spaces, an arrow) stays, with as many spaces below. */
export const wrapLines = (text: string): string =>
  text
    .split('\n')
    .map((line) => {
      const [front = ''] = /^ *(?:-> )?/.exec(line) ?? [];
      return displayWidth(line) <= COLUMNS ? line : hanging(front, line.slice(front.length));
    })
    .join('\n');

/** Pads to a number of columns, cutting what is longer. */
export function padWidth(text: string, columns: number): string {
  const fitted = fitWidth(text, columns);
  return fitted + ' '.repeat(Math.max(0, columns - displayWidth(fitted)));
}
