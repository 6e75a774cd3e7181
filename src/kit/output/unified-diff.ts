import { formatPatch, structuredPatch, type StructuredPatch } from 'diff';
import type { Paint } from './colour.js';

/** Beyond this many changed lines the shortest difference is not looked for. */
const MOST_EDITS = 20_000;

/**
 * A unified diff of two texts, empty when they are equal; `patch -p0` takes it. A missing last line break is told as
 * diff(1) does.
 * @param context unchanged lines around each change.
 */
export function unifiedDiff(
  before: { readonly name: string; readonly text: string },
  after: { readonly name: string; readonly text: string },
  { context = 3, paint = (_, text) => text }: { context?: number; paint?: Paint } = {},
): string {
  if (before.text === after.text) return '';
  const { name: from, text: old } = before;
  const { name: to, text: made } = after;
  const patch =
    structuredPatch(from, to, old, made, undefined, undefined, { context, maxEditLength: MOST_EDITS }) ??
    wholeChange(before, after);
  const lines = formatPatch(patch)
    .trimEnd()
    .split('\n')
    .filter((line) => !/^={10,}$/.test(line) && !line.startsWith('Index: '))
    .map((line) => (line.startsWith('@@') ? line.replaceAll(/,1(?= )/g, '') : line));
  return `${lines.map((line) => paintLine(line, paint)).join('\n')}\n`;
}

function paintLine(line: string, paint: Paint): string {
  if (line.startsWith('--- ') || line.startsWith('+++ ')) return paint('bold', line);
  if (line.startsWith('@@')) return paint('cyan', line);
  if (line.startsWith('-')) return paint('red', line);
  return line.startsWith('+') ? paint('green', line) : line;
}

/** Two other texts: all of one goes, all of the other comes. */
function wholeChange(
  before: { readonly name: string; readonly text: string },
  after: { readonly name: string; readonly text: string },
): StructuredPatch {
  const linesOf = (text: string, sign: string): string[] =>
    text
      .replace(/\n$/, '')
      .split('\n')
      .map((line) => sign + line);
  const [removed, added] = [linesOf(before.text, '-'), linesOf(after.text, '+')];
  const hunk = { oldStart: 1, oldLines: removed.length, newStart: 1, newLines: added.length };
  const head = {
    oldFileName: before.name,
    newFileName: after.name,
    oldHeader: undefined,
    newHeader: undefined,
  };
  return { ...head, hunks: [{ ...hunk, lines: [...removed, ...added] }] };
}
