import { statfsSync } from 'node:fs';
import path from 'node:path';
import { OperatorError } from '../../errors/operator-error.js';
import { systemTexts } from '../../errors/system.js';

const SQLITE_NEEDS_BYTES = 65_536;
const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'SQLITE_FULL']);

/** Turns a failure of the file system into a coded one: a full disk or quota, else what cannot be written. */
export function describeDiskFailure(error: unknown, file: string): unknown {
  if (error instanceof OperatorError || !(error instanceof Error)) return error;
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code !== undefined && (FULL.has(code) || (code.startsWith('SQLITE_IOERR') && isFull(file))))
    return systemTexts.diskFull({ path: file }, { cause: error });
  if (code?.startsWith('SQLITE_IOERR') === true)
    return systemTexts.fileUnwritable({ path: file, detail: error.message }, { cause: error });
  if (code !== undefined && syscall !== undefined)
    return systemTexts.fileUnwritable({ path: file, detail: error.message }, { cause: error });
  return error;
}

/** SQLite's files beside the database (32 kB of index at once) fail with "disk I/O error" when there is no room. */
function isFull(file: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(path.dirname(file));
    return bavail * bsize < SQLITE_NEEDS_BYTES;
  } catch {
    return false;
  }
}

/** Runs a piece of writing; its failures are coded, also where SQLite says "full" in its own words. */
export function diskGuarded<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw describeDiskFailure(error, file);
  }
}
