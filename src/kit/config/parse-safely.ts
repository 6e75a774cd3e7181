import { configurationTexts } from '../errors/configuration.js';

const MAX_CHARACTERS = 2_000_000;

/**
 * Parses a configuration file that others wrote: such files are small and flat. Whatever is larger than 2 MB, or nests
 * until the stack ends, is refused instead of tried.
 * @throws OperatorError config-unreadable
 */
export function parseSafely<T>(file: string, text: string, parse: (text: string) => T): T {
  if (text.length > MAX_CHARACTERS)
    throw configurationTexts.configUnreadable({ file, detail: 'it is larger than 2 MB' });
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw configurationTexts.configUnreadable(
      { file, detail: 'a value in it is too long, or it nests too deeply' },
      { cause: error },
    );
  }
}
