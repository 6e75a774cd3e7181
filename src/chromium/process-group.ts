import { pause } from '../kit/pause.js';
import { readdirSync, readFileSync } from 'node:fs';

const PAGE_BYTES = 4096;
const INTERVAL_MS = 1000;
const END_TIMEOUT_MS = 1000;

/** Kills a process group and waits until only zombies of a lazy init are left of it. Never throws. */
export async function endGroup(processGroup: number): Promise<void> {
  killGroup(processGroup);
  const deadline = Date.now() + END_TIMEOUT_MS;
  while (Date.now() < deadline && members(processGroup).length > 0) {
    await pause(20);
  }
}

export function killGroup(processGroup: number): void {
  if (processGroup <= 1) return;
  try {
    process.kill(-processGroup, 'SIGKILL');
  } catch {
    // ESRCH: nobody is left.
  }
}

/**
 * Calls `tooMuch` once when a process group holds more memory than allowed. Shared pages count for each process
 * (RSS), so the limit is a ceiling against run-away pages, not an account.
 */
export function watchMemory(
  processGroup: number,
  limitBytes: number,
  tooMuch: (usedBytes: number) => void,
): { stop: () => void } {
  const timer = setInterval(() => {
    const used = members(processGroup).reduce((sum, member) => sum + member.residentBytes, 0);
    if (used <= limitBytes) return;
    clearInterval(timer);
    tooMuch(used);
  }, INTERVAL_MS).unref();
  return { stop: () => clearInterval(timer) };
}

/** Living processes of a group, from /proc. */
function members(processGroup: number): { residentBytes: number }[] {
  if (processGroup <= 1) return [];
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => {
      try {
        // After the command name in brackets: state ppid pgrp …; resident pages are field 24 of the whole line.
        const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
        const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        if (Number(fields[2]) !== processGroup || fields[0] === 'Z') return [];
        return [{ residentBytes: Number(fields[21]) * PAGE_BYTES }];
      } catch {
        return []; // It ended between the listing and the reading.
      }
    });
}
