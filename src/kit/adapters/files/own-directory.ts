import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { makeDirectory } from './make-directory.js';

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

/** A new directory that stays when its maker ends: `NAME-RANDOM`. */
export const makeKeptDirectory = (parent: string, name: string): string =>
  mkdtempSync(path.join(parent, `${name}-`));

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

/**
 * Fills a directory under a name of this process and gives it its own at the end: one whose maker was killed is never
 * taken for a whole one.
 */
export async function fillDirectory(
  directory: string,
  name: string,
  fill: (draft: string) => Promise<unknown>,
): Promise<void> {
  makeDirectory(path.dirname(directory));
  const draft = makeOwnDirectory(path.dirname(directory), name);
  try {
    await fill(draft);
    renameSync(draft, directory);
  } catch (error) {
    removeDirectory(draft);
    throw error;
  }
}
