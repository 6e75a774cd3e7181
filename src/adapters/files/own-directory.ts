import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';

/**
 * A throw-away directory that tells whose it is: `NAME-PID-RANDOM`. Those of processes that were killed are removed
 * on the way, so that nobody else has to.
 */
export function makeOwnDirectory(parent: string, name: string): string {
  for (const entry of readdirSync(parent)) {
    const pid = new RegExp(`^${name}-(\\d+)-\\w+$`).exec(entry)?.[1];
    if (pid === undefined || existsSync(`/proc/${pid}`)) continue;
    try {
      removeDirectory(path.join(parent, entry));
    } catch {
      // Another user's: not ours to remove.
    }
  }
  return mkdtempSync(path.join(parent, `${name}-${process.pid}-`));
}

/** Removes it whole, also while a dying program still writes into it. */
export const removeDirectory = (directory: string): void =>
  rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
