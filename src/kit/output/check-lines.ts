import { describeResult, type CheckResult, type CheckStatus } from '../checks/check-result.js';
import type { FoldedResult } from '../checks/fold-results.js';
import type { Colour, Paint } from './colour.js';
import { displayWidth, plainText } from './text.js';
import { outputWords as words } from './words.js';
import { hanging, padWidth } from './wrap.js';

/** Each at most eight characters. */
const marks = (): Record<CheckStatus, string> => ({
  ok: 'ok',
  warning: words.warning(),
  critical: words.failedMark(),
  unknown: words.unknown(),
});
const COLOURS: Record<CheckStatus, Colour> = {
  ok: 'green',
  warning: 'yellow',
  critical: 'red',
  unknown: 'cyan',
};
const MARK_WIDTH = 9;

/**
 * Findings as lines of at most `columns` characters: status, subject, text; under what is not ok its remedy, and
 * what follows from it, indented. A command in a remedy stays in one piece if it fits the line.
 */
export function renderChecks(
  folded: readonly FoldedResult[],
  { columns = 80, paint = (_, text) => text }: { columns?: number; paint?: Paint } = {},
): string {
  const widest = Math.max(0, ...folded.map(({ result }) => result.subject.length));
  const subjectWidth = Math.min(widest, 24) + 2;
  return folded.map((entry) => renderEntry(entry, { columns, paint, subjectWidth, depth: 0 })).join('\n');
}

interface Layout {
  readonly columns: number;
  readonly paint: Paint;
  readonly subjectWidth: number;
  readonly depth: number;
}

function renderEntry({ result, consequences }: FoldedResult, layout: Layout): string {
  const margin = ' '.repeat(layout.depth * 2);
  const { text, remedy } = describeResult(result);
  const mark = padWidth(marks()[result.status], MARK_WIDTH);
  const subject = plainText(result.subject);
  // A name that is cut says neither which of several it is, nor what `--only` takes: a long one has a line of its own.
  const isLong = displayWidth(subject) > layout.subjectWidth - 1;
  const first = isLong ? `${margin}${mark}${subject}\n` : '';
  const head = isLong
    ? `${margin}${' '.repeat(MARK_WIDTH + layout.subjectWidth)}`
    : `${margin}${mark}${padWidth(subject, layout.subjectWidth - 1)} `;
  const line = first + hanging(head, withoutSubject(plainText(text), subject), layout.columns);
  const painted = line.replace(mark, layout.paint(COLOURS[result.status], mark));
  const inner = `${margin}${' '.repeat(MARK_WIDTH)}-> `;
  return [
    painted,
    ...(remedy === '' ? [] : [hanging(inner, onLines(plainText(remedy)), layout.columns)]),
    ...consequences.map((entry) => renderEntry(entry, { ...layout, depth: layout.depth + 1 })),
  ].join('\n');
}

/** Each SQL statement begins a line of its own: they are copied as they stand. */
const onLines = (remedy: string): string =>
  remedy.replace(/([:;]) (?=(?:GRANT|CREATE (?:USER|ROLE)|SET @\w+ =) )/g, '$1\n');

/** Texts that begin with their subject need not say it twice in a line that shows it. */
const withoutSubject = (text: string, subject: string): string =>
  text.startsWith(`${subject}: `) ? text.slice(subject.length + 2) : text;

/** A result as `--json` shows it (docs/json.md). */
export const plainCheck = (result: CheckResult): object => ({
  id: result.id,
  code: result.code,
  status: result.status,
  subject: result.subject,
  ...describeResult(result, 'en'),
  parameters: result.parameters,
  causedBy: result.causedBy,
});
