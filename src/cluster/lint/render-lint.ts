import { describeResult, worstStatus } from '../../kit/checks/check-result.js';
import { unifiedDiff } from '../../kit/output/unified-diff.js';
import { wrap } from '../check/render-table.js';
import { maskSecrets } from '../render/mask-secrets.js';
import { mergeFixes, type LintResult } from './lint-file.js';

const words = { critical: 'CRITICAL', warning: 'WARNING', unknown: '?', ok: 'note' } as const;
const rank = { critical: 0, warning: 1, unknown: 2, ok: 3 } as const;

/** Lint findings for people: the worst first, each with file:line and remedy, then one diff of all fixes. */
export function renderLint(results: readonly LintResult[], files: number): string {
  const sorted = results.toSorted((a, b) => rank[a.status] - rank[b.status]);
  const blocks = sorted.map((result) => {
    const { text } = describeResult(result);
    const { remedy } = describeResult({ ...result, status: 'warning' });
    const head = wrap(`${words[result.status]} ${result.check}  ${text}`, 2);
    return remedy === '' ? head : `${head}\n${wrap(`  -> ${remedy}`, 5)}`;
  });
  const diffs = fixDiffs(results);
  const count = (status: LintResult['status']): number =>
    results.filter((result) => result.status === status).length;
  const last = `${count('critical')} critical, ${count('warning')} warning(s), ${count('ok')} note(s) in ${files} file(s)`;
  return [
    ...blocks,
    ...(diffs === '' ? [] : [`The corrections, as a patch:\n\n${diffs.trimEnd()}`]),
    last,
  ].join('\n\n');
}

/** One unified diff of all certain fixes; what they hold of secrets is masked, then it says so. */
export const fixDiffs = (results: readonly LintResult[]): string =>
  mergeFixes(results.flatMap(({ fix }) => (fix === null ? [] : [fix])))
    .map(({ file, before, after }) =>
      unifiedDiff(
        { name: file, text: maskSecrets(before) },
        { name: `${file} (corrected)`, text: maskSecrets(after) },
      ),
    )
    .join('\n');

/** The document of `--json`. */
export const lintJson = (results: readonly LintResult[]): unknown => ({
  schema: 1,
  exit: lintExit(results),
  findings: results.map((result) => ({
    id: result.check,
    code: result.code,
    node: result.node,
    status: result.status === 'ok' ? 'info' : result.status,
    file: result.file,
    line: result.line,
    message: describeResult(result, 'en').text,
    remedy: describeResult({ ...result, status: 'warning' }, 'en').remedy,
  })),
  diff: fixDiffs(results),
});

/** 0 no critical, 1 a critical. */
export const lintExit = (results: readonly LintResult[]): number =>
  worstStatus(results) === 'critical' ? 1 : 0;
