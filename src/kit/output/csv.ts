import { stringify } from 'csv-stringify/sync';
import { textOfCode } from '../errors/describe-code.js';
import { mayHoldSecrets, redactText } from '../config/redact.js';
import { escapeRegExp } from '../escape-reg-exp.js';
import { dayOf } from './instants.js';
import { reasonText, type ReportHeader, type ReportItem, type ReportSink } from './report.js';
import type { TextSink } from './text-sink.js';

export type Cell = string | number | boolean | null;

export interface CsvColumn<T> {
  readonly title: string;
  readonly value: (item: T) => Cell;
}

export interface CsvOptions {
  /** Default `;`: what a spreadsheet in France expects. */
  readonly delimiter?: string;
  /** UTF-8 mark at the head; Excel needs it to read accents. */
  readonly bom?: boolean;
}

/** Some programs trim what they read. */
const FORMULA = /^(?:[\t\r]|\s*[=+\-@\uFF0B\uFF0D\uFF1D\uFF20])/;
const HARMLESS = /^(?:-|[+-]?\d+(?:[.,]\d+)?)$/;

/**
 * A cell as text that no spreadsheet takes for a formula: titles come from anybody who may open a meeting, and
 * `=HYPERLINK(…)` in one would run on the administrator's desk. An apostrophe in front makes it text.
 */
export function harmlessCell(value: Cell): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const text = redactText(value.replace(/\u0000/g, ''));
  return FORMULA.test(text) && !HARMLESS.test(text.trim()) ? `'${text}` : text;
}

/** In the middle of a line: what a cell may begin or end with that makes it a formula or is quoted, and what is quoted wherever it stands. */
const CAREFUL = String.raw`["\r\n\0]|(?:^|DELIMITER)[\s=+\-@'\uFF0B\uFF0D\uFF1D\uFF20]|\s(?:$|DELIMITER)`;

/**
 * The line of a row. Hardly one of a hundred thousand holds anything to quote, to hide or to make harmless: one look at
 * all of it tells so, where each cell would be looked at several times.
 */
function lineMaker(delimiter: string): (cells: readonly Cell[]) => string {
  const written = (cells: readonly string[]): string =>
    stringify([cells], { delimiter, record_delimiter: '\r\n', quoted_match: /^\s|\s$|^'/ });
  const careful = new RegExp(CAREFUL.replaceAll('DELIMITER', escapeRegExp(delimiter)));
  return (cells) => {
    const plain = cells.join(delimiter);
    const isPlain =
      delimiter.length === 1 &&
      !careful.test(plain) &&
      plain.split(delimiter).length === cells.length &&
      !mayHoldSecrets(plain);
    return isPlain ? `${plain}\r\n` : written(cells.map(harmlessCell));
  };
}

/** Writes a CSV file row by row. The titles go out with the first call of either function. */
export function csvWriter<T>(
  write: TextSink,
  columns: readonly CsvColumn<T>[],
  { delimiter = ';', bom = false }: CsvOptions = {},
): { row(item: T): Promise<void>; end(): Promise<void> } {
  const lineOf = lineMaker(delimiter);
  let head = `${bom ? '\uFEFF' : ''}${lineOf(columns.map(({ title }) => title))}`;
  const withHead = (text: string): Promise<void> => {
    const chunk = head + text;
    head = '';
    return write(chunk);
  };
  return {
    row: (item) => withHead(lineOf(columns.map(({ value }) => value(item)))),
    end: () => (head === '' ? Promise.resolve() : withHead('')),
  };
}

/** The report of a batch as CSV: one row per action. */
export function csvReport(write: TextSink): ReportSink {
  let writer: ReturnType<typeof csvWriter<ReportItem>> | null = null;
  return {
    begin: async (header) => {
      writer = csvWriter(write, reportColumns(header));
    },
    item: async (item) => writer?.row(item),
    end: async () => writer?.end(),
  };
}

const reportColumns = ({ run, timezone }: ReportHeader): CsvColumn<ReportItem>[] => [
  { title: 'run', value: () => run },
  { title: 'state', value: (item) => item.state },
  { title: 'reason', value: (item) => item.reason },
  { title: 'why', value: reasonText },
  { title: 'date', value: (item) => (item.startAt === null ? null : dayOf(item.startAt, timezone)) },
  { title: 'title', value: (item) => item.title },
  { title: 'owner', value: (item) => item.owner },
  { title: 'origin', value: (item) => item.origin },
  { title: 'recordID', value: (item) => item.recordId },
  { title: 'url', value: (item) => item.url },
  { title: 'link', value: (item) => item.link },
  { title: 'marks', value: (item) => item.marks.map(({ code }) => code).join(' ') },
  { title: 'kind', value: (item) => item.kind },
  { title: 'file', value: (item) => item.file ?? '' },
  { title: 'new_account_name', value: (item) => item.newAccount?.name ?? '' },
  { title: 'new_account_mail', value: (item) => item.newAccount?.email ?? '' },
  { title: 'new_account_staff', value: (item) => item.newAccount?.isStaff ?? '' },
  {
    title: 'notes',
    value: ({ notes = [] }) => notes.map(({ code, parameters }) => textOfCode(code, parameters)).join(' | '),
  },
];
