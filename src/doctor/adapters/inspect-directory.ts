import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, open, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { DirectoryFacts, InspectDirectory } from '../ports.js';
import { freeBytes } from '../../kit/adapters/files/free-space.js';
import { messageOf } from '../../kit/errors/operator-error.js';

/**
 * Looks at a directory. With `tryWrite` a probe is created, synced, renamed and removed in it: rights on paper say
 * little about NFS and quotas. For one that does not exist, `writable` says whether it could be created.
 */
export const inspectDirectory: InspectDirectory = async (directory, { tryWrite, signal }) => {
  signal.throwIfAborted();
  const found = await stat(directory).catch((error: unknown) => error as NodeJS.ErrnoException);
  if (found instanceof Error) return absent(directory, found);
  const detail = !found.isDirectory() ? 'it is not a directory' : tryWrite ? await probe(directory) : '';
  return {
    exists: true,
    isDirectory: found.isDirectory(),
    writable: tryWrite && detail === '',
    device: String(found.dev),
    owner: await nameOf(found.uid, '/etc/passwd'),
    group: await nameOf(found.gid, '/etc/group'),
    mode: found.mode & 0o7777,
    freeBytes: await freeBytes(directory),
    detail,
  };
};

async function absent(directory: string, error: NodeJS.ErrnoException): Promise<DirectoryFacts> {
  const facts = { exists: false, isDirectory: false, device: '', owner: '', group: '', mode: 0 };
  const parent = await nearestParent(directory);
  const creatable =
    error.code === 'ENOENT' &&
    (await access(parent, constants.W_OK | constants.X_OK).then(
      () => true,
      () => false,
    ));
  return { ...facts, writable: creatable, freeBytes: await freeBytes(parent), detail: error.message, parent };
}

async function nearestParent(directory: string): Promise<string> {
  for (let place = path.dirname(path.resolve(directory)); ; place = path.dirname(place)) {
    const exists = await stat(place).then(
      () => true,
      () => false,
    );
    if (exists || place === path.dirname(place)) return place;
  }
}

/** Empty when all went well, else what did not. The names end in `.part`, which Pod's scanner passes over. */
async function probe(directory: string): Promise<string> {
  const first = path.join(directory, `.bbb2pod-probe-${randomBytes(4).toString('hex')}.part`);
  const second = first.replace(/\.part$/, '2.part');
  try {
    const handle = await open(first, 'wx', 0o600);
    try {
      await handle.writeFile('probe');
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(first, second);
    return '';
  } catch (error) {
    return messageOf(error);
  } finally {
    await rm(first, { force: true }).catch(() => undefined);
    await rm(second, { force: true }).catch(() => undefined);
  }
}

/** Name of a number in passwd or group; the number itself when it has none (another machine's, over NFS). */
async function nameOf(id: number, table: string): Promise<string> {
  const lines = await readFile(table, 'utf8').catch(() => '');
  const line = lines.split('\n').find((entry) => entry.split(':')[2] === String(id));
  return line?.split(':')[0] ?? String(id);
}
