import { describeCode } from '../codes/catalog.js';
import { redactTree } from '../config/redact.js';
import { reasonCounts, reasonText, type ReportItem, type ReportSink } from './report.js';
import { harmlessJson } from './text.js';
import type { TextSink } from './text-sink.js';

/**
 * `--json` of a batch: one object a line, `type` is `header`, then `item` for each, then `summary`, written as
 * they come (docs/json.md). Instants are ISO 8601 in UTC.
 */
export function jsonLines(write: TextSink): ReportSink {
  const line = (value: object): Promise<void> => write(`${harmlessJson(redactTree(value))}\n`);
  return {
    begin: ({ startedAt, ...header }) =>
      line({ type: 'header', ...header, startedAt: new Date(startedAt).toISOString() }),
    item: (item) => line({ type: 'item', ...plainItem(item) }),
    end: ({ tally, endedAt, stoppedBy, next }) =>
      line({
        type: 'summary',
        total: tally.total,
        states: tally.byState,
        reasons: reasonCounts(tally),
        endedAt: new Date(endedAt).toISOString(),
        stoppedBy:
          stoppedBy === null
            ? null
            : { code: stoppedBy.code, ...describeCode(stoppedBy.code, stoppedBy.parameters) },
        next,
      }),
  };
}

const plainItem = ({ startAt, ...item }: ReportItem): object => ({
  ...item,
  startAt: startAt === null ? null : new Date(startAt).toISOString(),
  reasonText: reasonText(item),
});
