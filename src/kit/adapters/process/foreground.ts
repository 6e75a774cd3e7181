import { closeSync, openSync, readFileSync } from 'node:fs';

/**
 * Whether this process may draw on its terminal: its process group is the terminal's foreground group.
 * `isTTY` stays true for `command &`; the kernel's own account does not. Elsewhere than on Linux: true.
 */
export function isForeground(): boolean {
  try {
    return groupOwnsTerminal(readFileSync('/proc/self/stat', 'utf8'));
  } catch {
    return true;
  }
}

/** Reads fields 5 (process group) and 8 (the terminal's foreground group) of proc(5) stat. */
export function groupOwnsTerminal(stat: string): boolean {
  // The program's name stands in parentheses and may hold spaces and parentheses itself.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [group, foreground] = [Number(fields[2]), Number(fields[5])];
  return group === foreground;
}

/** Whether there is a terminal at all: a session that was closed has none any more. */
export function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return true;
  } catch {
    return false;
  }
}
