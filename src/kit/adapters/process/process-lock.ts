import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { isAlive, thisProcess, type ProcessIdentity } from './identity.js';

/**
 * A lock held by a process: a file with its pid and start time, put in place by a hard link (atomic also on NFS).
 * The lock of a dead process is taken over. Null when a living one holds it.
 */
export function takeProcessLock(file: string): { release: () => void } | { heldBy: number } {
  const mine = thisProcess();
  const own = `${file}.${process.pid}`;
  writeFileSync(own, JSON.stringify(mine), { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < 5; attempt++) {
      if (tryLink(own, file)) return { release: () => release(file, mine) };
      const holder = readHolder(file);
      if (holder !== null && isAlive(holder.pid, holder.startTime)) return { heldBy: holder.pid };
      removeStale(file, holder, own);
    }
    return { heldBy: readHolder(file)?.pid ?? 0 };
  } finally {
    rmSync(own, { force: true });
  }
}

/** A lock that was taken over meanwhile is its new holder's. */
function release(file: string, mine: ProcessIdentity): void {
  if (isSame(readHolder(file), mine)) rmSync(file, { force: true });
}

const isSame = (one: ProcessIdentity | null, other: ProcessIdentity | null): boolean =>
  one?.pid === other?.pid && one?.startTime === other?.startTime;

/** Two rivals may see the same dead holder: only the very file that was read is removed. */
function removeStale(file: string, seen: ProcessIdentity | null, own: string): void {
  const aside = `${own}.stale`;
  try {
    renameSync(file, aside);
  } catch {
    return; // a rival was quicker
  }
  const taken = readHolder(aside);
  if (!isSame(taken, seen)) tryLink(aside, file);
  rmSync(aside, { force: true });
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function readHolder(file: string): ProcessIdentity | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity;
  } catch {
    return null;
  }
}
