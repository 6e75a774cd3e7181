import path from 'node:path';
import { asOperatorError, type OperatorError } from '../../kit/errors/operator-error.js';
import { endsAll, type BatchEvents, type BatchItem } from '../convert-batch.js';
import type { ConvertSource } from '../convert-recording.js';
import type { ConvertedFile } from '../recording-ports.js';
import type { ConvertProgress } from '../make-file.js';
import type { QueuedConversion } from './conversion-queue.js';
import { queueTexts } from '../queue-texts.js';

/** How a job that was taken is finished: what the engine does with it. */
export type JobEnd =
  | {
      readonly end: 'done';
      readonly file?: ConvertedFile;
      /** What the film that stands there lacks, in one line; absent where nothing is known to be missing. */
      readonly missing?: string;
    }
  /** Tried again later, by whoever is free; set aside when its attempts are spent. */
  | { readonly end: 'failed'; readonly error: OperatorError }
  /** Never tried again by itself: it would fail alike everywhere. */
  | { readonly end: 'set-aside'; readonly error: OperatorError }
  /** Back to the queue at once, for another worker; no attempt is counted. */
  | {
      readonly end: 'handed-back';
      /** What makes this machine useless for any job. */
      readonly because?: OperatorError;
    }
  /** Looked at again after a while; no attempt is counted. */
  | { readonly end: 'later' };

/** A taken job, as long as it is ours. */
export interface TakenJob {
  readonly job: QueuedConversion;
  /** Tells the others; dropped while Redis is away. */
  readonly progress: (progress: ConvertProgress) => void;
  /** False once another worker took the job over or finished it; true while nobody can tell. */
  readonly isOurs: () => Promise<boolean>;
  /** Aborted when somebody stops this one job; BullMQ knows no such thing. */
  readonly stopped?: AbortSignal;
}

/**
 * An engine as a worker sees it: it takes jobs, tells their `progress`, finishes each with the `JobEnd` that `handle` gives,
 * and stops with `signal`; then it resolves once all it held ended.
 */
export type TakeJobs = (handle: (taken: TakenJob) => Promise<JobEnd>, signal: AbortSignal) => Promise<void>;

export interface WorkerOptions {
  readonly takeJobs: TakeJobs;
  /** What this worker's own configuration does not let a job do. @throws OperatorError queue-job-outside */
  readonly refuse: (job: QueuedConversion) => void;
  readonly convert: (
    taken: TakenJob,
    signal: AbortSignal,
    onProgress: (progress: ConvertProgress) => void,
  ) => Promise<ConvertedFile | null>;
  /** Whether its finished file stands there: it is not made again. */
  readonly exists: (path: string, job: QueuedConversion) => Promise<boolean>;
  /** From the signal to the hand-back of what is not finished. */
  readonly stopAfterMs: number;
  readonly events: BatchEvents;
  readonly signal: AbortSignal;
}

/** Whether another attempt or another machine would fail alike. */
export const isHopeless = (code: string): boolean => HOPELESS.has(code);

export type WorkerTally = Record<'done' | 'skipped' | 'failed' | 'handedBack', number>;

/**
 * Failures of the recording itself: another attempt or another machine would find the same. Each other one may pass
 * (network, a full disk, a browser that crashed) and is tried again.
 */
const HOPELESS = new Set([
  'recording-not-found',
  'presentation-empty',
  'playback-url-unknown',
  'playback-format-other',
  'playback-gone',
  'media-broken',
  'config-key-missing',
  'config-named-key-missing',
]);

/**
 * Takes conversions until the signal, then lets the running ones end for `stopAfterMs` and hands back the rest.
 * @throws OperatorError what makes this machine useless as a worker (no Chromium, full disk): its jobs are handed back
 */
export async function workOnQueue(options: WorkerOptions): Promise<WorkerTally> {
  const tally: WorkerTally = { done: 0, skipped: 0, failed: 0, handedBack: 0 };
  const unfit = new AbortController();
  const stopping = AbortSignal.any([options.signal, unfit.signal]);
  const cancel = new AbortController();
  const cancelNow = (): void => cancel.abort(queueTexts.conversionHandedBack());
  let timer: NodeJS.Timeout | undefined;
  stopping.addEventListener('abort', () => (timer = setTimeout(cancelNow, options.stopAfterMs)), {
    once: true,
  });
  const handle = async (taken: TakenJob): Promise<JobEnd> => {
    if (stopping.aborted) return { end: 'handed-back' };
    // A signal of its own: thousands of jobs would leave their listeners on one.
    const stops = [cancel.signal, ...(taken.stopped === undefined ? [] : [taken.stopped])];
    const end = await convertOne(taken, options, AbortSignal.any(stops), tally);
    if (end.end === 'failed' && endsAll(end.error)) {
      unfit.abort(end.error);
      tally.handedBack++;
      return { end: 'handed-back', because: end.error };
    }
    if (end.end === 'handed-back') tally.handedBack++;
    return end;
  };
  try {
    await options.takeJobs(handle, stopping);
  } finally {
    clearTimeout(timer);
  }
  if (unfit.signal.aborted) throw asOperatorError(unfit.signal.reason);
  return tally;
}

async function convertOne(
  taken: TakenJob,
  { refuse, convert, exists, events }: WorkerOptions,
  signal: AbortSignal,
  tally: WorkerTally,
): Promise<JobEnd> {
  const { job } = taken;
  const { label, outputPath } = job;
  // A job has no title; its file's name is made of it.
  const item: BatchItem = { source: sourceOf(job), label, outputPath, title: path.basename(outputPath) };
  try {
    refuse(job);
  } catch (thrown) {
    const error = asOperatorError(thrown);
    tally.failed++;
    events.onOutcome({ item, state: 'failed', error });
    return { end: 'set-aside', error };
  }
  if (!job.force && (await exists(job.outputPath, job))) {
    tally.skipped++;
    events.onOutcome({ item, state: 'skipped' });
    return { end: 'done' };
  }
  events.onStart(item);
  const startedAt = performance.now();
  try {
    const file = await convert(taken, signal, (progress) => {
      taken.progress(progress);
      events.onProgress(item, progress);
    });
    if (file === null || file.kept === true) {
      tally.skipped++;
      const lacking = file === null ? {} : { missing: file.missing };
      events.onOutcome({ item, state: 'skipped', ...lacking });
      return { end: 'done', ...lacking };
    }
    tally.done++;
    events.onOutcome({ item, state: 'done', file, tookMs: performance.now() - startedAt });
    return { end: 'done', file, missing: file.missing };
  } catch (thrown) {
    if (signal.aborted) return { end: 'handed-back' };
    const error = asOperatorError(thrown);
    if (error.code === 'conversion-running') return { end: 'later' };
    tally.failed++;
    events.onOutcome({ item, state: 'failed', error });
    return { end: isHopeless(error.code) ? 'set-aside' : 'failed', error };
  }
}

/** The job's source, as a conversion takes it. */
export const sourceOf = ({ source }: QueuedConversion): ConvertSource =>
  'recordId' in source
    ? { recordId: source.recordId }
    : 'url' in source
      ? { playbackUrl: source.url }
      : source;
