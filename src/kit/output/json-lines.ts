import { describeCode } from '../errors/describe-code.js';
import { redactedJson } from '../config/redact.js';
import { reasonCounts, reasonText, type ReportSink } from './report.js';
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
    item: ({ marks, notes = [], ...item }) =>
      line({
        type: 'item',
        ...item,
        marks: marks.map(({ code }) => code),
        notes: notes.map(({ code, parameters }) => ({ code, ...describeCode(code, parameters, 'en') })),
        reasonText: reasonText(item, 'en'),
      }),
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
