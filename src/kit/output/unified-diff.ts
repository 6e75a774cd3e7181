import type { Paint } from './colour.js';

interface Edit {
  readonly kind: ' ' | '-' | '+';
  readonly line: string;
}

/**
 * A unified diff of two texts, empty when they are equal. A missing last line break is told as `diff` does.
 * @param context unchanged lines around each change.
 */
export function unifiedDiff(
  before: { readonly name: string; readonly text: string },
  after: { readonly name: string; readonly text: string },
  { context = 3, paint = (_, text) => text }: { context?: number; paint?: Paint } = {},
): string {
  if (before.text === after.text) return '';
  const edits = compareLines(splitLines(before.text), splitLines(after.text));
  const hunks = groupHunks(edits, context);
  const lines = [paint('bold', `--- ${before.name}`), paint('bold', `+++ ${after.name}`)];
  for (const hunk of hunks)
    lines.push(paint('cyan', hunkHead(edits, hunk)), ...hunkLines(edits, hunk, paint));
  return `${lines.join('\n')}\n`;
}

/** Lines with their break; the last may have none, which makes it another line than one that has. */
const splitLines = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/** Longest common subsequence between equal heads and tails: quadratic only in what changed. */
function compareLines(a: readonly string[], b: readonly string[]): Edit[] {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++;
  const same = (lines: readonly string[]): Edit[] => lines.map((line) => ({ kind: ' ', line }));
  return [
    ...same(a.slice(0, head)),
    ...compareMiddle(a.slice(head, a.length - tail), b.slice(head, b.length - tail)),
    ...same(a.slice(a.length - tail)),
  ];
}

const MOST_CELLS = 25_000_000;

function compareMiddle(a: readonly string[], b: readonly string[]): Edit[] {
  const removed = (line: string): Edit => ({ kind: '-', line });
  const added = (line: string): Edit => ({ kind: '+', line });
  if (a.length * b.length > MOST_CELLS) return [...a.map(removed), ...b.map(added)];
  const width = b.length + 1;
  const lengths = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number): number => lengths[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--)
      lengths[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  }
  const edits: Edit[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const left = a[i];
    const right = b[j];
    if (left !== undefined && left === right) {
      edits.push({ kind: ' ', line: left });
      i++;
      j++;
    } else if (left !== undefined && (right === undefined || at(i + 1, j) >= at(i, j + 1))) {
      edits.push(removed(left));
      i++;
    } else if (right !== undefined) {
      edits.push(added(right));
      j++;
    }
  }
  return edits;
}

interface Hunk {
  readonly from: number;
  /** Not included. */
  readonly to: number;
}

function groupHunks(edits: readonly Edit[], context: number): Hunk[] {
  const hunks: { from: number; to: number }[] = [];
  edits.forEach(({ kind }, i) => {
    if (kind === ' ') return;
    const from = Math.max(0, i - context);
    const to = Math.min(edits.length, i + context + 1);
    const last = hunks.at(-1);
    if (last !== undefined && from <= last.to) last.to = to;
    else hunks.push({ from, to });
  });
  return hunks;
}

function hunkHead(edits: readonly Edit[], { from, to }: Hunk): string {
  const count = (some: readonly Edit[], other: Edit['kind']): number =>
    some.filter(({ kind }) => kind !== other).length;
  const before = edits.slice(0, from);
  const inside = edits.slice(from, to);
  const range = (other: Edit['kind']): string => {
    const length = count(inside, other);
    const start = count(before, other) + (length === 0 ? 0 : 1);
    return length === 1 ? `${start}` : `${start},${length}`;
  };
  return `@@ -${range('+')} +${range('-')} @@`;
}

const colours = { '-': 'red', '+': 'green' } as const;

function hunkLines(edits: readonly Edit[], { from, to }: Hunk, paint: Paint): string[] {
  return edits.slice(from, to).flatMap(({ kind, line }) => {
    const shown = kind + line.replace(/\n$/, '');
    const painted = kind === ' ' ? shown : paint(colours[kind], shown);
    return line.endsWith('\n') ? [painted] : [painted, '\\ No newline at end of file'];
  });
}
