import { messageOf, OperatorError } from '../../errors/operator-error.js';
import { openNamedFileSoon, readNamedText } from './open-named-file.js';

/**
 * Text of a file that an operator named: a configuration, a list, a notice.
 * @param code what to call it when it cannot be read.
 * @throws OperatorError config-unreadable, or `code`
 */
export function readNamedFile(
  file: string,
  code: 'config-unreadable' | 'notice-unreadable' = 'config-unreadable',
): string {
  try {
    return readNamedText(file);
  } catch (error) {
    throw new OperatorError(code, { file, detail: messageOf(error, 'unreadable') }, { cause: error });
  }
}

/** The text of a file, with the system's own error: for those who give it a code themselves. */
export const readText = readNamedText;

/** The same without waiting for a slow disk: `signal` gives up. */
export async function readTextFile(file: string, signal: AbortSignal): Promise<string> {
  const handle = await openNamedFileSoon(file);
  try {
    return await handle.readFile({ encoding: 'utf8', signal });
  } finally {
    await handle.close();
  }
}

/** The same for a file that may be missing: null then. @throws OperatorError config-unreadable */
export function readFileIfThere(file: string): string | null {
  try {
    return readNamedFile(file);
  } catch (error) {
    const cause = error instanceof OperatorError ? (error.cause as NodeJS.ErrnoException) : null;
    if (cause?.code === 'ENOENT') return null;
    throw error;
  }
}
