import { isDeepStrictEqual } from 'node:util';
import type { CliResult } from '../../e2e/run-cli.js';
import { startFaultProxy, type FaultMode } from './fault-proxy.js';

/** Something that a command needs, behind a proxy of ours. */
export interface Dependent {
  readonly dependency: string;
  readonly command: string;
  readonly target: { readonly host: string; readonly port: number };
  /** Runs the command, which reaches the dependency at that port. */
  readonly run: (port: number) => Promise<CliResult>;
  /** What people see; leftovers belong to it. */
  readonly look: () => Promise<unknown>;
  readonly reset: () => Promise<void>;
}

/** One row of the table: what came of it when a dependency went away. */
export interface DependencyRow {
  readonly dependency: string;
  readonly command: string;
  readonly faults: number;
  /** The command came through all the same. */
  readonly through: number;
  /** It ended with one clear message; a second run finished. */
  readonly told: number;
  readonly differences: readonly string[];
  readonly note?: string;
}

export interface Fault {
  readonly mode: FaultMode;
  /** Given back after so long; null: only when the command has ended. */
  readonly awayMs: number | null;
}

export const FAULTS: readonly Fault[] = [
  { mode: 'refuse', awayMs: 300 },
  { mode: 'cut', awayMs: 300 },
  { mode: 'hang', awayMs: 1500 },
  { mode: 'slow', awayMs: null },
  { mode: 'cut', awayMs: null },
];

/** Takes a dependency away at moments spread over the command, in each manner, gives it back, and runs again. */
export async function proveDependent(
  { dependency, command, target, run, look, reset }: Dependent,
  { moments, faults: manners = FAULTS }: { moments: number; faults?: readonly Fault[] },
): Promise<DependencyRow> {
  const differences: string[] = [];
  const tally = { faults: 0, through: 0, told: 0 };
  await reset();
  let requests = 0;
  const whole = await startFaultProxy(target, (count) => (requests = count));
  const first = await run(whole.port);
  await whole.close();
  if (first.status !== 0) throw new Error(`${command}, uninterrupted: ${first.stderr.slice(-400)}`);
  const uninterrupted = await look();
  for (const { mode, awayMs } of manners)
    for (let moment = 0; moment < moments; moment++) {
      await reset();
      const at = 1 + Math.floor((requests * moment) / moments);
      const name = `${mode}${awayMs === null ? ' to the end' : ` for ${awayMs} ms`} at request ${at} of ${requests}`;
      const proxy = await startFaultProxy(target, (count) => {
        if (count !== at) return;
        proxy.set(mode);
        if (awayMs !== null) setTimeout(() => proxy.set('through'), awayMs);
      });
      tally.faults++;
      const faulty = await run(proxy.port);
      proxy.set('through');
      await proxy.close();
      if (faulty.status === 0) tally.through++;
      else tally.told++;
      const unclear = complaintOf(faulty);
      if (unclear !== null) differences.push(`${name}: ${unclear}`);
      const second = await run(target.port);
      if (second.status !== 0)
        differences.push(
          `${name}: the second run ended with ${String(second.status)}: ${second.stderr.slice(-300)}`,
        );
      const seen = await look();
      if (!isDeepStrictEqual(seen, uninterrupted))
        differences.push(`${name}: ${JSON.stringify(seen).slice(0, 300)}`);
    }
  await reset();
  return { dependency, command, ...tally, differences };
}

/** What an operator could not work with; null when the end is clear: done, or one message that says what to do. */
export function complaintOf({ status, stdout, stderr }: CliResult): string | null {
  const told = `${stdout}\n${stderr}`;
  if (/internal-fault/.test(told) || /^\s+at .*:\d+:\d+/m.test(told))
    return `a fault of ours: ${told.slice(-400)}`;
  if (status === 0) return null;
  if (status === null) return `ended by a signal: ${told.slice(-300)}`;
  return /->|Go on:|What failed:/.test(told) ? null : `no word on what to do: ${told.slice(-300)}`;
}
