import { isDeepStrictEqual } from 'node:util';
import { execFile, type ChildProcess } from 'node:child_process';

/** When a run is killed: at a counted call that writes, or after so many milliseconds. */
export type Kill = { readonly step: number } | { readonly afterMs: number };

/** Something that is killed, finished by a second run, and compared with a run that nobody interrupted. */
export interface Scenario {
  readonly name: string;
  /** Starts one run with a state of its own; the child kills itself at `step` (0: never). */
  readonly start: (step: number) => ChildProcess;
  /** The second run, in the state that the kill left. */
  readonly finish: () => Promise<void>;
  /** What people see: databases, files, texts. Leftovers (temporary files, open intents) belong to it. */
  readonly look: () => Promise<unknown>;
  /** Back to before everything; a new state. @throws when that is not reached. */
  readonly reset: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface CrashTally {
  readonly name: string;
  readonly kills: number;
  /** Runs that had ended before the kill came. */
  readonly tooLate: number;
  readonly differences: readonly string[];
}

export interface Effort {
  /** Calls that write at which the child kills itself, from the first on; `all` until it ends by itself. */
  readonly steps: 'all' | number;
  /** Kills at random moments, after those. */
  readonly random: number;
  /** No new kill after that time: the tally says how many there were. */
  readonly seconds?: number;
}

export async function proveScenario(
  scenario: Scenario,
  { steps, random, seconds = Infinity }: Effort,
): Promise<CrashTally> {
  const differences: string[] = [];
  let kills = 0;
  let tooLate = 0;
  const startedAt = performance.now();
  await ended(scenario.start(0));
  const durationMs = performance.now() - startedAt;
  await scenario.finish();
  const uninterrupted = await scenario.look();
  await scenario.reset();

  const attempt = async (kill: Kill): Promise<boolean> => {
    const child = scenario.start('step' in kill ? kill.step : 0);
    const timer = 'afterMs' in kill ? setTimeout(() => child.kill('SIGKILL'), kill.afterMs) : undefined;
    const signal = await ended(child);
    clearTimeout(timer);
    if (signal === 'SIGKILL') kills++;
    else tooLate++;
    try {
      await scenario.finish();
      const seen = await scenario.look();
      if (!isDeepStrictEqual(seen, uninterrupted))
        differences.push(`${JSON.stringify(kill)}: ${JSON.stringify(seen).slice(0, 300)}`);
      await scenario.reset();
    } catch (error) {
      differences.push(`${JSON.stringify(kill)}: ${error instanceof Error ? error.message : String(error)}`);
      await scenario.reset().catch(() => undefined);
    }
    return signal === 'SIGKILL';
  };
  const inTime = (): boolean => performance.now() - startedAt < seconds * 1000;
  for (let step = 1; (steps === 'all' || step <= steps) && inTime(); step++)
    if (!(await attempt({ step })) && steps === 'all') break;
  for (let i = 0; i < random && inTime(); i++)
    await attempt({ afterMs: durationMs * (0.3 + 0.7 * Math.random()) });
  return { name: scenario.name, kills, tooLate, differences };
}

const ended = (child: ChildProcess): Promise<NodeJS.Signals | null> =>
  new Promise((resolve) => child.once('close', (_code, signal) => resolve(signal)));

/** A child of ours in TypeScript, silent. */
export const startScript = (script: string, args: readonly string[]): ChildProcess =>
  execFile(process.execPath, ['--import', 'tsx', script, ...args], () => undefined);
