// `npm run bench [-- WORD…]`: the `benches` of every *.bench.ts beside this file (`--files DIRECTORY`: of that one), or of
// those whose name holds, or whose file begins with, one of the words. Each file in a process of its own (measure.ts); a
// bench that fails, hangs or takes its process along costs its own line only. Prints one table, and appends to
// docs/bench/history.jsonl (`--history FILE`) so that a change can be seen over time. Status 1 when a goal is missed or
// a bench failed. Cut short, it prints what it has.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { appendFileSync, mkdirSync, readdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Result } from './bench.js';
import type { Order, Told } from './measure.js';
import { renderResults, verdictOf } from './results.js';

const here = import.meta.dirname;
const root = path.resolve(here, '../..');
const { values, positionals: words } = parseArgs({
  allowPositionals: true,
  options: { files: { type: 'string', default: here }, history: { type: 'string' } },
});
const results: Result[] = [];
const loadBefore = load();
const state: { running: ChildProcess | null; cut: boolean } = { running: null, cut: false };
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    state.cut = true;
    if (state.running !== null) end(state.running);
  });

for (const file of benchFiles()) if (!state.cut) await measureFile(file);
const machine = `${os.cpus()[0]?.model ?? '?'} x${os.availableParallelism()}`;
process.stdout.write(
  `${renderResults(results, `${machine}, node ${process.version}, load ${loadBefore} before, ${load()} after`)}\n`,
);
remember();
process.exitCode = results.some((result) => ['MISSED', 'FAILED'].includes(verdictOf(result))) ? 1 : 0;

function benchFiles(): string[] {
  const files = readdirSync(values.files).filter((file) => file.endsWith('.bench.ts'));
  // Start-up first: it needs nothing, and shows at once whether the machine is quiet.
  const rank = (file: string): number => (file.startsWith('start-up') ? 0 : 1);
  return files
    .toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
    .map((file) => path.resolve(values.files, file));
}

/** Goes on behind the bench that took the process along, if there is one. */
async function measureFile(file: string): Promise<void> {
  const skip: string[] = [];
  for (;;) {
    const lost = await measureRest(file, skip);
    if (lost === null) return;
    results.push(lost);
    // Nothing had begun: the file itself does not load, and would not the second time.
    if (state.cut || lost.name === path.basename(file)) return;
    skip.push(lost.name);
  }
}

/** @returns the bench during which the process ended; null when all that was asked for has its result */
function measureRest(file: string, skip: string[]): Promise<Result | null> {
  const order: Order = { words, skip };
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', path.join(here, 'measure.ts'), file, JSON.stringify(order)],
    { cwd: root, stdio: ['ignore', 'ignore', 'inherit', 'ipc'], detached: true },
  );
  state.running = child;
  let now: { begins: { name: string; unit: string }; startedAt: number } | null = null;
  let givenUp: string | null = null;
  let clock: NodeJS.Timeout | undefined;
  child.on('message', (told: Told) => {
    clearTimeout(clock);
    if ('ended' in told) {
      results.push(told.ended);
      skip.push(told.ended.name);
      now = null;
      return;
    }
    process.stderr.write(`${told.begins.name}…\n`);
    now = { begins: told.begins, startedAt: performance.now() };
    clock = setTimeout(() => {
      givenUp = `given up after ${told.limitSeconds} s`;
      end(child);
    }, told.limitSeconds * 1000);
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      clearTimeout(clock);
      state.running = null;
      if (code === 0) {
        resolve(null);
        return;
      }
      resolve({
        ...(now?.begins ?? { name: path.basename(file), unit: '' }),
        better: 'less',
        median: null,
        goal: null,
        baseline: null,
        baselineMedian: null,
        ratio: null,
        goalRatio: null,
        seconds: now === null ? 0 : (performance.now() - now.startedAt) / 1000,
        error: state.cut ? 'cut short' : (givenUp ?? `its process ended with ${signal ?? String(code)}`),
      });
    });
  });
}

/** With everything it started in its process group: first asked, then killed. */
function end(child: ChildProcess): void {
  const group = -(child.pid ?? 0);
  if (group === 0) return;
  const signalGroup = (signal: NodeJS.Signals): void => {
    try {
      process.kill(group, signal);
    } catch {
      // It is gone.
    }
  };
  signalGroup('SIGTERM');
  setTimeout(() => signalGroup('SIGKILL'), 5000).unref();
}

function load(): string {
  return (os.loadavg()[0] ?? 0).toFixed(1);
}

function remember(): void {
  if (results.length === 0) return;
  const file = values.history ?? path.join(root, 'docs/bench/history.jsonl');
  mkdirSync(path.dirname(file), { recursive: true });
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
    cwd: root,
    encoding: 'utf8',
  }).trim();
  const [before, after] = [Number(loadBefore), Number(load())];
  const at = new Date().toISOString();
  const line = { at, commit, machine, node: process.version, load: { before, after }, results };
  appendFileSync(file, `${JSON.stringify(line)}\n`);
}
