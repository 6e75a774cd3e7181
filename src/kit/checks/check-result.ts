import type { Code, CodeParameters, Language } from '../errors/code.js';
import { shownLanguage } from '../language.js';
import { definitionOf, describeCode } from '../errors/describe-code.js';

/** `unknown`: could not be checked, which is neither good nor bad. */
export type CheckStatus = 'ok' | 'warning' | 'critical' | 'unknown';

/**
 * One finding of `doctor` or `cluster check`. Its text and its remedy are those of the code, filled in with
 * `parameters` and `subject` (the texts may use `{subject}`).
 */
export interface CheckResult {
  /** Unique within one run: the code and the subject, unless the check gives its own. */
  readonly id: string;
  readonly code: Code;
  readonly status: CheckStatus;
  /** What was looked at, as the operator calls it: `pod.database`, `bbb.old`, `jvb1`. */
  readonly subject: string;
  readonly parameters: CodeParameters;
  /** Ids of the results that explain this one: it is shown under the first of them that is not ok. */
  readonly causedBy: readonly string[];
}

const statusOfSeverity = { info: 'ok', warning: 'warning', error: 'critical', critical: 'critical' } as const;

/**
 * Builds a result. The status follows the severity of the code (info is ok, error is critical) unless given.
 * @example checkResult('cluster-jvb-absent', 'jvb1', { room }, { causedBy: ['cluster-secret-differs@jvb1'] })
 */
export function checkResult(
  code: Code,
  subject: string,
  parameters: CodeParameters = {},
  options: { status?: CheckStatus; id?: string; causedBy?: readonly string[] } = {},
): CheckResult {
  return {
    id: options.id ?? `${code}@${subject}`,
    code,
    status: options.status ?? statusOfSeverity[definitionOf(code)?.severity ?? 'warning'],
    subject,
    parameters: { subject, ...parameters },
    causedBy: options.causedBy ?? [],
  };
}

/** Text and remedy of a result in one language. A good result needs no remedy. */
export function describeResult(
  result: CheckResult,
  language: Language = shownLanguage(),
): { text: string; remedy: string } {
  const { text, remedy } = describeCode(result.code, result.parameters, language);
  return { text, remedy: result.status === 'ok' ? '' : remedy };
}

const severity: Record<CheckStatus, number> = { ok: 0, unknown: 1, warning: 2, critical: 3 };

/** The worst of these: critical, then warning, then unknown, then ok (also of none). */
export const worstStatus = (results: readonly { readonly status: CheckStatus }[]): CheckStatus =>
  results.reduce<CheckStatus>(
    (worst, { status }) => (severity[status] > severity[worst] ? status : worst),
    'ok',
  );

/** How many results have each status. */
export function countStatuses(
  results: readonly { readonly status: CheckStatus }[],
): Record<CheckStatus, number> {
  const counts: Record<CheckStatus, number> = { ok: 0, warning: 0, critical: 0, unknown: 0 };
  for (const { status } of results) counts[status]++;
  return counts;
}
