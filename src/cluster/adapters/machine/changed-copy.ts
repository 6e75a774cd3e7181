import { mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

/**
 * Lays a changed text of a file among links to the file's neighbours, so that what it includes by a relative path is
 * found, and takes all away again. The file itself is not touched.
 */
export async function withChangedCopy<T>(
  file: string,
  text: string,
  use: (copy: string) => Promise<T>,
): Promise<T> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'bbb2pod-lint-'));
  try {
    const around = path.dirname(path.resolve(file));
    const name = path.basename(file);
    for (const other of await readdir(around))
      if (other !== name) await symlink(path.join(around, other), path.join(directory, other));
    const copy = path.join(directory, name);
    await writeFile(copy, text, { mode: 0o600 });
    return await use(copy);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
