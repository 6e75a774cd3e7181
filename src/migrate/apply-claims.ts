import { renderBytes } from '../kit/output/units.js';
import type { Outcome } from '../kit/batch/action.js';
import type { ClaimAction } from './actions.js';
import { messageOf, OperatorError } from '../kit/errors/operator-error.js';
import {
  isSameFile,
  type AwaitedClaim,
  type ClaimFiles,
  type FileStamp,
  type WrittenClaim,
} from './claim-files.js';
import type { ClaimWork, FinishedFilm, WorkOwner } from './claim-work.js';
import { checkVideo, type VideoFacts } from './check-video.js';
import type { PodDatabase } from './pod-port.js';
import { texts } from './texts.js';
import type { LostFile } from '../bbb/published-file.js';
import { systemTexts } from '../kit/errors/system.js';

/** Progress of one long action: part done (0 to 1) or bytes so far, for the bar. */
export type OnProgress = (progress: { readonly fraction: number }) => void;

/** Makes one MP4 of a presentation in `directory`, and says where. The use case of the recorder, given by src/cli. */
export type MakeFilm = (request: {
  /** The `[bbb]` that lists it: how its files are reached. */
  readonly server: string;
  readonly recordId: string;
  readonly url: string;
  /** What the file that stands there lacks; empty where none does. */
  readonly lost: readonly LostFile[];
  readonly directory: string;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}) => Promise<FinishedFilm | NothingGained>;

/** The server lacks still what the file that stands there lacks, in one line: nothing was made. */
export interface NothingGained {
  readonly lacksStill: string;
}

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
  readonly convertToMp4: MakeFilm;
  /** Downloads the file behind a video playback page into `directory`, resuming what is there. */
  readonly downloadVideo: MakeFilm;
  /** Opens a downloaded video as a medium of a known container. @throws OperatorError media-broken */
  readonly probeVideo: (file: string, signal: AbortSignal) => Promise<VideoFacts>;
  readonly freshPlaybackUrl: FreshPlaybackUrl;
  /** Where files grow before they are placed; emptied per recording. */
  readonly openWork: (owner: WorkOwner) => Promise<ClaimWork>;
  /** Whether a film may lack what its server lacks. */
  readonly allowMissing: boolean;
  /** join(DEFAULT_RECORDER_PATH, directory), literally, with its final slash. */
  readonly claimDirectory: string;
  readonly recorderId: number;
  readonly register: boolean;
  readonly minFreeBytes: number;
  /** On the disk where files grow. */
  readonly freeWorkBytes: () => Promise<number>;
  readonly signal: AbortSignal;
  readonly onProgress: (action: ClaimAction, fraction: number) => void;
}

/** Path of a claim as Pod compares it: the configured text, nothing resolved. */
export const claimPath = (claimDirectory: string, fileName: string): string =>
  `${claimDirectory}${claimDirectory.endsWith('/') ? '' : '/'}${fileName}`;

/** Makes one claimable file, unless Pod or the disk has it since the plan. */
export async function applyClaim(action: ClaimAction, tools: ClaimTools): Promise<Outcome> {
  const { files, claimDirectory } = tools;
  const path = claimPath(claimDirectory, action.fileName);
  if (await isTaken(action, path, tools))
    return { actionId: action.id, state: 'skipped', reason: 'changed-since-plan' };
  if (tools.enqueue !== null && action.source === 'presentation')
    return enqueueClaim(action, path, tools.enqueue);
  const free = await files.freeBytes(claimDirectory);
  if (free < tools.minFreeBytes)
    throw systemTexts.minFreeReached({
      path: claimDirectory,
      free: renderBytes(free),
      least: renderBytes(tools.minFreeBytes),
    });
  await files.rehearse(claimDirectory);
  const { recordId, title, fileName } = action;
  const work = await tools.openWork({ recordId, title, fileName });
  const kept = work.finished;
  const made = usable(kept, tools) ?? (await make(action, kept?.lost ?? action.lost ?? [], work, tools));
  // The film of an earlier run lacks what another one would lack.
  const film = made !== null && 'lacksStill' in made ? (kept ?? made) : made;
  if (film === null)
    return {
      actionId: action.id,
      state: 'failed',
      reason: 'recording-vanished',
      reasonParameters: { recordId },
    };
  if ('lacksStill' in film) {
    await work.release();
    const reason = 'claim-kept-incomplete';
    return { actionId: action.id, state: 'skipped', reason, reasonParameters: { missing: film.lacksStill } };
  }
  if (await isTaken(action, path, tools)) {
    await work.release();
    return { actionId: action.id, state: 'skipped', reason: 'changed-since-plan' };
  }
  const stamp = await deliver(film, action, path, work, tools);
  await work.release();
  const registered = tools.register && (await registerClaim(action, path, stamp.sizeBytes, tools));
  return claimOutcome(action.id, { path, ...stamp, registered }, film);
}

