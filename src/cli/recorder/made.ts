import { z } from 'zod';
import type { LostFile } from '../../bbb/published-file.js';
import { hasContent } from '../../kit/adapters/files/path-status.js';
import { readText } from '../../kit/adapters/files/read-named-file.js';
import { markOf } from '../../recorder/finish-file.js';
import type { ConvertOptions } from '../../recorder/convert-options.js';

/** A finished file: nothing half-written ever has its name. */
export const isMade = async (file: string): Promise<boolean> => hasContent(file);

type Wanted = Pick<ConvertOptions, 'allowMissing'>;

/** Made, and whole unless what is missing was allowed. */
export const isMadeAsWanted = async (file: string, wanted: Wanted): Promise<boolean> =>
  (await standingFilm(file, wanted))?.length === 0;

const markSchema = z.object({ missing: z.array(z.object({ part: z.string(), path: z.string() })).min(1) });

/**
 * What the film at a place lacks, as its mark says; empty where that is nothing, or was allowed. Null where none stands, and
 * where nobody can tell what it lacks: it is made again.
 */
export async function standingFilm(
  file: string,
  { allowMissing }: Wanted,
): Promise<readonly LostFile[] | null> {
  if (!(await isMade(file))) return null;
  return allowMissing || !hasContent(markOf(file)) ? [] : lostOf(file);
}

/** What a film lacks by its mark, wherever the film itself was moved; null where that cannot be read. */
export function lostOf(film: string): readonly LostFile[] | null {
  try {
    return markSchema.safeParse(JSON.parse(readText(markOf(film)))).data?.missing ?? null;
  } catch {
    return null;
  }
}
