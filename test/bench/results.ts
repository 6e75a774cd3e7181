import { renderTable } from '../../src/kit/output/table.js';
import type { Result } from './bench.js';

export const WIDTH = 100;

/**
 * `met`: what was promised of the number, or of its ratio where nothing else was; `ratio`: the number is missed and the
 * ratio kept, as on a busy machine; empty without any goal.
 */
export type Verdict = 'met' | 'ratio' | 'MISSED' | 'FAILED' | '';

export function verdictOf({ error, better, median, goal, ratio, goalRatio }: Result): Verdict {
  if (error !== null || median === null) return 'FAILED';
  const keeps = (value: number | null, bound: number | null): boolean =>
    value !== null && bound !== null && (better === 'more' ? value >= bound : value <= bound);
  if (goal === null && goalRatio === null) return '';
  if (goal === null) return keeps(ratio, goalRatio) ? 'met' : 'MISSED';
  if (keeps(median, goal)) return 'met';
  return keeps(ratio, goalRatio) ? 'ratio' : 'MISSED';
}

/** The table, what its baselines are, what failed, and a last line that says how it stands. */
export function renderResults(results: readonly Result[], machine: string): string {
  const baselines = [...new Set(results.flatMap(({ baseline }) => baseline ?? []))];
  const letter = (name: string): string => String.fromCodePoint(97 + baselines.indexOf(name));
  const bound = (result: Result, value: number | null): string =>
    value === null ? '' : `${result.better === 'more' ? '≥' : '≤'} ${figure(value)}`;
  const right = 'right' as const;
  const table = renderTable(
    [
      { title: 'BENCH', shrinks: true },
      { title: 'MEDIAN', align: right },
      { title: 'GOAL', align: right },
      { title: 'UNIT' },
      { title: 'BASELINE', align: right },
      { title: 'RATIO', align: right },
      { title: 'GOAL', align: right },
      { title: 'VERDICT' },
    ],
    results.map((result) => [
      result.name,
      figure(result.median),
      bound(result, result.goal),
      result.unit,
      result.baseline === null ? '' : `${figure(result.baselineMedian)} ${letter(result.baseline)}`,
      figure(result.ratio),
      bound(result, result.goalRatio),
      verdictOf(result),
    ]),
    WIDTH,
  );
  const failed = results.filter(({ error }) => error !== null);
  const seconds = results.reduce((sum, result) => sum + result.seconds, 0);
  return [
    table,
    '',
    'Medians; each baseline was measured in the same run, in turns:',
    ...baselines.map((name) => `  ${letter(name)}  ${name}`),
    ...failed.map(({ name, error }) => `FAILED ${name}: ${(error ?? '').split('\n', 1)[0]?.slice(0, 200)}`),
    `${machine}; ${(seconds / 60).toFixed(1)} min`,
    lastLine(results),
  ].join('\n');
}

function lastLine(results: readonly Result[]): string {
  const count = (wanted: Verdict): number => results.filter((result) => verdictOf(result) === wanted).length;
  const parts = [`${count('met')} goals met`];
  if (count('ratio') > 0) parts.push(`${count('ratio')} by the ratio only`);
  parts.push(`${count('MISSED')} missed`, `${count('FAILED')} failed`);
  const bad = results.filter((result) => ['MISSED', 'FAILED'].includes(verdictOf(result)));
  const next =
    bad[0] === undefined
      ? ''
      : `; again, one alone: npm run bench -- '${bad[0].name.split(',', 1)[0] ?? ''}'`;
  return `${parts.join(', ')}${next}`;
}

function figure(value: number | null): string {
  if (value === null) return '';
  if (value !== 0 && Math.abs(value) < 1) return value.toPrecision(2);
  return value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
}
