import { OperatorError } from '../kit/errors/operator-error.js';
import { convertPresentation, type ConvertPorts } from './convert-presentation.js';
import { convertPlayer } from './convert-player.js';
import { convertVideo } from './convert-video.js';
import { fetchPresentation, type RemoteFiles } from './fetch-presentation.js';
import type { ConvertProgress } from './make-file.js';
import type { ConvertOptions } from './plan-job.js';
import type { OpenPlayer, PublishedFolder, WorkDirectory } from './ports.js';
import { texts } from './texts.js';

export type ConvertSource =
  | { readonly folder: string }
  /** A `.tar` of a published folder. */
  | { readonly archive: string }
  | { readonly playbackUrl: string }
  | { readonly recordId: string };

export interface ConvertedFile {
  readonly path: string;
  readonly durationMs: number;
  readonly sizeBytes: number;
  /** Distinct pictures drawn; 0 when the source was a ready video. */
  readonly pictures: number;
}

/**
 * One recording into one file with the options it was opened with; nothing stands at `outputPath` unless it is whole
 * and checked. What an interrupted call left is used by the next one for the same output.
 */
export type ConvertToMp4 = (
  source: ConvertSource,
  outputPath: string,
  signal: AbortSignal,
  onProgress?: (progress: ConvertProgress) => void,
) => Promise<ConvertedFile>;

export type OpenedRecording =
  | { readonly kind: 'presentation'; readonly recordId: string; readonly files: RemoteFiles }
  | {
      readonly kind: 'video';
      readonly recordId: string;
      readonly fetchTo: (file: string, onBytes: (bytes: number) => void) => Promise<boolean>;
    };

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

/** Converts whatever the source is. @throws OperatorError playback-…, recording-not-found, and those of the steps */
export async function convertRecording(
  source: ConvertSource,
  outputPath: string,
  options: ConvertOptions,
  ports: RecordingPorts,
  signal: AbortSignal,
  onProgress: (progress: ConvertProgress) => void = () => undefined,
): Promise<ConvertedFile> {
  const work = await ports.openWork(outputPath);
  try {
    if (options.engine === 'player') {
      const url = await addressOf(source, ports, signal);
      const filmed = await convertPlayer(url, work, outputPath, options, ports, signal, onProgress);
      await work.discard();
      return { path: outputPath, ...filmed };
    }
    const fetched = await bring(source, work, ports, signal, onProgress);
    const converted =
      'video' in fetched
        ? await convertVideo(fetched.video, work, outputPath, options, ports.media, signal, onProgress)
        : await convertPresentation(
            ports.openFolder(fetched.folder),
            work,
            outputPath,
            options,
            ports,
            signal,
            onProgress,
          );
    await work.discard();
    return { path: outputPath, ...converted };
  } catch (error) {
    await (isGoneOnWith(signal) ? work.release() : work.discard());
    throw error;
  }
}

/**
 * Who interrupts a conversion or sees it fail finds nothing left of it. Its work stays only where somebody goes on with
 * it: the worker that it is handed to, the next night after a time limit, the next run after kill -9.
 */
const isGoneOnWith = ({ aborted, reason }: AbortSignal): boolean =>
  aborted && !(reason instanceof OperatorError && reason.code === 'interrupted');

/** Where a recording is played. @throws OperatorError recording-not-found, player-needs-page */
async function addressOf(source: ConvertSource, ports: RecordingPorts, signal: AbortSignal): Promise<string> {
  if ('playbackUrl' in source) return source.playbackUrl;
  if (!('recordId' in source))
    throw texts.playerNeedsPage({
      source: 'folder' in source ? source.folder : source.archive,
    });
  const url = await ports.findPlayback(source.recordId, signal);
  if (url === null) throw texts.recordingNotFound({ recordId: source.recordId });
  return url;
}

async function bring(
  source: ConvertSource,
  work: WorkDirectory,
  ports: RecordingPorts,
  signal: AbortSignal,
  onProgress: (progress: ConvertProgress) => void,
): Promise<{ folder: string } | { video: string }> {
  if ('folder' in source) return source;
  const into = work.file('source');
  if ('archive' in source) return { folder: await ports.unpack(source.archive, into, signal) };
  const url = await addressOf(source, ports, signal);
  const opened = await ports.openPlayback(url, into, signal);
  let receivedBytes = 0;
  const onBytes = (bytes: number): void => {
    receivedBytes += bytes;
    onProgress({ step: 'fetch', fraction: null, durationMs: null, receivedBytes });
  };
  if (opened.kind === 'video') {
    const found = await opened.fetchTo(work.file('source.video'), onBytes);
    if (!found) throw texts.playbackGone({ recordId: opened.recordId });
    return { video: work.file('source.video') };
  }
  const files = await fetchPresentation(opened.files, onBytes);
  if (files === 0) throw texts.playbackGone({ recordId: opened.recordId });
  return { folder: into };
}
