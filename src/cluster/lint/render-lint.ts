import { describeResult, worstStatus } from '../../kit/checks/check-result.js';
import { unifiedDiff } from '../../kit/output/unified-diff.js';
import { stateWord, wrap } from '../check/render-table.js';
import { words as checkWords } from '../check/words.js';
import { maskSecrets } from '../render/mask-secrets.js';
import { mergeFixes, type LintResult } from './lint-file.js';
import { words } from '../words.js';

const rank = { critical: 0, warning: 1, unknown: 2, ok: 3 } as const;

/** Lint findings for people: the worst first, each with file:line and remedy, then one diff of all fixes. */
export function renderLint(results: readonly LintResult[], files: number, whole = false): string {
  const sorted = groupPlaces(results).toSorted((a, b) => rank[a.status] - rank[b.status]);
  const blocks = sorted.map((result) => {
    const { text } = describeResult(result);
    const { remedy } = describeResult({ ...result, status: 'warning' });
    const head = wrap(
      `${result.status === 'ok' ? 'note' : stateWord(result.status)} ${result.check}  ${text}`,
      2,
    );
    // A command that goes into a pipe stays in one line.
    return remedy === '' ? head : `${head}\n${whole ? `  -> ${remedy}` : wrap(`  -> ${remedy}`, 5)}`;
  });
  const diffs = fixDiffs(results);
  const byHand = maskedDiffs(results);
  const count = (status: LintResult['status']): number =>
    results.filter((result) => result.status === status).length;
  const last = `${[
    checkWords.criticals({ count: count('critical') }),
    checkWords.warnings({ count: count('warning') }),
    checkWords.notes({ count: count('ok') }),
    ...(count('unknown') === 0 ? [] : [words.notJudged({ count: count('unknown') })]),
  ].join(', ')} ${words.inFiles({ files })}`;
  return [
    ...blocks,
    ...(diffs === '' ? [] : [`${words.corrections()}\n\n${diffs.trimEnd()}`]),
    ...(byHand === '' ? [] : [`${words.changeByHand()}\n\n${byHand.trimEnd()}`]),
    last,
  ].join('\n\n');
}

const OF_THE_PLACE = new Set(['place', 'file', 'node', 'subject']);

/** The same finding in several files is said once, with all its places. */
function groupPlaces(results: readonly LintResult[]): LintResult[] {
  const groups = new Map<string, LintResult[]>();
  for (const result of results) {
    const said = Object.entries(result.parameters).filter(([name]) => !OF_THE_PLACE.has(name));
    const key = JSON.stringify([result.code, result.status, said]);
    groups.set(key, [...(groups.get(key) ?? []), result]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const places = [...new Set(group.map(({ parameters }) => String(parameters['place'])))];
    return [{ ...first, parameters: { ...first.parameters, place: places.join(', ') } }];
  });
}

type Fix = NonNullable<LintResult['fix']>;

const diffOf = ({ file, before, after }: Fix, context: number, masked: boolean): string => {
  const shown = (text: string): string => (masked ? maskSecrets(text) : text);
  return unifiedDiff({ name: file, text: shown(before) }, { name: file, text: shown(after) }, { context });
};

/** Whether a correction changes a line that holds a secret: it cannot be printed as it must be applied. */
const touchesSecret = (fix: Fix): boolean => diffOf(fix, 0, true) !== diffOf(fix, 0, false);

const fixesOf = (results: readonly LintResult[]): Fix[] =>
  results.flatMap(({ fix }) => (fix === null ? [] : [fix]));

/**
 * One unified diff of all certain corrections, which `patch -p0` applies as printed: lines around them that hold
 * secrets are left out.
 */
export const fixDiffs = (results: readonly LintResult[]): string =>
  mergeFixes(fixesOf(results).filter((fix) => !touchesSecret(fix)))
    .map((fix) => {
      const context = [3, 2, 1].find((lines) => diffOf(fix, lines, true) === diffOf(fix, lines, false));
      return diffOf(fix, context ?? 0, true);
    })
    .join('\n');

/** Corrections of lines that hold a secret, masked: to be made by hand. */
export const maskedDiffs = (results: readonly LintResult[]): string =>
  mergeFixes(fixesOf(results).filter(touchesSecret))
    .map((fix) => diffOf(fix, 1, true))
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
  masked_diff: maskedDiffs(results),
});

/** 0 no critical, 1 a critical, 3 a file that could not be judged: as for live checks. */
export const lintExit = (results: readonly LintResult[]): number => {
  if (worstStatus(results) === 'critical') return 1;
  return results.some(({ status }) => status === 'unknown') ? 3 : 0;
};
