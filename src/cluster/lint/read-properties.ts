/** A key of a Java properties file, as `java.util.Properties` reads it. */
export interface Property {
  readonly key: string;
  readonly value: string;
  readonly line: number;
  /** The value as written, before escapes were undone. */
  readonly raw: string;
}

/**
 * Reads a .properties file: `#` and `!` begin a comment only at the start of a line, trailing blanks belong to
 * the value, a backslash escapes and continues lines. The last of equal keys wins; all are returned.
 */
export function readProperties(text: string): Property[] {
  const found: Property[] = [];
  const lines = text.split(/\r?\n/);
  for (let i = 0; i < lines.length; i++) {
    const start = i + 1;
    let logical = (lines[i] ?? '').trimStart();
    if (logical === '' || logical.startsWith('#') || logical.startsWith('!')) continue;
    while (isContinued(logical) && i + 1 < lines.length) {
      i++;
      logical = logical.slice(0, -1) + (lines[i] ?? '').trimStart();
    }
    const parts = /^([^\\=:\s]*(?:\\.[^\\=:\s]*)*)\s*(?:[=:]\s*)?([^]*)$/.exec(logical);
    if (parts === null) continue;
    found.push({
      key: unescape(parts[1] ?? ''),
      value: unescape(parts[2] ?? ''),
      raw: parts[2] ?? '',
      line: start,
    });
  }
  return found;
}

/** Whether it ends with a backslash that none before it escapes. */
function isContinued(line: string): boolean {
  let at = line.length;
  while (line[at - 1] === '\\') at--;
  return (line.length - at) % 2 === 1;
}

const unescape = (text: string): string =>
  text.replaceAll(/\\(u[\da-fA-F]{4}|[^])/g, (_, escape: string) => {
    if (escape.startsWith('u') && escape.length === 5)
      return String.fromCharCode(parseInt(escape.slice(1), 16));
    return { t: '\t', n: '\n', r: '\r', f: '\f' }[escape] ?? escape;
  });

/** `NAME=value` lines of a file that systemd or a shell reads; quotes around values are undone. */
export function readEnvironmentFile(text: string): Property[] {
  return text.split(/\r?\n/).flatMap((line, i) => {
    const found = /^\s*(?:export\s+)?([A-Za-z_]\w*)=(.*)$/.exec(line);
    if (found === null) return [];
    const raw = (found[2] ?? '').trimEnd();
    const quoted = /^(["'])(.*)\1$/.exec(raw);
    return [{ key: found[1] ?? '', value: quoted === null ? raw : (quoted[2] ?? ''), raw, line: i + 1 }];
  });
}
