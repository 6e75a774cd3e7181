import { shownLanguage } from '../language.js';
import type { Code } from '../errors/code.js';
import { definitionOf, describeCode, textOfCode } from '../errors/describe-code.js';
import { redactRecord, redactText } from '../config/redact.js';
import { remembered } from '../remembered.js';
import { escapeHtml, escapeLink } from './escape-html.js';
import { MonthCounter, renderHistogram } from './histogram.js';
import { shownMinute } from './instants.js';
import {
  reasonCounts,
  reasonText,
  type ReportHeader,
  type ReportItem,
  type ReportSink,
  type ReportSummary,
} from './report.js';
import type { TextSink } from './text-sink.js';
import { renderDuration } from './units.js';
import { outputWords as words, shownName } from './words.js';

/** Unresolved recordings listed apart; the table has all of them. */
const UNRESOLVED_SHOWN = 500;

/* The table is streamed before its totals are known: the summary comes last in the file and first on the
   screen (`order`). No script and nothing from outside: the page may be sent by mail and opened anywhere. */
const STYLE = `
:root{color-scheme:light dark}body{font:15px/1.45 system-ui,sans-serif;margin:0 auto;max-width:75rem;padding:1rem;display:flex;flex-direction:column}
header{order:0}#summary{order:1}#items{order:2}h1{font-size:1.4rem}h2{font-size:1.15rem;margin:1.5rem 0 .5rem}
table{border-collapse:collapse;width:100%;font-size:.9rem}th,td{text-align:left;vertical-align:top;padding:.25rem .5rem;border-bottom:1px solid #8884}
td{overflow-wrap:anywhere}#items td:first-child,#items td:nth-child(3){white-space:nowrap}td.n{text-align:right;font-variant-numeric:tabular-nums}.few{width:auto;min-width:24rem}svg{width:100%;max-height:14rem;fill:#2a6fb0}svg text{fill:currentColor;font-size:11px}
.failed{color:#b3261e;font-weight:600}.not-run{color:#a15c00;font-weight:600}.next{border-left:4px solid #2a6fb0;padding:.5rem 1rem;white-space:pre-line}code{overflow-wrap:anywhere}`;

/** The report of a batch as one self-contained HTML page, written as the items come. */
export function htmlReport(write: TextSink): ReportSink {
  let head: ReportHeader | null = null;
  let months: MonthCounter | null = null;
  const unresolved: ReportItem[] = [];
  let unresolvedCount = 0;
  const seen = new RecentRecordings();
  return {
    begin: async (header) => {
      head = header;
      months = new MonthCounter(header.timezone);
      await write(renderHead(redactRecord(header)));
    },
    item: async (told) => {
      // Field by field: in one line of HTML, a URL and an address would be taken for user and host.
      const item = redactRecord(told);
      if (item.startAt !== null && seen.isNew(item.recordId)) months?.add(item.startAt);
      if (item.unresolved && unresolvedCount++ < UNRESOLVED_SHOWN) unresolved.push(item);
      await write(renderRow(item, head?.timezone ?? 'UTC'));
    },
    end: async (summary) => {
      const parts = [
        '</tbody></table></section>\n<section id="summary">',
        renderSummary(summary, head),
        histogramOf(months?.months() ?? []),
        renderUnresolved(unresolved, unresolvedCount, head?.timezone ?? 'UTC'),
        '</section></body></html>\n',
      ];
      await write(parts.join('\n'));
    },
  };
}

/** Owners of one recording follow each other: remembering the last recording is enough to count sessions. */
class RecentRecordings {
  #last: string | null = null;

  isNew(recordId: string): boolean {
    const isNew = recordId !== this.#last;
    this.#last = recordId;
    return isNew;
  }
}

function renderHead(header: ReportHeader): string {
  const facts = Object.entries(header.facts)
    .map(
      ([name, value]) =>
        `<tr><th>${escapeHtml(shownName(name))}</th><td>${escapeHtml(String(value ?? ''))}</td></tr>`,
    )
    .join('');
  const title = escapeHtml(words.reportTitle({ command: header.command, run: header.run }));
  return `<!doctype html>
<html lang="${shownLanguage()}"><head><meta charset="utf-8"><title>${title}</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width"><meta name="referrer" content="no-referrer"><style>${STYLE}</style></head>
<body><header><h1>${title}</h1><p>${escapeHtml(shownName(header.mode))}, ${escapeHtml(shownMinute(header.startedAt, header.timezone))} (${escapeHtml(header.timezone)}), ${words.planned({ count: header.total })}</p>
<table>${facts}</table></header>
<section id="items"><h2>${words.everyAction()}</h2><table><thead><tr>${headings([words.state(), ...subject()])}</tr></thead><tbody>
`;
}

