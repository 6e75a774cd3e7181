import { removeTree } from '../../kit/adapters/files/remove-tree.js';
import os from 'node:os';
import path from 'node:path';
import type { BatchEvents } from '../../recorder/convert-batch.js';
import { NOTHING_UNKNOWN } from '../../recorder/timeline/unknown-parts.js';
import type { ConvertedFile } from '../../recorder/recording-ports.js';
import type { ConvertProgress } from '../../recorder/make-file.js';
import type { QueuedConversion } from '../../recorder/queue/conversion-queue.js';
import {
  sourceOf,
  workOnQueue,
  type TakeJobs,
  type TakenJob,
  type WorkerTally,
} from '../../recorder/queue/work-on-queue.js';
import type { Context } from '../kit/context.js';
import { claimOwnership, claimWorkDirectory } from '../migrate/claims.js';
import { conversionDefaults, openConverter, removeLeftWork } from './open.js';
import { isMade, isMadeAsWanted, standingFilm } from './made.js';
import { refuseOutside } from '../../recorder/queue/refuse-job.js';
import { engineOf, type EngineName } from './engine.js';
import { queueKey, queueUrl } from './queue.js';
import { pathStatus } from '../../kit/adapters/files/path-status.js';
import { messageOf } from '../../kit/errors/operator-error.js';

/** Longest that a stopping worker waits for Redis once its conversions were cancelled. */
const HAND_BACK_MS = 5000;

export interface WorkerRequest {
  readonly jobs: number | undefined;
  readonly engine: EngineName | undefined;
  /** Of esup-runner: another port than that of `[recorder] runner_url`, for several workers on one machine. */
  readonly port: number | undefined;
}

/**
 * `recorder worker`: takes conversions until a signal.
 * @throws OperatorError queue-unreachable, manager-…, engine-ambiguous, and what makes this machine unfit
 */
export async function runWorker(
  context: Context,
  request: WorkerRequest,
  events: BatchEvents,
): Promise<WorkerTally> {
  const { recorder } = context.configuration;
  const stopAfterMs = recorder.stop_after * 1000;
  const engine = engineOf(context, request.engine);
  const jobs = request.jobs ?? recorder.jobs;
  const stopTimeoutMs = stopAfterMs + HAND_BACK_MS;
  const claims = context.configuration.pod.recorder_path ?? null;
  let output = recorder.output ?? null;
  let takeJobs: TakeJobs;
  if (engine === 'esup-runner') {
    const { openRunnerJobs } = await import('./runner-worker.js');
    const opened = await openRunnerJobs(context, {
      jobs: request.jobs ?? 1,
      port: request.port,
      stopTimeoutMs,
    });
    output = opened.directory;
    takeJobs = opened.takeJobs;
  } else takeJobs = await openBullJobs(context, jobs, stopTimeoutMs);
  return workOnQueue({
    takeJobs,
    refuse: (job) => refuseOutside(job, { output, claims }),
    convert: (taken, signal, onProgress) =>
      taken.job.claim === null
        ? convertJob(context, taken.job, taken.job.outputPath, signal, onProgress)
        : convertClaim(context, taken, signal, onProgress),
    exists: (file, job) => isMadeAndTidy(context, file, job),
    stopAfterMs,
    events,
    signal: context.signal,
  });
}

/** Jobs of `[recorder] queue`. @throws OperatorError queue-unreachable */
async function openBullJobs(context: Context, jobs: number, stopTimeoutMs: number): Promise<TakeJobs> {
  const { recorder } = context.configuration;
  const [{ openLastingRedis }, { openTakeJobs }] = await Promise.all([
    import('../../recorder/adapters/queue/open-queue-redis.js'),
    import('../../recorder/adapters/queue/take-jobs.js'),
  ]);
  const redis = await openLastingRedis(queueUrl(context), context.signal);
  context.closeWith(() => redis.disconnect());
  return openTakeJobs(redis, {
    name: workerName(),
    key: queueKey(context).reveal(),
    jobs,
    heartbeatMs: recorder.queue_heartbeat * 1000,
    takeovers: recorder.queue_takeovers,
    retryAfterMs: recorder.queue_retry_after * 1000,
    stopTimeoutMs,
    onTrouble: (text) => context.log('warn', `queue: ${text}`),
  });
}

