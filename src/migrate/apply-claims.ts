import type { Outcome } from '../kit/batch/action.js';
import type { ClaimAction } from './actions.js';
import type { AwaitedClaim, ClaimFiles, WrittenClaim } from './claim-files.js';
import { checkVideo, type VideoFacts } from './check-video.js';
import type { PodDatabase } from './pod-port.js';
import { systemTexts } from '../kit/errors/system.js';

/** Progress of one long action: part done (0 to 1) or bytes so far, for the bar. */
export type OnProgress = (progress: { readonly fraction: number }) => void;

/** Makes one MP4 of a presentation in `directory`, and says where. The use case of the recorder, lent by src/cli/wiring. */
export type ConvertToMp4 = (request: {
  /** The `[bbb]` that lists it: how its files are reached. */
  readonly server: string;
  readonly recordId: string;
  readonly url: string;
  readonly directory: string;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}) => Promise<{ readonly path: string }>;

/** Downloads the file behind a video playback page into `directory`, resuming what is there. */
export type DownloadVideo = ConvertToMp4;

/** Asks BBB again for the playback URL of one recording: token URLs die in minutes. */
export type FreshPlaybackUrl = (
  server: string,
  recordId: string,
  kind: 'video' | 'presentation',
) => Promise<string | null>;

/** Has a worker elsewhere make one MP4 of a presentation and place it at `path`; each once, however often asked. */
export type EnqueueClaim = (request: {
  readonly recordId: string;
  readonly server: string;
  readonly path: string;
}) => Promise<{
  readonly job: string;
  readonly state: 'queued' | 'made-before' | 'set-aside';
  readonly detail: string;
}>;

export interface ClaimTools {
  /** Null: presentations are converted here. */
  readonly enqueue: EnqueueClaim | null;
  readonly pod: PodDatabase;
  readonly files: ClaimFiles;
  readonly convertToMp4: ConvertToMp4;
  readonly downloadVideo: DownloadVideo;
  /** Opens a downloaded video as a medium of a known container. @throws OperatorError media-broken */
  readonly probeVideo: (file: string, signal: AbortSignal) => Promise<VideoFacts>;
  readonly freshPlaybackUrl: FreshPlaybackUrl;
  /** Where files grow before they are placed; emptied per recording. */
  readonly workDirectory: (recordId: string) => Promise<{ path: string; release: () => Promise<void> }>;
  /** join(DEFAULT_RECORDER_PATH, directory), literally, with its final slash. */
  readonly claimDirectory: string;
  readonly recorderId: number;
  readonly register: boolean;
  readonly minFreeBytes: number;
  readonly signal: AbortSignal;
  readonly onProgress: (action: ClaimAction, fraction: number) => void;
}

/** Path of a claim as Pod compares it: the configured text, nothing resolved. */
export const claimPath = (claimDirectory: string, fileName: string): string =>
  `${claimDirectory}${claimDirectory.endsWith('/') ? '' : '/'}${fileName}`;

/** Makes one claimable file, unless Pod or the disk has it since the plan. */
export async function applyClaim(action: ClaimAction, tools: ClaimTools): Promise<Outcome> {
  const { pod, files, claimDirectory, signal } = tools;
  const path = claimPath(claimDirectory, action.fileName);
  const [held] = await pod.findClaimPaths([path]);
  if (held !== undefined || (await files.stat(path)) !== null)
    return { actionId: action.id, state: 'skipped', reason: 'changed-since-plan' };
  if (tools.enqueue !== null && action.source === 'presentation')
    return enqueueClaim(action, path, tools.enqueue);
  if ((await files.freeBytes(claimDirectory)) < tools.minFreeBytes)
    throw systemTexts.diskFull({ path: claimDirectory });
  const url = action.tokenUrl
    ? await tools.freshPlaybackUrl(action.server, action.recordId, action.source)
    : action.url;
  if (url === null)
    return {
      actionId: action.id,
      state: 'failed',
      reason: 'recording-vanished',
      reasonParameters: { recordId: action.recordId },
    };
  const work = await tools.workDirectory(action.recordId);
  const make = action.source === 'video' ? tools.downloadVideo : tools.convertToMp4;
  const onProgress: OnProgress = ({ fraction }) => tools.onProgress(action, fraction);
  const { recordId, server } = action;
  const made = await make({ recordId, server, url, directory: work.path, signal, onProgress });
  if (action.source === 'video') await lookAt(action, made.path, work, tools);
  const stamp = await files.place(made.path, path);
  await work.release();
  const registered = tools.register && (await registerClaim(action, path, stamp.sizeBytes, tools));
  const written: WrittenClaim = { path, ...stamp, registered };
  return { actionId: action.id, state: 'done', reason: 'claim-dropped', written };
}

/** What was downloaded and is no video is not kept: the next run fetches it anew. */
async function lookAt(
  { recordId, durationMs }: ClaimAction,
  file: string,
  work: { release: () => Promise<void> },
  { probeVideo, signal }: ClaimTools,
): Promise<void> {
  try {
    checkVideo(recordId, await probeVideo(file, signal), durationMs);
  } catch (error) {
    if (!signal.aborted) await work.release();
    throw error;
  }
}

async function enqueueClaim(
  { id: actionId, recordId, server }: ClaimAction,
  path: string,
  enqueue: EnqueueClaim,
): Promise<Outcome> {
  const { job, state, detail } = await enqueue({ recordId, server, path });
  if (state === 'made-before') return { actionId, state: 'skipped', reason: 'changed-since-plan' };
  if (state === 'set-aside')
    return { actionId, state: 'failed', reason: 'conversion-set-aside', reasonParameters: { detail } };
  const written: AwaitedClaim = { path, job };
  return { actionId, state: 'done', reason: 'claim-queued', written };
}

async function registerClaim(
  action: ClaimAction,
  file: string,
  fileSizeBytes: number,
  { pod, recorderId }: ClaimTools,
): Promise<boolean> {
  const { state } = await pod.registerClaim({
    actionId: action.id,
    file,
    fileSizeBytes,
    recorderId,
    dateAdded: action.startAt,
  });
  return state === 'done';
}
