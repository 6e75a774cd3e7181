// One bench file in a process of its own, started by run.ts: what crashes or hangs here costs one line of the table.
// Words: the file, then the order as JSON ({ words, skip }). Says on the channel which bench begins and how it ended.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { median, type Bench, type Result } from './bench.js';

export type Told =
  | { readonly begins: Pick<Result, 'name' | 'unit'>; readonly limitSeconds: number }
  | { readonly ended: Result };

export interface Order {
  /** A bench is measured when its name or its file's holds one of them; all without any. */
  readonly words: readonly string[];
  /** Names that were measured, or given up, before. */
  readonly skip: readonly string[];
}

const LIMIT_SECONDS = 180;
const [file = '', order = '{}'] = process.argv.slice(2);
const { words, skip } = JSON.parse(order) as Order;
const tell = (told: Told): Promise<void> =>
  new Promise((resolve) => (process.send === undefined ? resolve() : process.send(told, () => resolve())));

/** What a bench file exports; `stop`: what all its benches share is ended once, whatever failed. */
interface BenchFile {
  readonly benches: readonly Bench[];
  readonly stop?: () => Promise<void>;
}

const { benches, stop } = (await import(pathToFileURL(file).href)) as BenchFile;
const wholeFile = words.length === 0 || words.some((word) => path.basename(file).startsWith(word));
for (const bench of benches) {
  if (!wholeFile && !words.some((word) => bench.name.includes(word))) continue;
  if (skip.includes(bench.name)) continue;
  const { name, unit, limitSeconds = LIMIT_SECONDS } = bench;
  await tell({ begins: { name, unit }, limitSeconds });
  await tell({ ended: await measure(bench) });
}
await stop?.();
// What a bench left open must not keep the others waiting.
process.exit(0);

/** Bench and baseline take turns, so that a noisy minute troubles both alike. */
async function measure(bench: Bench): Promise<Result> {
  const { name, unit, runs, baseline } = bench;
  const startedAt = performance.now();
  const ours: number[] = [];
  const theirs: number[] = [];
  let error: string | null = null;
  try {
    const state = await bench.begin?.();
    try {
      for (let i = 0; i < runs; i++) {
        if (baseline !== undefined && i < (baseline.runs ?? runs)) theirs.push(await baseline.run(state));
        ours.push(await bench.run(state));
      }
    } finally {
      await bench.end?.(state);
    }
  } catch (thrown) {
    error = thrown instanceof Error ? thrown.message : String(thrown);
    process.stderr.write(`${thrown instanceof Error ? thrown.stack : error}\n`);
  }
  const own = error === null ? median(ours) : null;
  const baselineMedian = theirs.length === 0 ? null : median(theirs);
  return {
    name,
    unit,
    better: bench.better ?? 'less',
    median: own,
    goal: bench.goal ?? null,
    baseline: baseline?.name ?? null,
    baselineMedian,
    ratio: own === null || baselineMedian === null || baselineMedian === 0 ? null : own / baselineMedian,
    goalRatio: bench.goalRatio ?? null,
    seconds: (performance.now() - startedAt) / 1000,
    error,
  };
}
