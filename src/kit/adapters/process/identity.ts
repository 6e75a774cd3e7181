import { readFileSync } from 'node:fs';

/**
 * A process for longer than its pid lasts: the pid is reused one day, pid + start time never is.
 * `startTime` is opaque: the boot's id and the start in clock ticks (proc(5), field 22 of stat).
 */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startTime: string;
}

let bootId: string | undefined;

/** The start time of a running process; null when there is none, or only a zombie of it. */
export function readStartTime(pid: number): string | null {
  let stat: string;
  try {
    bootId ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8);
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return null;
  }
  // The command's name stands in parentheses and may hold any character, parentheses included.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state] = fields;
  const ticks = fields[19];
  return ticks === undefined || state === 'Z' || state === 'X' ? null : `${bootId}:${ticks}`;
}

/** Whether that very process still runs. */
export const isAlive = (pid: number, startTime: string): boolean =>
  Number.isInteger(pid) && pid > 0 && readStartTime(pid) === startTime;

/** This process as another one recognises it. */
export const thisProcess = (): ProcessIdentity => ({
  pid: process.pid,
  startTime: readStartTime(process.pid) ?? '',
});

/**
 * Whether that very process still runs, for whoever shows it: one of another account that /proc hides (hidepid) counts
 * as running.
 */
export function seemsAlive({ pid, startTime }: ProcessIdentity): boolean {
  if (startTime === '') return false;
  const seen = readStartTime(pid);
  return seen === null ? isHidden(pid) : seen === startTime;
}

function isHidden(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Signals that very process, or its whole group when it leads one. Never hits a process that took its pid.
 * @returns false when it is gone.
 */
export function signalProcess(
  { pid, startTime }: ProcessIdentity,
  signal: NodeJS.Signals,
  target: 'process' | 'group' = 'process',
): boolean {
  if (!isAlive(pid, startTime)) return false;
  return sendSignal(target === 'group' ? -pid : pid, signal);
}

/** kill(2) without an exception: false when nobody is there (or not ours). */
export function sendSignal(target: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(target, signal);
    return true;
  } catch {
    return false;
  }
}
