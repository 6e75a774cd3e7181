import type { LostFile } from '../bbb/published-file.js';
import { OperatorError } from '../kit/errors/operator-error.js';
import { renderBytes, renderDuration } from '../kit/output/units.js';
import { convertPresentation } from './convert-presentation.js';
import { convertPlayer } from './convert-player.js';
import { convertVideo } from './convert-video.js';
import { fetchPresentation } from './fetch-presentation.js';
import type { Conversion, ConvertProgress } from './make-file.js';
import type { ConvertOptions } from './convert-options.js';
import { isNotThere, type FetchFaults } from './shortfalls/count-shortfalls.js';
import { readyVideo } from './ready-video.js';
import { texts } from './texts.js';
import { NOTHING_UNKNOWN } from './timeline/unknown-parts.js';
import type { ConvertedFile, RecordingPorts } from './recording-ports.js';

export type ConvertSource =
  | { readonly folder: string }
  /** A `.tar` of a published folder. */
  | { readonly archive: string }
  | { readonly playbackUrl: string }
  | { readonly recordId: string };

/**
 * One recording into one file with the options it was opened with; nothing stands at `outputPath` unless it is whole
 * and checked. What an interrupted call left is used by the next one for the same output.
 */
export type ConvertToMp4 = (
  source: ConvertSource,
  outputPath: string,
  signal: AbortSignal,
  details?: ConvertDetails,
) => Promise<ConvertedFile>;

export interface ConvertDetails {
  readonly onProgress?: ((progress: ConvertProgress) => void) | undefined;
  /** What the film that was made of it before lacks. When the server lacks all of that still, nothing is made. */
  readonly standing?: readonly LostFile[] | undefined;
}

/** How a recording is converted, and with what. */
export interface ConvertRequest extends ConvertDetails {
  readonly options: ConvertOptions;
  readonly ports: RecordingPorts;
  readonly signal: AbortSignal;
}

/** Converts whatever the source is. @throws OperatorError playback-…, recording-not-found, and those of the steps */
export async function convertRecording(
  source: ConvertSource,
  outputPath: string,
  { options, ports, signal, onProgress = () => undefined, standing = [] }: ConvertRequest,
): Promise<ConvertedFile> {
  const work = await ports.openWork(outputPath);
  const { media } = ports;
  const conversion = { work, target: outputPath, options, standing, media, signal, onProgress };
  try {
    const converted = await convertSource(source, conversion, ports);
    await work.discard();
    return { path: outputPath, ...converted };
  } catch (error) {
    if (isGoneOnWith(signal)) {
      await work.release();
      throw error;
    }
    await work.discard();
    throw await judgeRoom(error, outputPath, ports);
  }
}

async function convertSource(
  source: ConvertSource,
  conversion: Conversion,
  ports: RecordingPorts,
): Promise<Omit<ConvertedFile, 'path'>> {
  if (conversion.options.engine === 'player') {
    const url = await addressOf(source, ports, conversion.signal);
    return { ...(await convertPlayer(url, conversion, ports)), ...WHOLE };
  }
  const fetched = await bring(source, conversion, ports);
  if ('video' in fetched) return { ...WHOLE, ...(await convertVideo(fetched.video, conversion)) };
  const { folder, faults = new Map() } = fetched;
  return convertPresentation(ports.openFolder(folder), faults, conversion, ports);
}

/**
 * Who interrupts a conversion or sees it fail finds nothing left of it. Its work stays only where somebody goes on with
 * it: the worker that it is handed to, the next night after a time limit, the next run after kill -9.
 */
const isGoneOnWith = ({ aborted, reason }: AbortSignal): boolean =>
  aborted && !(reason instanceof OperatorError && reason.code === 'interrupted');

/** The smallest conversion needs about that much. */
const LEAST_ROOM_BYTES = 20e6;

/**
 * A recording that fills the disk is at fault itself when there is room again without its files, or without those of the
 * others at work beside it, which fill it too: the others go on.
 */
async function judgeRoom(
  error: unknown,
  outputPath: string,
  { roomBytes }: RecordingPorts,
): Promise<unknown> {
  if (!(error instanceof OperatorError) || error.code !== 'disk-full') return error;
  const free = await roomBytes(outputPath);
  return free < LEAST_ROOM_BYTES
    ? error
    : texts.recordingExceedsDisk({ path: outputPath, free: renderBytes(free) }, { cause: error });
}

/** A ready video, and a filmed player: what they lack is not known by file. */
const WHOLE = { missing: '', shortfalls: [], unknown: NOTHING_UNKNOWN } as const;

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
  conversion: Conversion,
  ports: RecordingPorts,
): Promise<{ folder: string; faults?: FetchFaults } | { video: string }> {
  const { work, signal } = conversion;
  const into = work.file('source');
  if ('folder' in source || 'archive' in source) {
    const folder = 'folder' in source ? source.folder : await ports.unpack(source.archive, into, signal);
    const video = await readyVideo(ports.openFolder(folder));
    return video === null ? { folder } : { video };
  }
  const url = await addressOf(source, ports, signal);
  return withinDeadline(ports.fetchDeadlineMs, signal, (timed) =>
    bringFrom(url, into, { ...conversion, signal: timed }, ports),
  );
}

/** A server that sends its files one by one, each just fast enough, ends there. */
async function withinDeadline<T>(
  ms: number,
  signal: AbortSignal,
  work: (timed: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(texts.fetchDeadline({ limit: renderDuration(ms) })), ms);
  try {
    return await work(AbortSignal.any([signal, late.signal]));
  } finally {
    clearTimeout(timer);
  }
}

async function bringFrom(
  url: string,
  into: string,
  { work, signal, onProgress }: Conversion,
  ports: RecordingPorts,
): Promise<{ folder: string; faults: FetchFaults } | { video: string }> {
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
  const { files, faults } = await fetchPresentation(opened.files, onBytes);
  if (files === 0 && [...faults.values()].every(isNotThere))
    throw texts.playbackGone({ recordId: opened.recordId });
  return { folder: into, faults };
}