function renderRow(item: ReportItem, timezone: string): string {
  const remarks = [...item.marks, ...(item.notes ?? [])]
    .map(({ code, parameters }) => `; ${textOfCode(code, parameters)}`)
    .join('');
  return (
    `<tr><td class="${escapeHtml(item.state)}">${escapeHtml(shownName(item.state))}</td>` +
    `<td title="${escapeHtml(item.reason)}">${escapeHtml(reasonText(item) + remarks)}</td>` +
    `<td>${item.startAt === null ? '' : escapeHtml(shownMinute(item.startAt, timezone))}</td>` +
    `<td>${anchor(item.url, item.title)}</td><td>${anchor(item.link, item.owner)}${newAccount(item)}</td>` +
    `<td>${escapeHtml(item.origin)}</td><td><code>${escapeHtml(item.recordId)}</code></td></tr>\n`
  );
}

/** Created for it: whose account, with which address, staff or not. */
const newAccount = ({ newAccount: account }: ReportItem): string =>
  account === undefined
    ? ''
    : `<br><small>${escapeHtml(
        [words.newAccount(), account.name, account.email, ...(account.isStaff ? [words.staff()] : [])]
          .filter((part) => part !== '')
          .join(', '),
      )}</small>`;

/** Owners of one recording follow each other, with the same link. */
const linkTo = remembered(escapeLink);

function anchor(url: string, text: string): string {
  const href = url === '' ? null : linkTo(url);
  return href === null ? escapeHtml(text) : `<a href="${href}">${escapeHtml(text)}</a>`;
}

function renderSummary(
  { tally, endedAt, stoppedBy, next }: ReportSummary,
  header: ReportHeader | null,
): string {
  const states = Object.entries(tally.byState)
    .map(
      ([state, count]) =>
        `<tr><td${count === 0 ? '' : ` class="${escapeHtml(state)}"`}>${escapeHtml(shownName(state))}</td><td class="n">${count}</td></tr>`,
    )
    .join('');
  const reasons = reasonCounts(tally)
    .map(
      ({ state, reason, count }) =>
        `<tr><td>${escapeHtml(shownName(state))}</td><td>${escapeHtml(genericText(reason))} <code>${escapeHtml(reason)}</code></td><td class="n">${count}</td></tr>`,
    )
    .join('');
  const count = tally.total;
  const actions =
    header === null
      ? words.actions({ count })
      : words.actionsIn({ count, time: renderDuration(endedAt - header.startedAt) });
  const stopped =
    stoppedBy === null
      ? ''
      : `<p class="failed">${words.stopped()} ${escapeHtml(redactText(describeCode(stoppedBy.code, stoppedBy.parameters).text))} ` +
        `${escapeHtml(redactText(describeCode(stoppedBy.code, stoppedBy.parameters).remedy))}</p>`;
  return (
    `${stopped}<h2>${escapeHtml(actions)}</h2><table class="few">${states}</table>` +
    `<h2>${words.byReason()}</h2><table>${reasons}</table>` +
    (next === ''
      ? ''
      : `<p class="next"><b>${words.next()}</b>\n<code>${escapeHtml(redactText(next))}</code></p>`)
  );
}

const histogramOf = (months: Parameters<typeof renderHistogram>[0]): string =>
  months.length === 0 ? '' : `<h2>${words.sessionsPerMonth()}</h2>${renderHistogram(months)}`;

/** The text of a reason without the values of one item. */
const genericText = (reason: string): string =>
  definitionOf(reason) !== undefined
    ? describeCode(reason as Code).text.replace(/\{(\w+)\}\.?/g, '…')
    : reason;

function renderUnresolved(items: readonly ReportItem[], count: number, timezone: string): string {
  if (count === 0) return '';
  const rows = items
    .map(
      (item) =>
        `<tr><td>${item.startAt === null ? '' : escapeHtml(shownMinute(item.startAt, timezone))}</td>` +
        `<td>${escapeHtml(item.title)}</td><td>${escapeHtml(item.origin)}</td>` +
        `<td>${escapeHtml(reasonText(item))}</td><td><code>${escapeHtml(item.recordId)}</code></td></tr>`,
    )
    .join('\n');
  const more = count > items.length ? `<p>${words.moreBelow({ count: count - items.length })}</p>` : '';
  return (
    `<h2>${words.withoutOwner({ count })}</h2><table><thead><tr>` +
    `${headings([words.date(), words.title(), words.origin(), words.why(), 'recordID'])}</tr></thead><tbody>${rows}</tbody></table>${more}`
  );
}

const headings = (names: readonly string[]): string => names.map((name) => `<th>${name}</th>`).join('');

/** What stands in the row of an action, after its state. */
const subject = (): string[] => [
  words.why(),
  words.date(),
  words.title(),
  words.owner(),
  words.origin(),
  'recordID',
];
