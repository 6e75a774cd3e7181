/* The directory of Pod's recorder, as the migration sees it. src/adapters/files implements it. */

export interface WrittenClaim {
  /** Absolute path as Pod builds it: join(DEFAULT_RECORDER_PATH, directory, file), literally. */
  readonly path: string;
  readonly sizeBytes: number;
  /** Unix milliseconds, as the file system keeps them. */
  readonly modifiedAt: number;
  readonly inode: number;
  /** The treatment row that --register-claims inserted. */
  readonly registered: boolean;
}

export interface ClaimFiles {
  /** Size, time and inode of a file, or null when it is not there. */
  stat(path: string): Promise<{ sizeBytes: number; modifiedAt: number; inode: number } | null>;
  /** Removes one file. */
  remove(path: string): Promise<void>;
  /** Removes what an interrupted run left half-written for this final path. */
  removePartial(path: string): Promise<void>;
}
