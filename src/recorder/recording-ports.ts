import type { ConvertPorts } from './convert-presentation.js';
import type { RemoteFiles } from './fetch-presentation.js';
import type { UnknownParts } from './timeline/unknown-parts.js';
import type { Shortfall } from './shortfalls/shortfall.js';
import type { PublishedFolder, WorkDirectory, OpenPlayer } from './ports.js';

export interface RecordingPorts extends ConvertPorts {
  readonly openFolder: (path: string) => PublishedFolder;
  readonly openWork: (outputPath: string) => Promise<WorkDirectory>;
  /** Unpacks and gives the published folder inside. */
  readonly unpack: (archive: string, into: string, signal: AbortSignal) => Promise<string>;
  readonly openPlayback: (url: string, folder: string, signal: AbortSignal) => Promise<OpenedRecording>;
  readonly openPlayer: OpenPlayer;
  /** Free on the disk where a conversion to that place works, with what the others at work beside it hold. */
  readonly roomBytes: (outputPath: string) => Promise<number>;
  /** Longest time that the files of one recording may take to come. */
  readonly fetchDeadlineMs: number;
  /** A fresh playback URL from the configured servers, or null. */
  readonly findPlayback: (recordId: string, signal: AbortSignal) => Promise<string | null>;
}
export interface ConvertedFile {
  readonly path: string;
  readonly durationMs: number;
  readonly sizeBytes: number;
  /** Distinct pictures drawn; 0 when the source was a ready video. */
  readonly pictures: number;
  /** What the recording names and its server lacks, in one line; empty for a whole one. */
  readonly missing: string;
  readonly shortfalls: readonly Shortfall[];
  /** Nothing was made: the server lacks still what the film that stands there lacks. */
  readonly kept?: true;
  /** What the recording holds and the film does not, because it is not known here. */
  readonly unknown: UnknownParts;
}
export type OpenedRecording =
  | { readonly kind: 'presentation'; readonly recordId: string; readonly files: RemoteFiles }
  | {
      readonly kind: 'video';
      readonly recordId: string;
      readonly fetchTo: (file: string, onBytes: (bytes: number) => void) => Promise<boolean>;
    };
