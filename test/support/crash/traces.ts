import { chmodSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export interface Trace {
  readonly pid: number;
  readonly command: string;
}

/**
 * A temporary directory that marks whatever is started with it as TMPDIR: every child inherits it, the browser's profile
 * lies in it. So our processes are told from those of others on the machine, and what stays in it was left behind.
 */
export function privateTemporary(): string {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-prove-'));
  // The browser runs as nobody when we are root.
  chmodSync(directory, 0o1777);
  return directory;
}

/** Living processes (no zombies) whose arguments or environment name that directory. */
export const processesOf = (mark: string): Trace[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        const [state] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        if (state === 'Z' || state === 'X') return [];
        const line = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
        const marked = line.includes(mark) || readFileSync(`/proc/${name}/environ`, 'utf8').includes(mark);
        return marked ? [{ pid: Number(name), command: line.slice(0, 160) }] : [];
      } catch {
        return []; // It ended meanwhile, or is not ours to look into.
      }
    });

/** What still runs after that timeout, besides those; nothing when all ended. */
export async function straysOf(
  mark: string,
  besides: readonly number[] = [],
  timeoutMs = 5000,
): Promise<Trace[]> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const left = processesOf(mark).filter(({ pid }) => !besides.includes(pid));
    if (left.length === 0 || Date.now() > deadline) return left;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Files and directories that nobody removed. Caches of Node and of the TypeScript loader are meant to stay. */
export const leftIn = (temporary: string): string[] =>
  readdirSync(temporary).filter((name) => !/^(node-compile-cache|tsx-\d+)/.test(name));

/** Partial and temporary files anywhere below, work of conversions, plans and reports that were never finished. */
export const unfinishedBelow = (directory: string): string[] =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.part(-\d+)?$|\.tmp$|\.stale$|\.work$|\.lock\.\d+$|(^|\/)(planning|reports|bbb2pod-\w+)-\d+-\w+$|^work\/\w+$|^spool\/.+/.test(
      name,
    ),
  );
