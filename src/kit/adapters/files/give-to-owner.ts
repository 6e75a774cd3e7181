import {
  closeSync,
  constants,
  fchownSync,
  fstatSync,
  lstatSync,
  openSync,
  readlinkSync,
  realpathSync,
} from 'node:fs';
import { allBelow } from './all-below.js';

/** Whom root works for in that directory: its owner; null for other users, and where root owns it. */
export function ownerForRoot(directory: string): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  const owner = lstatSync(directory, { throwIfNoEntry: false });
  if (owner === undefined || !owner.isDirectory() || owner.uid === 0) return null;
  return { uid: owner.uid, gid: owner.gid };
}

/**
 * What root wrote below another account's directory is given to that account: the package's timers and services run as
 * `bbb2pod` and must be able to go on with the journal, the locks and the caches of a run that an administrator typed.
 * Does nothing for other users, and where root owns the directory.
 */
export function giveToOwner(directory: string): void {
  const owner = ownerForRoot(directory);
  if (owner === null) return;
  const root = realpathSync(directory);
  for (const { file, status } of allBelow(directory))
    if (status.uid === 0 && (status.isFile() || status.isDirectory())) giveAway(file, root, owner);
}

/**
 * That account could put a link, or a second name of a file of the system, where the name was read: what was opened is
 * looked at, and given away only where it stands below the directory under one name.
 */
function giveAway(file: string, root: string, { uid, gid }: { uid: number; gid: number }): void {
  let descriptor: number;
  try {
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (['ENOENT', 'ELOOP', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return;
    throw error;
  }
  try {
    const status = fstatSync(descriptor);
    const single = status.isDirectory() || (status.isFile() && status.nlink === 1);
    const place = readlinkSync(`/proc/self/fd/${descriptor}`);
    if (status.uid === 0 && single && place.startsWith(`${root}/`)) fchownSync(descriptor, uid, gid);
  } finally {
    closeSync(descriptor);
  }
}
