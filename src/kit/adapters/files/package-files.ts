import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** The directory that holds package.json, config/ and docs/, from the sources as from dist/. */
export function packageRoot(): string {
  let directory = import.meta.dirname;
  for (;;) {
    try {
      const { name } = JSON.parse(readFileSync(path.join(directory, 'package.json'), 'utf8')) as {
        name?: string;
      };
      if (name === 'bbb2pod') return directory;
    } catch {
      // no package.json here: further up
    }
    const parent = path.dirname(directory);
    if (parent === directory) throw new TypeError('package.json of bbb2pod is nowhere above this file');
    directory = parent;
  }
}

/** Texts of a directory of the package, by their path below it: `player/index.html`. */
export function readPackageTexts(directory: string): Record<string, string> {
  const root = path.join(packageRoot(), directory);
  const names = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    names.map((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      return [path.relative(root, file), readFileSync(file, 'utf8')];
    }),
  );
}

/** A file that the build took from a dependency (bin/build.js); before a build, from the dependency itself. */
export function readVendoredFile(specifier: string): string {
  const built = path.join(packageRoot(), 'dist/vendor', path.basename(specifier));
  return readFileSync(existsSync(built) ? built : createRequire(import.meta.url).resolve(specifier), 'utf8');
}

/** Version of this package, as its package.json says it. */
export const packageVersion = (): string =>
  (JSON.parse(readFileSync(path.join(packageRoot(), 'package.json'), 'utf8')) as { version: string }).version;
