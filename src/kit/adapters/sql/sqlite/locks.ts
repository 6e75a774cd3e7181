import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import path from 'node:path';
import { makeDirectory } from '../../files/make-directory.js';
import { takeProcessLock } from '../../process/process-lock.js';
import type { HeldLock } from '../dialect.js';
import type { DatabaseSettings } from '../settings.js';

/** SQLite has no advisory lock: a process lock in the state directory, named by the database's real path. */
export async function tryLock(
  settings: DatabaseSettings,
  name: string,
  stateDirectory: string,
): Promise<HeldLock | null> {
  const target = realpathSync(path.resolve(settings.name));
  const hash = createHash('sha256').update(`${target}\0${name}`).digest('hex').slice(0, 16);
  const directory = path.join(stateDirectory, 'locks');
  makeDirectory(directory);
  const lock = takeProcessLock(path.join(directory, `${path.basename(target)}.${hash}.lock`));
  return 'release' in lock ? { release: async () => lock.release() } : null;
}
