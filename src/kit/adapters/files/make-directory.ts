import { existsSync, mkdirSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describeDiskFailure } from './disk-failure.js';
import { systemTexts } from '../../errors/system.js';

/**
 * `mkdir -p` for a directory that an operator named. Not Node's own recursion: where a parent stands and still answers
 * ENOENT, as below /proc, Node tries for ever.
 * @param mode of the directories made here; those that stand keep theirs
 * @throws OperatorError directory-uncreatable, file-unwritable, disk-full
 */
export function makeDirectory(directory: string, mode = 0o700): void {
  const missing: string[] = [];
  for (let at = path.resolve(directory); !existsSync(at) && at !== path.dirname(at); at = path.dirname(at))
    missing.unshift(at);
  try {
    for (const each of missing) makeOne(each, mode);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined || !REFUSED.has(code)) throw describeDiskFailure(error, directory);
    const account = ownAccount();
    const instead = creatablePath(directory, account);
    throw systemTexts.directoryUncreatable(
      { path: directory, detail: message, account, instead },
      { cause: error },
    );
  }
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw systemTexts.fileUnwritable({ path: directory, detail: 'it is not a directory' });
}

const REFUSED = new Set(['EACCES', 'EPERM', 'EROFS']);

/** Who runs this; by number where the system knows no name. */
function ownAccount(): string {
  try {
    return os.userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'USER');
  }
}

/** What root should make of it: where an account has no home (Debian's /nonexistent), not below it. */
const creatablePath = (directory: string, account: string): string =>
  /^\/nonexistent(\/|$)/.test(directory) ? `/var/lib/bbb2pod-${account}` : directory;

function makeOne(directory: string, mode: number): void {
  try {
    mkdirSync(directory, { mode });
  } catch (error) {
    // Another process made it meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
