import { open, readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { defaultFileLimits } from '../../bbb/published-file.js';
import type { PublishedFolder } from '../ports.js';
import { containerSize } from '../shortfalls/container-size.js';
import type { FileLook } from '../shortfalls/file-fault.js';

/** Bytes that are seen of each end of a file. */
const LOOKED_AT = 4096;

/**
 * A published presentation on disk; missing files are null, as the player treats them. Whatever is read lies inside:
 * a link that leads out of the folder, a pipe or a device is no file of it.
 * @param mostTextBytes `[recorder] max_text`, its default otherwise
 */
export function openPublishedFolder(
  directory: string,
  mostTextBytes = defaultFileLimits.text,
): PublishedFolder {
  const root = path.resolve(directory);
  /** Where a file of the folder really lies, and its size; why it is none otherwise. */
  const find = async (
    name: string,
  ): Promise<{ file: string; size: number } | 'absent' | 'outside' | 'special'> => {
    if (name.includes('\0')) return 'outside';
    const inside = await realpath(root).catch(() => null);
    const file = await realpath(path.join(root, name)).catch(() => null);
    if (inside === null || file === null) return 'absent';
    if (!file.startsWith(inside + path.sep)) return 'outside';
    const status = await stat(file).catch(() => null);
    if (status === null) return 'absent';
    return status.isFile() ? { file, size: status.size } : 'special';
  };
  return {
    path: root,
    readText: async (name) => {
      const found = await find(name);
      return typeof found === 'string' || found.size > mostTextBytes ? null : readFile(found.file, 'utf8');
    },
    findFile: async (names) => {
      for (const name of names) {
        const found = await find(name);
        if (typeof found !== 'string' && found.size > 0) return found.file;
      }
      return null;
    },
    look: async (name) => {
      const found = await find(name);
      return typeof found === 'string' ? { state: found } : lookAt(found.file, found.size);
    },
  };
}

async function lookAt(file: string, sizeBytes: number): Promise<FileLook> {
  const handle = await open(file, 'r');
  try {
    const readAt = async (offset: number, length: number): Promise<Buffer> => {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, offset);
      return buffer.subarray(0, bytesRead);
    };
    const first = await readAt(0, LOOKED_AT);
    const last = sizeBytes > LOOKED_AT ? await readAt(sizeBytes - LOOKED_AT, LOOKED_AT) : first;
    return { state: 'file', sizeBytes, first, last, saidBytes: await containerSize(readAt) };
  } finally {
    await handle.close();
  }
}
