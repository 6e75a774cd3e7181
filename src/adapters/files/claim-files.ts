import { constants } from 'node:fs';
import { chmod, chown, copyFile, link, open, readdir, rm, stat, statfs, unlink } from 'node:fs/promises';
import path from 'node:path';
import { messageOf, OperatorError } from '../../codes/operator-error.js';
import type { ClaimFiles, FileStamp } from '../../migrate/claim-files.js';

export interface Ownership {
  /** Numeric ids; null keeps those of the directory. */
  readonly owner: { readonly uid: number; readonly gid: number } | null;
  /** Null gives the directory's mode without its execute bits. */
  readonly mode: number | null;
}

/** Pod's scanner skips this ending (it is no video extension), so a half-written file is never offered. */
const PARTIAL = '.part';

/** The recorder's directory on this machine. Files appear whole, by link, and never replace another. */
export function openClaimFiles(ownership: Ownership): Omit<ClaimFiles, 'removeWork'> {
  return {
    stat: stampOf,
    async place(finished, target) {
      const partial = `${target}${PARTIAL}`;
      try {
        await copyFile(finished, partial, constants.COPYFILE_FICLONE);
        await giveTo(partial, path.dirname(target), ownership);
        await syncFile(partial);
        await link(partial, target);
      } catch (error) {
        throw explain(error, target);
      } finally {
        await rm(partial, { force: true });
      }
      await syncFile(path.dirname(target));
      const stamp = await stampOf(target);
      if (stamp === null) throw new OperatorError('file-unwritable', { path: target, detail: 'it vanished' });
      return stamp;
    },
    remove: (target) => unlink(target),
    removePartial: (target) => rm(`${target}${PARTIAL}`, { force: true }),
    async list(directory) {
      try {
        return await readdir(directory);
      } catch {
        return null;
      }
    },
    async freeBytes(directory) {
      const { bavail, bsize } = await statfs(directory);
      return bavail * bsize;
    },
  };
}

async function stampOf(target: string): Promise<FileStamp | null> {
  try {
    const status = await stat(target);
    return { sizeBytes: status.size, modifiedAt: Math.trunc(status.mtimeMs), inode: status.ino };
  } catch {
    return null;
  }
}

/** Readable and movable by Pod: the owner and mode of its own directory unless the configuration says otherwise. */
async function giveTo(file: string, directory: string, { owner, mode }: Ownership): Promise<void> {
  const own = await stat(directory);
  await chmod(file, mode ?? own.mode & 0o666);
  const wanted = owner ?? { uid: own.uid, gid: own.gid };
  const current = await stat(file);
  if (current.uid !== wanted.uid || current.gid !== wanted.gid) await chown(file, wanted.uid, wanted.gid);
}

async function syncFile(target: string): Promise<void> {
  const handle = await open(target, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function explain(error: unknown, target: string): OperatorError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new OperatorError('disk-full', { path: target }, { cause: error });
  const detail = code === 'EEXIST' ? 'another file has that name' : messageOf(error, 'unknown');
  return new OperatorError('file-unwritable', { path: target, detail }, { cause: error });
}
