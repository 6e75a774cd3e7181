import { copyFile, mkdir, open, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { OperatorError } from '../../codes/operator-error.js';
import type { WorkDirectory } from '../../recorder/ports.js';
import { readStartTime } from '../process/identity.js';
import { freeBytes } from './free-space.js';

/**
 * A private directory for one conversion, kept over runs so that an interrupted one resumes.
 * @throws OperatorError file-unwritable, disk-full
 */
export async function openWorkDirectory(directory: string): Promise<WorkDirectory> {
  const root = path.resolve(directory);
  await guarded(root, () => mkdir(root, { recursive: true, mode: 0o700 }));
  const file = (name: string): string => path.join(root, name);
  await lock(file(LOCK));
  return {
    path: root,
    file,
    write: (name, content) => guarded(file(name), () => writeFile(file(name), content, { mode: 0o600 })),
    readText: (name) => readFile(file(name), 'utf8').catch(() => null),
    sizeOf: async (name) =>
      stat(file(name)).then(
        ({ size }) => size,
        () => null,
      ),
    rename: (from, to) => guarded(file(to), () => rename(file(from), file(to))),
    remove: (name) => rm(file(name), { recursive: true, force: true }),
    deliver: (name, target) => guarded(target, () => deliver(file(name), path.resolve(target))),
    clear: async (keep) => {
      for (const name of await readdir(root))
        if (name !== LOCK && !keep.includes(name)) await rm(file(name), { recursive: true, force: true });
    },
    readBytes: (name) => readFile(file(name)),
    freeBytes: () => freeBytes(root),
    discard: () => rm(root, { recursive: true, force: true }),
    release: () => rm(file(LOCK), { force: true }),
  };
}

const LOCK = 'owner.txt';

/** A directory whose owner lives is not ours; one whose owner was killed is taken over. */
async function lock(file: string): Promise<void> {
  const [pid = 0, startTime = ''] = (await readFile(file, 'utf8').catch(() => '')).split(' ');
  const lives = Number(pid) > 0 && readStartTime(Number(pid)) === startTime;
  if (lives && Number(pid) !== process.pid)
    throw new OperatorError('conversion-running', { holder: `process ${pid}`, path: path.dirname(file) });
  const mine = `${process.pid} ${readStartTime(process.pid) ?? ''}`;
  await guarded(file, () => writeFile(file, mine, { mode: 0o600 }));
}

/** Beside the target first, when it lies on another disk: the last step is always a rename. */
async function deliver(from: string, target: string): Promise<number> {
  const { size } = await stat(from);
  await mkdir(path.dirname(target), { recursive: true });
  await flush(from);
  try {
    await rename(from, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    const beside = `${target}.part-${process.pid}`;
    try {
      await copyFile(from, beside);
      await flush(beside);
      await rename(beside, target);
    } finally {
      await rm(beside, { force: true });
    }
    await rm(from, { force: true });
  }
  return size;
}

async function flush(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function guarded<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC' || code === 'EDQUOT')
      throw new OperatorError('disk-full', { path: file }, { cause: error });
    throw new OperatorError('file-unwritable', { path: file, detail: message }, { cause: error });
  }
}
