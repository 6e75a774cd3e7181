import { describeCode } from '../errors/describe-code.js';
import { redactedJson } from '../config/redact.js';
import { reasonCounts, reasonText, type ReportItem, type ReportSink } from './report.js';
import { promisedJson } from './text.js';
import type { TextSink } from './text-sink.js';

/**
 * `--json` of a batch: one object a line, `type` is `header`, then `item` for each, then `summary`, written as
 * they come (docs/json.md). Instants are ISO 8601 in UTC.
 */
export function jsonLines(write: TextSink): ReportSink {
  const line = (value: object): Promise<void> => write(`${promisedJson(redactedJson(value))}\n`);
  return {
    begin: (header) => line({ type: 'header', ...header }),
    item: (item) => line(asLine(item)),
    end: ({ tally, endedAt, stoppedBy, next }) =>
      line({
        type: 'summary',
        total: tally.total,
        states: tally.byState,
        reasons: reasonCounts(tally),
        endedAt,
        stoppedBy:
          stoppedBy === null
            ? null
            : { code: stoppedBy.code, ...describeCode(stoppedBy.code, stoppedBy.parameters, 'en') },
        next,
      }),
  };
}

/** Field by field: a rest and a spread of so many fields take longer than to write them. What is undefined is left out. */
const asLine = (item: ReportItem) =>
  ({
    type: 'item',
    actionId: item.actionId,
    kind: item.kind,
    recordId: item.recordId,
    title: item.title,
    startAt: item.startAt,
    origin: item.origin,
    owner: item.owner,
    url: item.url,
    file: item.file,
    newAccount: item.newAccount,
    link: item.link,
    state: item.state,
    reason: item.reason,
    reasonParameters: item.reasonParameters,
    unresolved: item.unresolved,
    marks: item.marks.map(({ code }) => code),
    notes: (item.notes ?? []).map(({ code, parameters }) => ({
      code,
      ...describeCode(code, parameters, 'en'),
    })),
    reasonText: reasonText(item, 'en'),
  }) satisfies Record<keyof ReportItem | 'type' | 'reasonText', unknown>;
