import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describeDiskFailure } from './disk-failure.js';
import { refuseOddTarget } from './open-named-file.js';

/**
 * Writes a file whole or not at all: a temporary one in the same directory, fsync, rename, fsync of the directory.
 * @param mode permission bits, 0600 by default; the umask does not widen or narrow them.
 * @throws OperatorError disk-full, file-unwritable; nothing is left behind then.
 */
export async function writeAtomically(
  file: string,
  content: string | Uint8Array | AsyncIterable<string | Uint8Array>,
  { mode = 0o600 }: { mode?: number } = {},
): Promise<void> {
  const name = path.basename(file);
  const temporary = path.join(
    path.dirname(file),
    `.${name}.${process.pid}-${randomBytes(4).toString('hex')}.part`,
  );
  try {
    refuseOddTarget(file);
    await removeLeftParts(path.dirname(file), name);
    const handle = await open(temporary, 'wx', mode);
    try {
      await handle.chmod(mode);
      await writeFile(handle, content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
    await syncDirectory(path.dirname(file));
  } catch (error) {
    // Where not even that is allowed, the first refusal is the one to tell.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw describeDiskFailure(error, file);
  }
}

/** What writers of that file left that were killed. */
async function removeLeftParts(directory: string, name: string): Promise<void> {
  for (const entry of await readdir(directory).catch(() => [])) {
    if (!entry.startsWith(`.${name}.`)) continue;
    const pid = /^(\d+)-[0-9a-f]{8}\.part$/.exec(entry.slice(name.length + 2))?.[1];
    if (pid !== undefined && !existsSync(`/proc/${pid}`))
      await rm(path.join(directory, entry), { force: true });
  }
}

/** Makes a rename in a directory survive a power cut. File systems that cannot (some network ones) are let pass. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EINVAL' && code !== 'ENOTSUP' && code !== 'EBADF') throw error;
  } finally {
    await handle.close();
  }
}
