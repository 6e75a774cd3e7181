import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { PublishedFolder } from '../ports.js';

const MOST_TEXT_BYTES = 256e6;

/** A published presentation on disk; missing files are null, as the player treats them. */
export function openPublishedFolder(directory: string): PublishedFolder {
  const root = path.resolve(directory);
  return {
    path: root,
    readText: async (name) => {
      const file = path.join(root, name);
      const status = await stat(file).catch(() => null);
      if (status?.isFile() !== true || status.size > MOST_TEXT_BYTES) return null;
      return readFile(file, 'utf8');
    },
    findFile: async (names) => {
      for (const name of names) {
        const file = path.join(root, name);
        const status = await stat(file).catch(() => null);
        if (status?.isFile() === true && status.size > 0) return file;
      }
      return null;
    },
  };
}
