import type { Code } from '../../kit/errors/code.js';
import { resultsOf, type ClusterResult, type SystemName } from '../check/cluster-result.js';

/** A configuration file to judge; `path` is what the operator is shown. */
export interface LintFile {
  readonly path: string;
  readonly text: string;
  /** Permission bits; null when they are not known (an archive). */
  readonly mode: number | null;
  /** Its part in a Jitsi set-up, where the path does not tell it. */
  readonly role?: JitsiRole;
}

export type JitsiRole = 'jvb' | 'jicofo' | 'properties' | 'jicofo-properties' | 'environment' | 'prosody';

/** A node's tree: files by their path under it (`etc/jitsi/videobridge/config` or without `etc/`). */
export interface LintTree {
  readonly node: string;
  readonly files: readonly LintFile[];
}

/** A finding in a file, with the line to look at and, where it is certain, the corrected text. */
export interface LintResult extends ClusterResult {
  readonly file: string;
  readonly line: number;
  readonly fix: { readonly file: string; readonly before: string; readonly after: string } | null;
}

export interface LintDetails {
  readonly system: SystemName;
  readonly node: string;
  readonly file: LintFile;
  readonly line: number;
  readonly parameters?: Readonly<Record<string, string | number>>;
  /** The line as it should be; null removes it. */
  readonly replacement?: string | null;
  /** `unknown` for what should have been judged and could not be. */
  readonly status?: 'unknown';
}

/** A larger file is none that somebody wrote: it is judged, and no diff of it is made. */
const MOST_CORRECTED = 1_000_000;

/** Makes a finding; `place` (file:line) is a parameter of every text. */
export function lintFinding(code: Code, details: LintDetails): LintResult {
  const { system, node, file, line, parameters = {}, replacement, status } = details;
  const place = line > 0 ? `${file.path}:${line}` : file.path;
  const result = resultsOf(system).found(code, `${node}/${place}`, {
    node,
    parameters: { ...parameters, place, node, file: file.path },
    ...(status === undefined ? {} : { status }),
  });
  return {
    ...result,
    id: `${code}@${node}/${place}/${String(parameters['key'] ?? '')}`,
    file: file.path,
    line,
    fix:
      replacement === undefined || file.text.length > MOST_CORRECTED
        ? null
        : { file: file.path, before: file.text, after: replaceLine(file, line, replacement) },
  };
}

/** `env.example`, `.env.sample`: what a project ships to be filled in is empty on purpose. */
export const isExample = ({ path }: LintFile): boolean =>
  /example|exemple|sample|template|\.dist$/.test(path.split('/').at(-1) ?? '');

/** Where each line of a file begins, and one place behind its last: looked for once, however many findings it has. */
const starts = new WeakMap<LintFile, Uint32Array>();
function startsOf(file: LintFile): Uint32Array {
  const known = starts.get(file);
  if (known !== undefined) return known;
  let count = 1;
  for (let at = file.text.indexOf('\n'); at >= 0; at = file.text.indexOf('\n', at + 1)) count++;
  const found = new Uint32Array(count + 1);
  for (let i = 1; i < count; i++) found[i] = file.text.indexOf('\n', found[i - 1]) + 1;
  found[count] = file.text.length + 1;
  starts.set(file, found);
  return found;
}

/** One line of a file, from 1. */
export function lineOf(file: LintFile, line: number): string {
  const found = startsOf(file);
  return line < 1 || line >= found.length ? '' : file.text.slice(found[line - 1], (found[line] ?? 1) - 1);
}

/** The text of a file with one line (from 1) replaced or removed. */
function replaceLine(file: LintFile, line: number, replacement: string | null): string {
  const found = startsOf(file);
  if (line < 1 || line >= found.length) return file.text;
  const from = found[line - 1] ?? 0;
  const to = (found[line] ?? 1) - 1;
  if (replacement !== null) return file.text.slice(0, from) + replacement + file.text.slice(to);
  // With the line goes its end; with the last one, the end of the line before.
  return file.text.slice(0, to === file.text.length ? Math.max(0, from - 1) : from) + file.text.slice(to + 1);
}

/** One text with all fixes of one file applied; fixes of one line keep the first. */
export function mergeFixes(
  fixes: readonly NonNullable<LintResult['fix']>[],
): { file: string; before: string; after: string }[] {
  const merged = new Map<string, { file: string; before: string; lines: (string | null)[] }>();
  for (const { file, before, after } of fixes) {
    const old = before.split('\n');
    const now = after.split('\n');
    const entry = merged.get(file) ?? { file, before, lines: [...old] };
    merged.set(file, entry);
    let head = 0;
    while (head < old.length && head < now.length && old[head] === now[head]) head++;
    let tail = 0;
    while (tail < old.length - head && tail < now.length - head && old.at(-1 - tail) === now.at(-1 - tail))
      tail++;
    if (entry.lines[head] !== old[head]) continue;
    const inserted = now.slice(head, now.length - tail).join('\n');
    for (let i = head; i < old.length - tail; i++) entry.lines[i] = null;
    if (now.length - tail > head) entry.lines[head] = inserted;
  }
  return [...merged.values()].map(({ file, before, lines }) => ({
    file,
    before,
    after: lines.filter((line) => line !== null).join('\n'),
  }));
}
