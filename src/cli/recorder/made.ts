import { hasContent } from '../../kit/adapters/files/path-status.js';
import { markOf } from '../../recorder/finish-file.js';
import type { ConvertOptions } from '../../recorder/convert-options.js';

/** A finished file: nothing half-written ever has its name. */
export const isMade = async (file: string): Promise<boolean> => hasContent(file);

/** Made, and whole unless what is missing was allowed. */
export const isMadeAsWanted = async (
  file: string,
  { allowMissing }: Pick<ConvertOptions, 'allowMissing'>,
): Promise<boolean> => (await isMade(file)) && (allowMissing || !hasContent(markOf(file)));
