import { statfs } from 'node:fs/promises';
import path from 'node:path';
import { describeDiskFailure } from './disk-failure.js';

/** Bytes that we may still write under a directory; one that does not exist yet counts as its nearest parent. */
export async function freeBytes(directory: string): Promise<number> {
  let place = path.resolve(directory);
  for (;;) {
    try {
      const { bavail, bsize } = await statfs(place);
      return bavail * bsize;
    } catch (error) {
      const parent = path.dirname(place);
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || parent === place)
        throw describeDiskFailure(error, directory);
      place = parent;
    }
  }
}
