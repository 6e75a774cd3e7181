// `npm run bench [NAME…]`: every *.bench.ts beside this file (their `benches`), or those whose name holds one of the
// words. Prints one table and appends to docs/bench/history.jsonl, so that a change can be seen over time.
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { renderTable } from '../../src/output/table.js';
import { median, type Bench } from './bench.js';

interface Result {
  readonly name: string;
  readonly unit: string;
  readonly median: number;
  readonly baseline: string | null;
  readonly baselineMedian: number | null;
  readonly ratio: number | null;
  readonly goal: number | null;
}

const root = path.resolve(import.meta.dirname, '../..');
const words = process.argv.slice(2);
const results: Result[] = [];
for (const bench of await loadBenches()) {
  if (words.length > 0 && !words.some((word) => bench.name.includes(word))) continue;
  process.stderr.write(`${bench.name}…\n`);
  results.push(await measure(bench));
}
process.stdout.write(`${renderResults(results)}\n`);
remember(results);

async function loadBenches(): Promise<Bench[]> {
  const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.bench.ts'));
  // Start-up first: it needs nothing, and shows at once whether the machine is quiet.
  files.sort(
    (a, b) => Number(b.startsWith('start-up')) - Number(a.startsWith('start-up')) || (a < b ? -1 : 1),
  );
  const benches: Bench[] = [];
  for (const file of files) {
    const module = (await import(pathToFileURL(path.join(import.meta.dirname, file)).href)) as {
      benches: Bench[];
    };
    benches.push(...module.benches);
  }
  return benches;
}

/** Bench and baseline take turns, so that a noisy minute troubles both alike. */
async function measure({ name, unit, runs, begin, run, baseline, goal, end }: Bench): Promise<Result> {
  const state = await begin?.();
  const ours: number[] = [];
  const theirs: number[] = [];
  try {
    for (let i = 0; i < runs; i++) {
      if (baseline !== undefined) theirs.push(await baseline.run(state));
      ours.push(await run(state));
    }
  } finally {
    await end?.(state);
  }
  const baselineMedian = baseline === undefined ? null : median(theirs);
  return {
    name,
    unit,
    median: median(ours),
    baseline: baseline?.name ?? null,
    baselineMedian,
    ratio: baselineMedian === null || baselineMedian === 0 ? null : median(ours) / baselineMedian,
    goal: goal ?? null,
  };
}

function renderResults(all: readonly Result[]): string {
  const number = (value: number | null): string => (value === null ? '' : value.toFixed(value < 10 ? 2 : 0));
  return renderTable(
    [
      { title: 'BENCH' },
      { title: 'MEDIAN', align: 'right' },
      { title: 'UNIT' },
      { title: 'BASELINE', shrinks: true },
      { title: 'MEDIAN', align: 'right' },
      { title: 'RATIO', align: 'right' },
      { title: 'GOAL', align: 'right' },
    ],
    all.map((result) => [
      result.name,
      number(result.median),
      result.unit,
      result.baseline ?? '',
      number(result.baselineMedian),
      number(result.ratio),
      result.goal === null ? '' : `${number(result.goal)}${meets(result) ? '' : ' !'}`,
    ]),
    120,
  );
}

function meets({ goal, ratio, median: own }: Result): boolean {
  return goal === null || (ratio ?? own) <= goal;
}

function remember(all: readonly Result[]): void {
  const directory = path.join(root, 'docs/bench');
  mkdirSync(directory, { recursive: true });
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
    cwd: root,
    encoding: 'utf8',
  }).trim();
  const machine = `${os.cpus()[0]?.model ?? '?'} x${os.availableParallelism()}`;
  const line = { at: new Date().toISOString(), commit, machine, node: process.version, results: all };
  appendFileSync(path.join(directory, 'history.jsonl'), `${JSON.stringify(line)}\n`);
}
