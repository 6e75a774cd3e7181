import type { LintFile } from './lint-file.js';

const name = ({ path }: LintFile): string => path.split('/').at(-1) ?? path;

/**
 * The files of a node's tree that its servers read: of `sites-available` what `sites-enabled` names (Debian's nginx:
 * links, which are not followed and carry no text here), all of it where nothing is enabled; no link itself.
 */
export function filesInUse(files: readonly LintFile[]): LintFile[] {
  const enabled = files.filter(({ path }) => /\/sites-enabled\/[^/]+$/.test(path));
  const names = new Set(enabled.map(name));
  return files.filter(
    (file) =>
      file.text !== '' &&
      (!/\/sites-available\/[^/]+$/.test(file.path) ||
        names.size === 0 ||
        // A copy in sites-enabled is what counts.
        enabled.some((one) => name(one) === name(file) && one.text === '')),
  );
}
