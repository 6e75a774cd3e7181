/* The directory of Pod's recorder, as the migration sees it. src/migrate/adapters/claim-files.ts implements it. */

import type { LostFile } from '../bbb/published-file.js';
import type { FinishedFilm } from './claim-work.js';

export interface FileStamp {
  readonly sizeBytes: number;
  /** Unix milliseconds, as the file system keeps them. */
  readonly modifiedAt: number;
  readonly inode: number;
}

/** The very file that a stamp was taken of. */
export const isSameFile = (found: FileStamp, { sizeBytes, inode }: FileStamp): boolean =>
  found.sizeBytes === sizeBytes && found.inode === inode;

export interface WrittenClaim extends FileStamp {
  /** Absolute path as Pod builds it: join(DEFAULT_RECORDER_PATH, directory, file), literally. */
  readonly path: string;
  /** The treatment row that --register-claims inserted. */
  readonly registered: boolean;
  /** What the film lacks (`--allow-missing`); absent for a whole one. */
  readonly missing?: string;
  /** The same by file; journals of before have none. */
  readonly lost?: readonly LostFile[];
}

/** A claim that a worker of the conversion queue will write; settled once its file is seen. */
export interface AwaitedClaim {
  readonly path: string;
  readonly job: string;
}

export interface ClaimFiles {
  /** Size, time and inode of a file, or null when it is not there. @throws OperatorError file-unreadable */
  stat(path: string): Promise<FileStamp | null>;
  /**
   * Does once with an empty file all that placing a claim does, under names that Pod passes over: written, owned, given its
   * mode, named, removed. @throws OperatorError claim-directory-unfit, disk-full
   */
  rehearse(directory: string): Promise<void>;
  /**
   * Moves a finished file to its place: `.part` beside it, owner and mode, fsync, atomic rename. Never overwrites, but for
   * the file that `instead` describes.
   */
  place(finished: string, path: string, instead?: FileStamp): Promise<FileStamp>;
  remove(path: string): Promise<void>;
  /** Removes what an interrupted run left half-written for this final path. */
  removePartial(path: string): Promise<void>;
  /**
   * Removes what a run that was killed right after placing this recording's file kept of the making.
   * @returns what its finished film lacks; null where nobody can tell any more
   */
  takeWork(recordId: string): Promise<Pick<FinishedFilm, 'missing' | 'lost'> | null>;
  /** Names in a directory; null when the directory does not exist. @throws OperatorError file-unreadable */
  list(directory: string): Promise<string[] | null>;
  freeBytes(directory: string): Promise<number>;
}
