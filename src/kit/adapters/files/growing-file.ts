import { createWriteStream, renameSync, rmSync } from 'node:fs';
import { sinkOfStream, type TextSink } from '../../output/text-sink.js';
import { describeDiskFailure, diskGuarded } from './disk-failure.js';
import { refuseOddTarget } from './open-named-file.js';

/** A file that is written as its content comes, and appears under its name when it is whole. */
export interface GrowingFile {
  readonly write: TextSink;
  /** @throws OperatorError disk-full, file-unwritable */
  finish(): Promise<void>;
  /** Removes what was not finished. */
  discard(): void;
}

/** Pieces are gathered up to this many characters: a report has four per item, and hundreds of thousands of items. */
const GATHERED = 65_536;

/**
 * Opens `FILE.part` (or another place on its disk), of mode 0600: names of people stand in what we write.
 * @throws OperatorError file-unwritable where a device, a pipe or a directory stands: none is replaced by a file
 */
export function openGrowingFile(file: string, part = `${file}.part`): GrowingFile {
  diskGuarded(file, () => refuseOddTarget(file));
  // What a killed run left, or a link that somebody put there.
  rmSync(part, { force: true });
  const stream = createWriteStream(part, { mode: 0o600, flags: 'wx' });
  const write = sinkOfStream(stream);
  let gathered = '';
  const flush = async (): Promise<void> => {
    const text = gathered;
    gathered = '';
    if (text !== '') await write(text);
  };
  const failingAs = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      throw describeDiskFailure(error, file);
    }
  };
  return {
    write: async (chunk) => {
      gathered += chunk;
      if (gathered.length >= GATHERED) await failingAs(flush);
    },
    finish: () =>
      failingAs(async () => {
        await flush();
        await new Promise<void>((resolve, reject) =>
          stream.end((error?: Error | null) => (error ? reject(error) : resolve())),
        );
        renameSync(part, file);
      }),
    discard: () => {
      stream.destroy();
      rmSync(part, { force: true });
    },
  };
}
