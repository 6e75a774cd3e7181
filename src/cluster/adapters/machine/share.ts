import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, open, readFile, realpath, stat, statfs, unlink } from 'node:fs/promises';
import path from 'node:path';
import type { ShareState } from '../../pod/run-facts.js';
import type { DiskFacts } from '../../streaming/run-facts.js';

/** Device, inode, mount and room of a directory, symbolic links followed: two sides of one share agree on device and inode. */
export async function readShare(directory: string): Promise<ShareState> {
  const [status, space, mounts] = await Promise.all([
    stat(directory, { bigint: true }),
    statfs(directory),
    readFile('/proc/self/mountinfo', 'utf8'),
  ]);
  const mount = findMount(mounts, await realpath(directory));
  return {
    device: `${status.dev >> 8n}:${status.dev & 0xffn}`,
    inode: String(status.ino),
    mountPoint: mount?.point ?? '/',
    mountSource: mount?.source ?? '?',
    fileSystem: mount?.type ?? '?',
    readOnly: mount?.readOnly ?? false,
    ...roomOf(space),
  };
}

interface Mount {
  readonly point: string;
  readonly source: string;
  readonly type: string;
  readonly readOnly: boolean;
}

/** The mount that a path lies on (proc(5), mountinfo): the longest mount point that begins it, the last wins. */
export function findMount(mountinfo: string, directory: string): Mount | null {
  let best: Mount | null = null;
  for (const line of mountinfo.split('\n')) {
    const [left = '', right = ''] = line.split(' - ');
    const [, , , , rawPoint, flags = ''] = left.split(' ');
    if (rawPoint === undefined) continue;
    const point = rawPoint.replaceAll(/\\(\d{3})/g, (_, octal: string) =>
      String.fromCharCode(parseInt(octal, 8)),
    );
    const inside = point === '/' || directory === point || directory.startsWith(`${point}/`);
    if (!inside || (best !== null && point.length < best.point.length)) continue;
    const [type = '?', source = '?', superFlags = ''] = right.split(' ');
    const readOnly = flags.split(',').includes('ro') || superFlags.split(',').includes('ro');
    best = { point, source, type, readOnly };
  }
  return best;
}

/** Free space and inodes under a directory. */
export async function readDisk(directory: string): Promise<DiskFacts> {
  const space = await statfs(directory);
  return {
    directory,
    ...roomOf(space),
    freeInodes: space.ffree,
    totalInodes: space.files,
  };
}

interface Room {
  readonly freeBytes: number;
  readonly totalBytes: number;
}

/**
 * Room as `df` counts it, which an administrator compares: what is kept for root, or taken away by a quota of the whole
 * disk, belongs to nobody.
 */
export const roomOf = (space: Readonly<Record<'blocks' | 'bfree' | 'bavail' | 'bsize', number>>): Room => ({
  freeBytes: space.bavail * space.bsize,
  totalBytes: (space.blocks - space.bfree + space.bavail) * space.bsize,
});

/** Writes a small file of a random name; `remove` takes it away. Only with --probe. */
export async function writeSentinel(
  directory: string,
): Promise<{ name: string; remove: () => Promise<void> }> {
  const name = `.bbb2pod-check-${randomBytes(6).toString('hex')}`;
  const file = path.join(directory, name);
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile('bbb2pod cluster check --probe');
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { name, remove: () => unlink(file) };
}

/** Whether a file can be seen. */
export async function isThere(file: string): Promise<boolean> {
  try {
    await access(file, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

/** Names that no directory of PATH holds. */
export async function findMissingPrograms(names: readonly string[]): Promise<string[]> {
  const directories = (process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin').split(':');
  const found = await Promise.all(
    names.map(async (name) =>
      (await Promise.all(directories.map((directory) => isThere(path.join(directory, name))))).includes(true),
    ),
  );
  return names.filter((_, i) => found[i] !== true);
}
