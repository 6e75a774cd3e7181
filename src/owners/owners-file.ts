import { texts } from './texts.js';

/** The administrator's own word: wins over every rule. Keys in lower case. */
export interface OwnersFile {
  readonly entries: ReadonlyMap<string, OwnersFileEntry>;
}

interface OwnersFileEntry {
  /** As it was written: meetingIDs are compared letter by letter by BBB. */
  readonly key: string;
  /** Pod user names; never empty. */
  readonly usernames: readonly string[];
  readonly line: number;
}

export const emptyOwnersFile: OwnersFile = { entries: new Map() };

/**
 * Parses the owners file: one line per key, `key;pod username[;another]` (or commas, or tabs), where the key is a
 * recordID, a meetingID, a Moodle user name, or the address or user name of a person of Greenlight. `#` starts a comment, a first line `recording;owner` is a heading.
 * Throws `owners-file-invalid` with FILE:LINE.
 */
export function parseOwnersFile(text: string, file: string): OwnersFile {
  const entries = new Map<string, OwnersFileEntry>();
  const lines = text
    .normalize('NFC')
    .replace(/^\ufeff/, '')
    .split(/\r\n|\n|\r/);
  lines.forEach((raw, index) => {
    const line = index + 1;
    const fail = (detail: string): never => {
      throw texts.ownersFileInvalid({ file, line, detail });
    };
    if (raw.trim() === '' || raw.trimStart().startsWith('#')) return;
    const cells = splitCells(raw);
    if (cells === null) return fail('a quotation mark is not closed');
    if (entries.size === 0 && isHeading(cells)) return;
    const [key = '', ...rest] = cells;
    const usernames = [
      ...new Set(rest.flatMap((cell) => cell.split(/[\s|]+/)).filter((name) => name !== '')),
    ];
    if (key === '') return fail('the first column (recordID, meetingID or Moodle user name) is empty');
    if (usernames.length === 0) return fail(`no Pod user name after "${key}"`);
    const tooLong = usernames.find((name) => name.length > 150);
    if (tooLong !== undefined) return fail('a Pod user name has at most 150 characters');
    const known = entries.get(key.toLowerCase());
    if (known !== undefined && !sameNames(known.usernames, usernames))
      return fail(`"${key}" was already given other owners on line ${known.line}`);
    entries.set(key.toLowerCase(), { key, usernames, line });
  });
  return { entries };
}

const sameNames = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((name) => b.includes(name));

const HEADINGS = new Set([
  'key',
  'recording',
  'recordid',
  'record_id',
  'meetingid',
  'meeting_id',
  'username',
  'moodle',
]);
const isHeading = ([first = '', second = '']: readonly string[]): boolean =>
  HEADINGS.has(first.toLowerCase()) && /^(pod|owner|owners|pod_?username|username|user)s?$/i.test(second);

/** Cells of one line, the separator being the first of `;`, tab and `,` that stands outside quotation marks; null when a quotation mark is open. */
function splitCells(line: string): string[] | null {
  const separator = [';', '\t', ','].find((mark) => line.replace(/"[^"]*"/g, '').includes(mark)) ?? ';';
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const char = line.charAt(i);
    if (quoted && char === '"' && line.charAt(i + 1) === '"') {
      cell += '"';
      i++;
    } else if (char === '"') quoted = !quoted;
    else if (char === separator && !quoted) {
      cells.push(cell.trim());
      cell = '';
    } else cell += char;
  }
  cells.push(cell.trim());
  return quoted ? null : cells;
}
