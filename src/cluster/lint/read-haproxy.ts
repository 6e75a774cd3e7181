import { splitHaproxyLine } from '../split-haproxy-line.js';

/** A line of haproxy.cfg: its words without quotes and comments, and its number from 1. */
export interface HaproxyLine {
  readonly words: readonly string[];
  readonly line: number;
}

/** A section with the mode that holds there: its own, its defaults', or what its HTTP directives show. */
export interface HaproxySection {
  readonly kind: string;
  readonly name: string;
  readonly line: number;
  readonly mode: 'http' | 'tcp';
  readonly lines: readonly HaproxyLine[];
  /** The lines of the `defaults` section that it takes over. */
  readonly inherited: readonly HaproxyLine[];
}

/** Section keywords of HAProxy's configuration manual (2.0 to 3.2). */
const SECTION =
  /^(global|defaults|frontend|backend|listen|peers|userlist|resolvers|cache|program|mailers|ring|http-errors|fcgi-app|log-forward|log-profile|crt-store|traces|acme)$/;

export const starts = (line: HaproxyLine, ...words: string[]): boolean =>
  words.every((word, i) => line.words[i] === word);

/** Whether a section or its defaults hold a line that begins with these words. */
export const has = ({ lines, inherited }: HaproxySection, ...words: string[]): boolean =>
  [...lines, ...inherited].some((line) => starts(line, ...words));

/** Reads the sections of a haproxy.cfg. Indentation means nothing there; the keyword alone opens a section. */
export function readHaproxy(text: string): HaproxySection[] {
  const raw: (Raw & { readonly line: number; readonly lines: HaproxyLine[] })[] = [];
  text.split(/\r?\n/).forEach((source, i) => {
    const { words } = splitHaproxyLine(source);
    const [kind = '', name = ''] = words;
    if (kind === '' || /^\.(if|elif|else|endif|notice|warning|alert|diag)$/.test(kind)) return;
    if (SECTION.test(kind)) {
      const from = words.indexOf('from');
      raw.push({ kind, name, line: i + 1, from: from > 0 ? (words[from + 1] ?? null) : null, lines: [] });
    } else raw.at(-1)?.lines.push({ words, line: i + 1 });
  });
  return raw.map(({ from, ...section }, i) => {
    const inherited = /^(frontend|backend|listen)$/.test(section.kind) ? defaultsOf(raw, i, from) : [];
    return { ...section, inherited, mode: modeOf(section.lines, inherited) };
  });
}

interface Raw {
  readonly kind: string;
  readonly name: string;
  readonly from: string | null;
  readonly lines: readonly HaproxyLine[];
}

/** `from NAME`, or else the last `defaults` above; one `defaults` may itself be made `from` another (2.4 and later). */
function defaultsOf(
  all: readonly Raw[],
  at: number,
  from: string | null,
  seen: readonly string[] = [],
): readonly HaproxyLine[] {
  const defaults = all.slice(0, from === null ? at : all.length).filter(({ kind }) => kind === 'defaults');
  const chosen = from === null ? defaults.at(-1) : defaults.find(({ name }) => name === from);
  if (chosen === undefined) return [];
  const { from: base, lines } = chosen;
  // What stands in the nearer one counts: readers of words take the first, of `mode` the last.
  if (base === null || seen.includes(base)) return lines;
  const above = defaultsOf(all, at, base, [...seen, base]);
  const own = new Set(lines.map(keyword));
  return [...above.filter((line) => !own.has(keyword(line))), ...lines];
}

/** What a line sets: `timeout client`, `option httpchk`, `mode`. */
const keyword = ({ words }: HaproxyLine): string =>
  /^(timeout|option|no|http-check|stats)$/.test(words[0] ?? '')
    ? words.slice(0, 2).join(' ')
    : (words[0] ?? '');

/** Without `mode`, HAProxy takes tcp; a part of a split configuration shows by its directives what it is. */
function modeOf(own: readonly HaproxyLine[], inherited: readonly HaproxyLine[]): 'http' | 'tcp' {
  const told = (lines: readonly HaproxyLine[]): string | undefined =>
    lines.findLast(({ words }) => words[0] === 'mode')?.words[1];
  const mode = told(own) ?? told(inherited);
  if (mode !== undefined) return mode === 'http' ? 'http' : 'tcp';
  const speaksHttp = own.some(
    ({ words }) =>
      /^(cookie|http-request|http-response|http-check|redirect|stats)$/.test(words[0] ?? '') ||
      (words[0] === 'option' && /^(http|forwardfor)/.test(words[1] ?? '')) ||
      words.some((word) => /^(hdr|path|url)(_\w+)?(\(|$)|^req\.hdr/.test(word)),
  );
  return speaksHttp ? 'http' : 'tcp';
}

/** `server` and `server-template` lines, each with the words of `default-server` behind its own: the first win. */
export function serversOf({ lines, inherited }: HaproxySection): HaproxyLine[] {
  const common = [...lines, ...inherited]
    .filter(({ words }) => words[0] === 'default-server')
    .flatMap(({ words }) => words.slice(1));
  return lines
    .filter(({ words }) => words[0] === 'server' || words[0] === 'server-template')
    .map(({ words, line }) => ({ words: [...words, ...common], line }));
}
