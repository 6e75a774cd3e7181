import type { ConvertPorts } from './convert-presentation.js';
import type { RemoteFiles } from './fetch-presentation.js';
import type { PublishedFolder, WorkDirectory, OpenPlayer } from './ports.js';

export interface RecordingPorts extends ConvertPorts {
  readonly openFolder: (path: string) => PublishedFolder;
  readonly openWork: (outputPath: string) => Promise<WorkDirectory>;
  /** Unpacks and gives the published folder inside. */
  readonly unpack: (archive: string, into: string, signal: AbortSignal) => Promise<string>;
  readonly openPlayback: (url: string, folder: string, signal: AbortSignal) => Promise<OpenedRecording>;
  readonly openPlayer: OpenPlayer;
  /** A fresh playback URL from the configured servers, or null. */
  readonly findPlayback: (recordId: string, signal: AbortSignal) => Promise<string | null>;
}
export interface ConvertedFile {
  readonly path: string;
  readonly durationMs: number;
  readonly sizeBytes: number;
  /** Distinct pictures drawn; 0 when the source was a ready video. */
  readonly pictures: number;
}
export type OpenedRecording =
  | { readonly kind: 'presentation'; readonly recordId: string; readonly files: RemoteFiles }
  | {
      readonly kind: 'video';
      readonly recordId: string;
      readonly fetchTo: (file: string, onBytes: (bytes: number) => void) => Promise<boolean>;
    };
