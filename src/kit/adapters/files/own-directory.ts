import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';

/** Profiles of browsers, and virtual screens. */
export const BROWSER_DIRECTORY = 'bbb2pod-browser';
export const SCREEN_DIRECTORY = 'bbb2pod-screen';

/**
 * A throw-away directory that tells whose it is: `NAME-PID-RANDOM`. Those of processes that were killed are removed
 * on the way, so that nobody else has to.
 */
export function makeOwnDirectory(parent: string, name: string): string {
  sweepOwnDirectories(parent, name);
  return mkdtempSync(path.join(parent, `${name}-${process.pid}-`));
}

/** Removes those of that name whose processes were killed; for commands that may have no need of one themselves. */
export function sweepOwnDirectories(parent: string, name: string): void {
  for (const entry of readdirSync(parent)) {
    const pid = new RegExp(`^${name}-(\\d+)-\\w+$`).exec(entry)?.[1];
    if (pid === undefined || existsSync(`/proc/${pid}`)) continue;
    try {
      removeDirectory(path.join(parent, entry));
    } catch {
      // Another user's: not ours to remove.
    }
  }
}

/** Removes it whole, also while a dying program still writes into it. */
export const removeDirectory = (directory: string): void =>
  rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
