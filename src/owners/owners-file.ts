import { isRecordId } from '../bbb/record-id.js';
import { splitCells } from '../kit/split-cells.js';
import { texts } from './texts.js';

/** The administrator's own word: wins over every rule. */
export interface OwnersFile {
  /** By the key as it was written. */
  readonly entries: ReadonlyMap<string, OwnersFileEntry>;
  /** The same by the key in lower case; null where spellings that differ by case alone name different owners. */
  readonly folded: ReadonlyMap<string, OwnersFileEntry | null>;
}

interface OwnersFileEntry {
  readonly key: string;
  /** Pod user names; never empty. */
  readonly usernames: readonly string[];
  readonly line: number;
}

export const emptyOwnersFile: OwnersFile = { entries: new Map(), folded: new Map() };

/**
 * The line of a recording. A meetingID is found as it is written, letter by letter: to BBB `Room-A` and `room-a` are two
 * meetings (its internal id is the SHA-1 of the text; bbb-common-web 2.2 to 3.0, MeetingService). A recordID is
 * hexadecimal, in either case.
 */
export const entryOfRecording = (
  { recordId, meetingId }: { readonly recordId: string; readonly meetingId: string },
  { entries, folded }: OwnersFile,
): OwnersFileEntry | undefined =>
  entries.get(recordId) ?? folded.get(recordId.toLowerCase()) ?? entries.get(meetingId.normalize('NFC'));

/** Pod user names given to a person's user name or address, which are compared without case; [] when there are none. */
export function namedByPerson(key: string, { entries, folded }: OwnersFile): readonly string[] {
  const name = key.normalize('NFC');
  return (entries.get(name) ?? folded.get(name.toLowerCase()))?.usernames ?? [];
}

/**
 * Parses the owners file: one line per key, `key;pod username[;another]` (or commas, or tabs), where the key is a
 * recordID, a meetingID, a Moodle user name, or the address or user name of a person of Greenlight. `#` starts a comment, a first line `recording;owner` is a heading.
 * Throws `owners-file-invalid` with FILE:LINE.
 */
export function parseOwnersFile(text: string, file: string): OwnersFile {
  const entries = new Map<string, OwnersFileEntry>();
  const folded = new Map<string, OwnersFileEntry | null>();
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
    // Excel's plain CSV is in the code page of Windows: an accent in it names nobody.
    if (raw.includes('\uFFFD')) return fail('it is not in UTF-8 (in Excel: CSV UTF-8)');
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
    const entry = { key, usernames, line };
    const lower = key.toLowerCase();
    const alike = folded.get(lower);
    const differs = alike === null || (alike !== undefined && !sameNames(alike.usernames, usernames));
    // An address is never a meetingID: its spellings are one person.
    const known = entries.get(key) ?? (key.includes('@') || isRecordId(lower) ? alike : undefined);
    if (known != null && !sameNames(known.usernames, usernames))
      return fail(`"${key}" was already given other owners on line ${known.line}`);
    entries.set(key, entry);
    folded.set(lower, differs ? null : entry);
  });
  return { entries, folded };
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