/** Tells workers apart, also several on one machine. */
const workerName = (): string => `${os.hostname()}/${process.pid}`;

/** Another worker may have been killed between delivering the file and tidying up. */
async function isMadeAndTidy(context: Context, file: string, job: QueuedConversion): Promise<boolean> {
  if (!(await isMadeAsWanted(file, job.options))) return false;
  const options = { ...conversionDefaults(context), ...job.options };
  if (job.claim === null) await removeLeftWork(context, options, file);
  else {
    const work = claimWorkDirectory(context, job.id);
    const made = path.join(work, `claim.${options.format}`);
    if (await removeLeftWork(context, { ...options, extras: false }, made)) await removeTree(work);
  }
  return true;
}

async function convertJob(
  context: Context,
  job: QueuedConversion,
  outputPath: string,
  signal: AbortSignal,
  onProgress: (progress: ConvertProgress) => void,
): Promise<ConvertedFile> {
  const options = { ...conversionDefaults(context), ...job.options };
  const server = 'recordId' in job.source ? (job.source.server ?? undefined) : undefined;
  const convert = await openConverter(context, options, { server });
  const standing = job.force || job.claim !== null ? null : await standingFilm(outputPath, options);
  return convert(sourceOf(job), outputPath, signal, { onProgress, standing: standing ?? [] });
}

/**
 * Made out of Pod's sight (its scanner takes every video file below its directory), then placed whole.
 * @returns null when the job is no longer ours: the other worker's file is the one.
 */
async function convertClaim(
  context: Context,
  { job, isOurs }: TakenJob,
  signal: AbortSignal,
  onProgress: (progress: ConvertProgress) => void,
): Promise<ConvertedFile | null> {
  const [{ openClaimFiles }, { openClaimWork }] = await Promise.all([
    import('../../migrate/adapters/claim-files.js'),
    import('../../migrate/adapters/claim-work.js'),
  ]);
  const files = openClaimFiles(claimOwnership(context));
  // The last step first: an hour of conversion that cannot be placed helps nobody.
  await files.rehearse(path.dirname(job.outputPath));
  const directory = claimWorkDirectory(context, job.id);
  const made = path.join(directory, `claim.${job.options.format}`);
  const recordId = 'recordId' in job.source ? job.source.recordId : job.label;
  const work = await openClaimWork(directory, {
    recordId,
    title: job.label,
    fileName: path.basename(job.outputPath),
  });
  const whole = { ...job, options: { ...job.options, extras: false } };
  let file: ConvertedFile;
  try {
    file =
      work.finished === null
        ? await convertJob(context, whole, made, signal, onProgress)
        : {
            ...UNKNOWN,
            path: work.finished.path,
            sizeBytes: pathStatus(work.finished.path)?.sizeBytes ?? 0,
            missing: work.finished.missing,
          };
  } catch (error) {
    await work.tidy();
    throw error;
  }
  const film =
    work.finished ?? (await work.keep({ path: made, missing: file.missing, lost: file.shortfalls }));
  const placed = (await isOurs()) && !(await isMade(job.outputPath));
  try {
    if (placed) await files.place(film.path, job.outputPath);
  } catch (error) {
    await work.waits(messageOf(error));
    throw error;
  }
  await work.release();
  return placed ? { ...file, path: job.outputPath } : null;
}

/** Of a film that an earlier attempt made: what it was made of is not counted again. */
const UNKNOWN = {
  durationMs: 0,
  pictures: 0,
  shortfalls: [],
  unknown: NOTHING_UNKNOWN,
} as const;
