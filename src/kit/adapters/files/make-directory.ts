import { existsSync, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { describeDiskFailure } from './disk-failure.js';
import { systemTexts } from '../../errors/system.js';

/**
 * `mkdir -p` for a directory that an operator named. Not Node's own recursion: where a parent stands and still answers
 * ENOENT, as below /proc, Node tries for ever.
 * @param mode of the directories made here; those that stand keep theirs
 * @throws OperatorError file-unwritable, disk-full
 */
export function makeDirectory(directory: string, mode = 0o700): void {
  const missing: string[] = [];
  for (let at = path.resolve(directory); !existsSync(at) && at !== path.dirname(at); at = path.dirname(at))
    missing.unshift(at);
  try {
    for (const each of missing) makeOne(each, mode);
  } catch (error) {
    throw describeDiskFailure(error, directory);
  }
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw systemTexts.fileUnwritable({ path: directory, detail: 'it is not a directory' });
}

function makeOne(directory: string, mode: number): void {
  try {
    mkdirSync(directory, { mode });
  } catch (error) {
    // Another process made it meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
