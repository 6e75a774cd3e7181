import { lstatSync, readdirSync, type Stats } from 'node:fs';
import path from 'node:path';

/**
 * Everything below a directory, folders before what they hold; links are not followed. Node's own recursion throws when
 * another process removes a folder meanwhile: here it is left out.
 */
export function* allBelow(directory: string): Generator<{ readonly file: string; readonly status: Stats }> {
  for (const folders = [directory]; folders.length > 0;) {
    const folder = folders.shift() ?? directory;
    for (const name of namesIn(folder)) {
      const file = path.join(folder, name);
      const status = lstatSync(file, { throwIfNoEntry: false });
      if (status === undefined) continue;
      if (status.isDirectory()) folders.push(file);
      yield { file, status };
    }
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}