/** A file that stands in the claim directory: done, and if it lacks something, to be made again. */
export function claimOutcome(
  actionId: string,
  placed: Pick<WrittenClaim, 'path' | 'registered'> & FileStamp,
  { missing, lost }: Pick<FinishedFilm, 'missing' | 'lost'>,
): Outcome {
  if (missing === '') return { actionId, state: 'done', reason: 'claim-dropped', written: placed };
  const written: WrittenClaim = { ...placed, missing, lost };
  const reason = 'claim-dropped-incomplete';
  return { actionId, state: 'done', reason, reasonParameters: { missing }, written };
}

/** Pod or the disk has its file since the plan; the one that it is to replace does not count until it is claimed. */
async function isTaken(
  { instead }: ClaimAction,
  path: string,
  { pod, files }: Pick<ClaimTools, 'pod' | 'files'>,
): Promise<boolean> {
  const [held] = await pod.findClaimPaths([path]);
  const stamp = await files.stat(path);
  if (instead === undefined) return held !== undefined || stamp !== null;
  return held?.state === 'claimed' || stamp === null || !isSameFile(stamp, instead);
}

const usable = (film: FinishedFilm | null, { allowMissing }: ClaimTools): FinishedFilm | null =>
  film !== null && (film.missing === '' || allowMissing) ? film : null;

/**
 * Downloads or converts, and keeps the film under its name.
 * @param lost what the film lacks that there is already, delivered or not
 * @returns null when BBB no longer offers the recording
 */
async function make(
  action: ClaimAction,
  lost: readonly LostFile[],
  work: ClaimWork,
  tools: ClaimTools,
): Promise<FinishedFilm | NothingGained | null> {
  const { recordId, server, source } = action;
  const { signal } = tools;
  try {
    const url = action.tokenUrl ? await tools.freshPlaybackUrl(server, recordId, source) : action.url;
    const onProgress: OnProgress = ({ fraction }) => tools.onProgress(action, fraction);
    const film = source === 'video' ? tools.downloadVideo : tools.convertToMp4;
    const made =
      url === null
        ? null
        : await film({ recordId, server, url, lost, directory: work.path, signal, onProgress });
    if (made !== null) {
      if ('lacksStill' in made) return made;
      if (source === 'video') await lookAt(action, made.path, work, tools);
      return await work.keep(made);
    }
  } catch (error) {
    await work.tidy();
    throw await judgeRoom(error, work, tools);
  }
  await work.tidy();
  return null;
}

/** The least that another recording needs. */
const LEAST_ROOM_BYTES = 20e6;

/** A recording that fills the disk is at fault itself when there is room again without its files: the others go on. */
async function judgeRoom(
  error: unknown,
  work: ClaimWork,
  { freeWorkBytes, minFreeBytes }: ClaimTools,
): Promise<unknown> {
  if (!(error instanceof OperatorError) || error.code !== 'disk-full') return error;
  await work.release();
  const free = await freeWorkBytes();
  return free < minFreeBytes + LEAST_ROOM_BYTES
    ? error
    : texts.claimExceedsDisk({ free: renderBytes(free) }, { cause: error });
}

/** The last step: what it cannot do costs no second conversion. @throws OperatorError claim-undelivered, claim-directory-unfit, disk-full */
async function deliver(
  film: FinishedFilm,
  { instead }: ClaimAction,
  path: string,
  work: ClaimWork,
  { files, claimDirectory }: ClaimTools,
): Promise<FileStamp> {
  try {
    return await files.place(film.path, path, instead);
  } catch (error) {
    const detail = messageOf(error);
    await work.waits(detail);
    // Who cannot place one cannot place the others: nothing more is made then.
    await files.rehearse(claimDirectory);
    if (error instanceof OperatorError && (error.code === 'disk-full' || error.code === 'min-free-reached'))
      throw error;
    throw texts.claimUndelivered({ path, detail, kept: film.path }, { cause: error });
  }
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
