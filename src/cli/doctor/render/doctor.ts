import { countStatuses, worstStatus, type CheckResult } from '../../../kit/checks/check-result.js';
import { foldResults } from '../../../kit/checks/fold-results.js';
import { plainCheck, renderChecks } from '../../../kit/output/check-lines.js';
import { paintFor } from '../../../kit/output/colour.js';
import { renderTable } from '../../../kit/output/table.js';
import { words } from '../words.js';

interface Origin {
  readonly key: string;
  readonly value: string;
  readonly origin: string;
}

/** Findings for people: one line each, remedies below, the count at the end. */
export function renderExamination(
  results: readonly CheckResult[],
  origins: readonly Origin[],
  stream: { readonly isTTY?: boolean; readonly columns?: number },
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const columns = Math.max(60, Math.min(stream.columns ?? 80, 120));
  const parts = [
    renderChecks(foldResults(results), { columns, paint: paintFor(stream, environment) }),
    ...(origins.length === 0 ? [] : ['', renderOrigins(origins, columns)]),
    '',
    words.counts(countStatuses(results)),
  ];
  return parts.join('\n');
}

const renderOrigins = (origins: readonly Origin[], columns: number): string =>
  renderTable(
    [{ title: words.key() }, { title: words.value(), shrinks: true }, { title: words.from(), shrinks: true }],
    origins.map(({ key, value, origin }) => [key, value, origin]),
    columns,
  );

/** The document of `doctor --json` (docs/json.md). */
export const plainExamination = (results: readonly CheckResult[], origins: readonly Origin[]): object => ({
  status: worstStatus(results),
  counts: countStatuses(results),
  results: results.map(plainCheck),
  configuration: origins,
});
