import { readFileSync } from 'node:fs';
import os from 'node:os';
import { jsonLines, type StartedCli } from '../queue-bench.js';

/** One conversion by one way. */
export interface MeasuredWay {
  readonly wallSeconds: number;
  /** What the converter itself says it took. */
  readonly tookSeconds: number;
  /** User and system time of the command, of its programs, and of the worker and its programs. */
  readonly cpuSeconds: number;
}

/** What an engine adds to one conversion, from a pair measured one after the other. */
export interface Overhead {
  readonly alone: MeasuredWay;
  readonly byEngine: MeasuredWay;
}

/** Wall seconds around the conversion itself. */
export const around = ({ wallSeconds, tookSeconds }: MeasuredWay): number => wallSeconds - tookSeconds;

/**
 * Converts once by a command alone and once by the engine.
 * @param start starts a command that converts, with --json, to a file of its own
 * @param worker the worker that takes what is given to the engine; it runs already
 * @throws Error when one of them fails
 */
export async function measurePair(
  alone: () => StartedCli,
  byEngine: () => StartedCli,
  worker: StartedCli,
): Promise<Overhead> {
  return { alone: await measure(alone, null), byEngine: await measure(byEngine, worker) };
}

async function measure(start: () => StartedCli, worker: StartedCli | null): Promise<MeasuredWay> {
  const printed = worker?.stdout().length ?? 0;
  const cpuOf = (): number =>
    cpuSeconds('self', 2) + (worker === null ? 0 : cpuSeconds(worker.process.pid ?? 0, 0));
  const [from, cpuBefore] = [performance.now(), cpuOf()];
  const command = start();
  const status = await command.exited;
  const wallSeconds = (performance.now() - from) / 1000;
  const said = jsonLines(worker === null ? command.stdout() : worker.stdout().slice(printed));
  const tookMs = said.map((line) => line['tookMs']).find((value) => typeof value === 'number');
  if (status !== 0 || tookMs === undefined)
    throw new Error(`status ${status}: ${command.stderr().slice(-300)}${worker?.stderr().slice(-300) ?? ''}`);
  return { wallSeconds, tookSeconds: tookMs / 1000, cpuSeconds: cpuOf() - cpuBefore };
}

/** From its own time (0) or from that of its ended children alone (2) to that of its ended children. */
function cpuSeconds(pid: number | 'self', first: 0 | 2): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11 + first, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / 100;
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return (
    ((sorted[Math.floor((sorted.length - 1) / 2)] ?? 0) + (sorted[Math.ceil((sorted.length - 1) / 2)] ?? 0)) /
    2
  );
};

const seconds = (value: number): string => `${value.toFixed(1)} s`;

/** One pair as it was measured. */
export function renderPair({ alone, byEngine }: Overhead): string {
  const way = ({ wallSeconds, tookSeconds, cpuSeconds: cpu }: MeasuredWay): string =>
    `${seconds(wallSeconds)} (converting ${seconds(tookSeconds)}, CPU ${seconds(cpu)})`;
  return `alone ${way(alone)}, by esup-runner ${way(byEngine)}`;
}

/** The medians: what the engine adds beside what a conversion takes. */
export function judgeOverheads(pairs: readonly Overhead[]): { line: string; share: number } {
  const took = median(pairs.map(({ alone }) => alone.tookSeconds));
  const cpu = median(pairs.map(({ alone }) => alone.cpuSeconds));
  const extraWall = median(pairs.map((pair) => around(pair.byEngine) - around(pair.alone)));
  const extraCpu = median(pairs.map((pair) => pair.byEngine.cpuSeconds)) - cpu;
  const percent = (part: number, of: number): string => `${((part / of) * 100).toFixed(2)} %`;
  return {
    line:
      `medians of ${pairs.length}: around the conversion ${seconds(extraWall)} more = ${percent(extraWall, took)} of it; ` +
      `CPU ${seconds(extraCpu)} more = ${percent(extraCpu, cpu)} (load ${os.loadavg()[0]?.toFixed(1) ?? '-'})`,
    share: Math.max(extraWall / took, extraCpu / cpu),
  };
}
