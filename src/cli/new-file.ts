import { chmodSync, closeSync, fsyncSync, linkSync, openSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { messageOf, OperatorError } from '../codes/operator-error.js';

/**
 * Creates a file of mode 0600 whole or not at all, and never over another one: it is linked into place, which
 * fails when the name is taken.
 * @throws OperatorError init-exists, file-unwritable.
 */
export function createNewFile(file: string, text: string): void {
  const draft = path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}.part`);
  try {
    const descriptor = openSync(draft, 'wx', 0o600);
    try {
      writeSync(descriptor, text);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    chmodSync(draft, 0o600);
    linkSync(draft, file);
  } catch (error) {
    throw refusal(file, error);
  } finally {
    rmSync(draft, { force: true });
  }
}

function refusal(file: string, error: unknown): OperatorError {
  if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
    return new OperatorError('init-exists', { file });
  }
  return new OperatorError('file-unwritable', {
    path: path.dirname(file),
    detail: messageOf(error),
  });
}
