import type { ConvertProgress } from './convert-presentation.js';

export type ConvertSource =
  { readonly folder: string } | { readonly playbackUrl: string } | { readonly recordId: string };

export interface ConvertedFile {
  readonly path: string;
  readonly durationMs: number;
  readonly sizeBytes: number;
}

/**
 * One recording into one MP4 with the configured layout and size; nothing stands at `outputPath` unless it is
 * whole and checked. What an interrupted call left is used by the next one for the same output.
 */
export type ConvertToMp4 = (
  source: ConvertSource,
  outputPath: string,
  signal: AbortSignal,
  onProgress?: (progress: ConvertProgress) => void,
) => Promise<ConvertedFile>;
