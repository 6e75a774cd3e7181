import path from 'node:path';
import { queueTexts } from '../queue-texts.js';
import type { QueuedConversion } from './conversion-queue.js';

/** Where this worker's own configuration lets conversions go; null where it says nothing. */
export interface AllowedPlaces {
  /** `[recorder] output` */
  readonly output: string | null;
  /** `[pod] recorder_path`: below it are the claim directories. */
  readonly claims: string | null;
}

/**
 * A job does only what a conversion does: it writes a video, below the directories that the worker itself was given.
 * @throws OperatorError queue-job-outside
 */
export function refuseOutside({ outputPath, claim }: QueuedConversion, places: AllowedPlaces): void {
  const [root, key] =
    claim === null ? [places.output, '[recorder] output'] : [places.claims, '[pod] recorder_path'];
  const file = path.resolve(outputPath);
  const inside = root !== null && file.startsWith(`${path.resolve(root)}${path.sep}`);
  if (!inside || !/\.(?:mp4|m4a|webm)$/.test(file) || file !== outputPath)
    throw queueTexts.queueJobOutside({ path: outputPath, key, root: root ?? '-' });
}
