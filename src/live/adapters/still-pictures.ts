import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { readNamedBytes } from '../../kit/adapters/files/open-named-file.js';
import type { LiveDirectory } from './live-store.js';

/** The picture that stands for a live while nobody films it: `live.pause_image`, else the last good one. */
export function stillPictures(store: LiveDirectory, id: string, pauseImage: string | undefined) {
  const last = store.lastPictureFile(id);
  return {
    /** The configured picture; null: the last good one is kept instead. */
    pausePicture: (): Uint8Array | null => (pauseImage === undefined ? null : readNamedBytes(pauseImage)),
    /** The last good picture of before, for a page that is opened while the live is paused. */
    lastPicture: (): Uint8Array | null => (existsSync(last) ? readFileSync(last) : null),
    keepPicture: (jpeg: Uint8Array): void => {
      writeFileSync(`${last}.part`, jpeg, { mode: 0o600 });
      renameSync(`${last}.part`, last);
    },
    /** Null: nothing was filmed yet. */
    file: (): string | null => pauseImage ?? (existsSync(last) ? last : null),
  };
}
