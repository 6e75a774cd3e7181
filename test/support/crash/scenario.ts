import { execFile, type ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { builtScript } from '../built-script.js';
import { leftIn, privateTemporary, processesOf, straysOf } from './traces.js';

/**
 * When a run is killed: at a counted call that writes, or after so many milliseconds; itself, as the kernel does when
 * memory is short, or one of the programs that it started.
 */
type Kill = { readonly step: number } | { readonly afterMs: number; readonly victim: 'itself' | 'child' };

/** Something that is killed, finished by a second run, and compared with a run that nobody interrupted. */
export interface Scenario {
  readonly name: string;
  /** Starts one run with a state of its own and that TMPDIR; the child kills itself at `step` (0: never). */
  readonly start: (step: number, temporary: string) => ChildProcess;
  /** The second run, in the state that the kill left. */
  readonly finish: (temporary: string) => Promise<void>;
  /** What people see: databases, files, texts. Leftovers (temporary files, open intents) belong to it. */
  readonly look: () => Promise<unknown>;
  /** Back to before everything; a new state. @throws when that is not reached. */
  readonly reset: () => Promise<void>;
  readonly close: () => Promise<void>;
  /** What is wrong at once when a run lost one of its programs and ended by itself; null when it ended well. */
  readonly complaint?: () => string | null;
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
  /** In turn with those: kills of a program that the run started. */
  readonly children?: number;
  /** No new kill after that time: the tally says how many there were. */
  readonly seconds?: number;
}

/** How long a run is waited for that lost one of its programs. */
const TIMEOUT_MS = 90_000;

export async function proveScenario(
  scenario: Scenario,
  { steps, random, children = 0, seconds = Infinity }: Effort,
): Promise<CrashTally> {
  const temporary = privateTemporary();
  const differences: string[] = [];
  let kills = 0;
  let tooLate = 0;
  const startedAt = performance.now();
  await ended(scenario.start(0, temporary));
  // Of a run that nobody interrupted; shorter when one ended before its kill came.
  let durationMs = performance.now() - startedAt;
  await scenario.finish(temporary);
  const uninterrupted = await scenario.look();
  await scenario.reset();

  const attempt = async (kill: Kill): Promise<boolean> => {
    const differ = (what: string): void => void differences.push(`${JSON.stringify(kill)}: ${what}`);
    const child = scenario.start('step' in kill ? kill.step : 0, temporary);
    const begunAt = performance.now();
    const killed = await strike(child, kill, temporary);
    if (killed) kills++;
    else {
      tooLate++;
      durationMs = Math.min(durationMs, performance.now() - begunAt);
    }
    const strays = await straysOf(temporary);
    if (strays.length > 0) differ(`still running: ${JSON.stringify(strays)}`);
    if (killed && 'victim' in kill && kill.victim === 'child') {
      const complaint = scenario.complaint?.() ?? null;
      if (complaint !== null) differ(complaint);
    }
    try {
      await scenario.finish(temporary);
      const seen = await scenario.look();
      if (!isDeepStrictEqual(seen, uninterrupted)) differ(JSON.stringify(seen).slice(0, 400));
      const left = [...leftIn(temporary), ...(await straysOf(temporary)).map(({ command }) => command)];
      if (left.length > 0) differ(`left behind: ${left.join(', ')}`);
      await scenario.reset();
    } catch (error) {
      differ(error instanceof Error ? error.message : String(error));
      await scenario.reset().catch(() => undefined);
    }
    return killed;
  };
  const inTime = (): boolean => performance.now() - startedAt < seconds * 1000;
  const sometime = (): number => durationMs * (0.2 + 0.75 * Math.random());
  for (let step = 1; (steps === 'all' || step <= steps) && inTime(); step++)
    if (!(await attempt({ step })) && steps === 'all') break;
  // In turn, so that a bound of time leaves some of both.
  for (let i = 0; i < Math.max(random, children) && inTime(); i++) {
    if (i < random) await attempt({ afterMs: sometime(), victim: 'itself' });
    if (i < children && inTime()) await attempt({ afterMs: sometime(), victim: 'child' });
  }
  rmSync(temporary, { recursive: true, force: true });
  return { name: scenario.name, kills, tooLate, differences };
}

/** Kills, and waits for the end of the run. False when it ended before. */
async function strike(child: ChildProcess, kill: Kill, temporary: string): Promise<boolean> {
  const end = ended(child);
  if ('step' in kill) return (await end) === 'SIGKILL';
  if (kill.victim === 'itself') {
    const timer = setTimeout(() => child.kill('SIGKILL'), kill.afterMs);
    const signal = await end;
    clearTimeout(timer);
    return signal === 'SIGKILL';
  }
  let hit = false;
  const shoot = (): void => {
    const below = processesOf(temporary).filter(({ pid }) => pid !== child.pid);
    const one = below[Math.floor(Math.random() * below.length)];
    if (one !== undefined) hit = killOne(one.pid);
    if (!hit && child.exitCode === null) timer = setTimeout(shoot, 20);
  };
  let timer = setTimeout(shoot, kill.afterMs);
  const limit = setTimeout(() => child.kill('SIGKILL'), TIMEOUT_MS);
  await end;
  clearTimeout(timer);
  clearTimeout(limit);
  return hit;
}

function killOne(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false; // It ended by itself.
  }
}

const ended = (child: ChildProcess): Promise<NodeJS.Signals | null> =>
  new Promise((resolve) => child.once('close', (_code, signal) => resolve(signal)));

/** A child of ours in TypeScript, silent. */
export const startScript = (script: string, args: readonly string[], temporary: string): ChildProcess =>
  execFile(
    process.execPath,
    [builtScript(script), ...args],
    { env: { ...process.env, TMPDIR: temporary } },
    () => undefined,
  );
