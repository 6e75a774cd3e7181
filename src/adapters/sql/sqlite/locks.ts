import { createHash } from 'node:crypto';
import { linkSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isAlive, readStartTime } from '../../process/identity.js';
import type { HeldLock } from '../dialect.js';
import type { DatabaseSettings } from '../settings.js';
import { makeDirectory } from '../../files/make-directory.js';

/**
 * SQLite has no advisory lock: an exclusive file in the state directory, named by the database's real path. It
 * holds the process's id and start time; a file whose process is gone is taken over.
 */
export async function tryLock(
  settings: DatabaseSettings,
  name: string,
  stateDirectory: string,
): Promise<HeldLock | null> {
  const target = realpathSync(path.resolve(settings.name));
  const hash = createHash('sha256').update(`${target}\0${name}`).digest('hex').slice(0, 16);
  const directory = path.join(stateDirectory, 'locks');
  makeDirectory(directory);
  const file = path.join(directory, `${path.basename(target)}.${hash}.lock`);
  const mine = `${process.pid} ${readStartTime(process.pid) ?? ''} ${target}\n`;
  for (let attempt = 0; attempt < 3; attempt++) {
    if (takeFile(file, mine)) return { release: async () => releaseFile(file, mine) };
    if (!removeStale(file)) return null;
  }
  return null;
}

/** A hard link of a finished file: it appears whole or not at all, and only where nothing is. */
function takeFile(file: string, content: string): boolean {
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, content, { mode: 0o600 });
  try {
    linkSync(temporary, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(temporary, { force: true });
  }
}

function removeStale(file: string): boolean {
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch {
    return true;
  }
  const [pid = '', startedAt = ''] = content.split(' ');
  if (isAlive(Number(pid), startedAt)) return false;
  // Moved aside and looked at again: of two that find it stale, the later one may hold the other's new lock.
  const aside = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, aside);
    if (readFileSync(aside, 'utf8') !== content) linkSync(aside, file);
    rmSync(aside, { force: true });
  } catch {
    rmSync(aside, { force: true });
  }
  return true;
}

function releaseFile(file: string, mine: string): void {
  try {
    if (readFileSync(file, 'utf8') === mine) rmSync(file, { force: true });
  } catch {
    // Already gone: nothing to release.
  }
}
