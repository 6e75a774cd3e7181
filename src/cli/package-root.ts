import { existsSync } from 'node:fs';
import path from 'node:path';

/** Where the package lies (from dist or from source): it brings the notices and the texts. */
export function packageRoot(): string {
  let directory = import.meta.dirname;
  while (!existsSync(path.join(directory, 'package.json')) && path.dirname(directory) !== directory)
    directory = path.dirname(directory);
  return directory;
}
