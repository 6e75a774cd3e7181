import { readFileSync } from 'node:fs';

/**
 * A process for longer than its pid lasts: the pid is reused one day, pid + start time never is.
 * `startTime` is opaque: the boot's id, the start in clock ticks (proc(5), field 22 of stat) and the boot's second (btime of
 * /proc/stat). In a container the id is a file mounted over the kernel's own, which units with ProtectKernelTunables do not
 * see: there the second tells that it is the same boot. It alone would not do, for it moves when the clock is set.
 */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startTime: string;
}

let bootId: string | undefined;
let bootSecond: string | undefined;

/** The start time of a running process; null when there is none, or only a zombie of it. */
export function readStartTime(pid: number): string | null {
  let stat: string;
  try {
    bootId ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8);
    bootSecond ??= /^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1] ?? '';
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return null;
  }
  // The command's name stands in parentheses and may hold any character, parentheses included.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state] = fields;
  const ticks = fields[19];
  return ticks === undefined || state === 'Z' || state === 'X' ? null : `${bootId}:${ticks}:${bootSecond}`;
}

/** It is rounded. */
const BOOT_SECONDS = 2;

function isSameStart(noted: string, seen: string | null): boolean {
  if (seen === null) return false;
  const [boot, ticks, second = ''] = noted.split(':');
  const [bootSeen, ticksSeen, secondSeen = ''] = seen.split(':');
  if (ticks === undefined || ticks !== ticksSeen) return false;
  const isNear = second !== '' && Math.abs(Number(second) - Number(secondSeen)) <= BOOT_SECONDS;
  return boot === bootSeen || (secondSeen !== '' && isNear);
}

/** Whether that very process still runs. */
export const isAlive = (pid: number, startTime: string): boolean =>
  Number.isInteger(pid) && pid > 0 && isSameStart(startTime, readStartTime(pid));

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
  return seen === null ? isHidden(pid) : isSameStart(startTime, seen);
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
