import { lchownSync, lstatSync, readdirSync } from 'node:fs';
import path from 'node:path';

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
  for (const name of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
    const file = path.join(directory, name);
    // Another process may remove its own meanwhile.
    const status = lstatSync(file, { throwIfNoEntry: false });
    if (status?.uid === 0) lchownSync(file, owner.uid, owner.gid);
  }
}
