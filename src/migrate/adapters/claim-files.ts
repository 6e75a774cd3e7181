import { constants } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { copyFile, link, open, readdir, rename, rm, stat, unlink, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { messageOf, OperatorError } from '../../kit/errors/operator-error.js';
import { isSameFile, type ClaimFiles, type FileStamp } from '../claim-files.js';
import { describeDiskFailure } from '../../kit/adapters/files/disk-failure.js';
import { freeBytes } from '../../kit/adapters/files/free-space.js';
import { findGroup, findUser } from '../../kit/adapters/process/accounts.js';
import { systemTexts } from '../../kit/errors/system.js';
import { texts } from '../texts.js';

export interface Ownership {
  /** Numeric ids; null keeps those of the directory. */
  readonly owner: { readonly uid: number; readonly gid: number } | null;
  /** Null gives the directory's mode without its execute bits. */
  readonly mode: number | null;
}

/** Pod's scanner skips this ending, so a half-written file is never offered (docs/domain/pod.md, "Claims"). */
const PARTIAL = '.part';

/** The recorder's directory on this machine. Files appear whole, by link, and never replace another. */
export function openClaimFiles(ownership: Ownership): Omit<ClaimFiles, 'takeWork'> {
  return {
    stat: stampOf,
    rehearse: (directory) => rehearse(directory, ownership),
    async place(finished, target, instead) {
      const partial = `${target}${PARTIAL}`;
      try {
        // Others write in that directory too: what stands there under this name, a link perhaps, is not followed.
        await rm(partial, { force: true });
        await copyFile(finished, partial, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
        await giveTo(partial, path.dirname(target), ownership);
        const stands = await stampOf(target);
        if (instead !== undefined && stands !== null && isSameFile(stands, instead))
          await rename(partial, target);
        else await link(partial, target);
      } catch (error) {
        throw describeDiskFailure(nameTaken(error, target), target);
      } finally {
        // What cannot be removed must not hide what failed.
        await rm(partial, { force: true }).catch(() => undefined);
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

/** Both names end in `.part`: Pod's scanner never takes them. */
async function rehearse(directory: string, ownership: Ownership): Promise<void> {
  const name = path.join(directory, `bbb2pod-probe-${randomBytes(4).toString('hex')}`);
  const [partial, target] = [`${name}.1${PARTIAL}`, `${name}.2${PARTIAL}`];
  try {
    const handle = await open(partial, 'wx', 0o600);
    try {
      await handle.writeFile('probe');
    } finally {
      await handle.close();
    }
    await giveTo(partial, directory, ownership);
    await link(partial, target);
    await syncFile(directory);
    await rm(target);
  } catch (error) {
    throw await unfit(directory, error);
  } finally {
    for (const file of [partial, target]) await rm(file, { force: true }).catch(() => undefined);
  }
}

/** The failure in words that name the account and the group that the directory wants. */
async function unfit(directory: string, error: unknown): Promise<unknown> {
  const described = describeDiskFailure(error, directory);
  if (described instanceof OperatorError && described.code === 'disk-full') return described;
  const own = await stat(directory).catch(() => null);
  const uid = process.geteuid?.() ?? 0;
  return texts.claimDirectoryUnfit(
    {
      path: directory,
      user: findUser(uid)?.name ?? String(uid),
      group: own === null ? '?' : (findGroup(own.gid)?.name ?? String(own.gid)),
      detail: messageOf(error),
    },
    { cause: error },
  );
}

/**
 * Readable and movable by Pod: the owner and mode of its own directory unless the configuration says otherwise. Only root
 * gives files away: for others the group suffices where it may read, and the mode alone where everybody may.
 */
async function giveTo(file: string, directory: string, { owner, mode }: Ownership): Promise<void> {
  const own = await stat(directory);
  // The very file that was made: its name may lead elsewhere meanwhile.
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const made = await handle.stat();
    if (!made.isFile() || made.nlink > 1) throw new Error('somebody else put another file in its place');
    await handle.chmod(mode ?? own.mode & 0o666);
    await handOver(handle, owner ?? { uid: own.uid, gid: own.gid });
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function handOver(handle: FileHandle, wanted: { uid: number; gid: number }): Promise<void> {
  const current = await handle.stat();
  if (current.uid === wanted.uid && current.gid === wanted.gid) return;
  try {
    await handle.chown(wanted.uid, wanted.gid);
  } catch (error) {
    if (!isRefused(error)) throw error;
    if (current.gid !== wanted.gid) await handle.chown(current.uid, wanted.gid).catch(() => undefined);
    const { gid, mode: bits } = await handle.stat();
    const isReadable = (bits & 0o004) !== 0 || (gid === wanted.gid && (bits & 0o040) !== 0);
    if (!isReadable) throw error;
  }
}

const isRefused = (error: unknown): boolean =>
  ['EPERM', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '');

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
