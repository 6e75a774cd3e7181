import { constants } from 'node:fs';
import { chmod, chown, copyFile, link, open, readdir, rm, stat, unlink } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../../kit/errors/operator-error.js';
import type { ClaimFiles, FileStamp } from '../claim-files.js';
import { describeDiskFailure } from '../../kit/adapters/files/disk-failure.js';
import { freeBytes } from '../../kit/adapters/files/free-space.js';
import { systemTexts } from '../../kit/errors/system.js';

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
        throw describeDiskFailure(nameTaken(error, target), target);
      } finally {
        await rm(partial, { force: true });
      }
      await syncFile(path.dirname(target));
      const stamp = await stampOf(target);
      if (stamp === null) throw systemTexts.fileUnwritable({ path: target, detail: 'it vanished' });
      return stamp;
    },
    remove: (target) => unlink(target),
    removePartial: (target) => rm(`${target}${PARTIAL}`, { force: true }),
    list: (directory) => unlessMissing(directory, readdir(directory)),
    freeBytes,
  };
}

async function stampOf(target: string): Promise<FileStamp | null> {
  const status = await unlessMissing(target, stat(target));
  return status === null
    ? null
    : { sizeBytes: status.size, modifiedAt: Math.trunc(status.mtimeMs), inode: status.ino };
}

/**
 * Null for what is not there. A share that refuses must not read as "no file": plans and undo would believe it.
 * @throws OperatorError file-unreadable
 */
async function unlessMissing<T>(place: string, asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw systemTexts.fileUnreadable({ path: place, detail: messageOf(error) }, { cause: error });
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

const nameTaken = (error: unknown, target: string): unknown =>
  (error as NodeJS.ErrnoException).code === 'EEXIST'
    ? systemTexts.fileUnwritable({ path: target, detail: 'another file has that name' }, { cause: error })
    : error;
