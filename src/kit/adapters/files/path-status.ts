import { accessSync, constants, readdirSync, statSync } from 'node:fs';
import { realpath } from 'node:fs/promises';

/** What stands at a path, links followed. */
export interface PathStatus {
  readonly kind: 'file' | 'directory' | 'other';
  readonly sizeBytes: number;
  /** Permission bits with those of set-id and sticky, as chmod(1) writes them. */
  readonly mode: number;
  readonly uid: number;
}

/** Null when nothing stands there. @throws what the system says of a path that may not be looked at */
export function pathStatus(file: string): PathStatus | null {
  const status = statSync(file, { throwIfNoEntry: false });
  if (status === undefined) return null;
  return {
    kind: status.isFile() ? 'file' : status.isDirectory() ? 'directory' : 'other',
    sizeBytes: status.size,
    mode: status.mode & 0o7777,
    uid: status.uid,
  };
}

export const isDirectory = (file: string): boolean => pathStatus(file)?.kind === 'directory';

/** A file that holds something. */
export const hasContent = (file: string): boolean => (pathStatus(file)?.sizeBytes ?? 0) > 0;

/** Whether something stands there that this process may see. */
export const exists = (file: string): boolean => mayAccess(file, constants.F_OK);

/** Whether this process may make files in that directory. */
export const mayWriteIn = (directory: string): boolean =>
  mayAccess(directory, constants.W_OK | constants.X_OK);

function mayAccess(file: string, mode: number): boolean {
  try {
    accessSync(file, mode);
    return true;
  } catch {
    return false;
  }
}

/** The path without links; null when nothing stands there. */
export const resolvedPath = (place: string): Promise<string | null> => realpath(place).catch(() => null);

/** Files below a directory, to that depth, as paths; links are not followed. */
export function listFiles(directory: string, depth = Infinity): string[] {
  if (depth === 0) return [];
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const file = `${directory}/${entry.name}`;
    if (entry.isDirectory()) return listFiles(file, depth - 1);
    return entry.isFile() ? [file] : [];
  });
}
