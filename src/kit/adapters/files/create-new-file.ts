import { chmodSync, closeSync, fsyncSync, linkSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import path from 'node:path';
import { messageOf, type OperatorError } from '../../errors/operator-error.js';
import { systemTexts } from '../../errors/system.js';

/**
 * Creates a file whole or not at all, and never over another one: it is linked into place, which fails when the name
 * is taken. Its mode is 0600; 0640 in a closed directory that gives its group to its files, as the package's
 * /etc/bbb2pod: the units of that group read it.
 * @returns the mode
 * @throws OperatorError init-exists, file-unwritable.
 */
export function createNewFile(file: string, text: string): number {
  const draft = path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}.part`);
  try {
    const mode = (statSync(path.dirname(file)).mode & 0o2007) === 0o2000 ? 0o640 : 0o600;
    const descriptor = openSync(draft, 'wx', 0o600);
    try {
      writeSync(descriptor, text);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    chmodSync(draft, mode);
    linkSync(draft, file);
    return mode;
  } catch (error) {
    throw refusal(file, error);
  } finally {
    removeDraft(draft);
  }
}

/** Where not even that is allowed, the first refusal is the one to tell. */
function removeDraft(draft: string): void {
  try {
    rmSync(draft, { force: true });
  } catch {
    return;
  }
}

function refusal(file: string, error: unknown): OperatorError {
  if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
    return systemTexts.initExists({ file });
  }
  return systemTexts.fileUnwritable({
    path: path.dirname(file),
    detail: messageOf(error),
  });
}
