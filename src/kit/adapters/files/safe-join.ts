import path from 'node:path';
import { systemTexts } from '../../errors/system.js';

/**
 * Joins a name that came from outside under a directory that is ours.
 * @throws OperatorError path-outside when the name would lead out of it (`../../../adapters`, an absolute path, a NUL).
 */
export function safeJoin(directory: string, ...names: readonly string[]): string {
  const root = path.resolve(directory);
  const joined = path.resolve(root, ...names);
  const within = joined === root || joined.startsWith(root.endsWith(path.sep) ? root : root + path.sep);
  if (!within || names.some((name) => name.includes('\0') || path.isAbsolute(name)))
    throw systemTexts.pathOutside({ directory, name: names.join('/').replaceAll('\0', '?') });
  return joined;
}
