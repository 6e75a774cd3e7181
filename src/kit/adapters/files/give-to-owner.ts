import { lchownSync, lstatSync, readdirSync } from 'node:fs';
import path from 'node:path';

/**
 * What root wrote below another account's directory is given to that account: the package's timers and services run as
 * `bbb2pod` and must be able to go on with the journal, the locks and the caches of a run that an administrator typed.
 * Does nothing for other users, and where root owns the directory.
 */
export function giveToOwner(directory: string): void {
  if (process.getuid?.() !== 0) return;
  const owner = lstatSync(directory, { throwIfNoEntry: false });
  if (owner === undefined || !owner.isDirectory() || owner.uid === 0) return;
  for (const name of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
    const file = path.join(directory, name);
    // Another process may remove its own meanwhile.
    const status = lstatSync(file, { throwIfNoEntry: false });
    if (status?.uid === 0) lchownSync(file, owner.uid, owner.gid);
  }
}
