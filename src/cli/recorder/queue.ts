import path from 'node:path';
import { showBroker } from '../../kit/adapters/redis/broker-url.js';
import type { Secret } from '../../kit/config/secret.js';
import type { BatchItem } from '../../recorder/convert-batch.js';
import type { ConvertOptions } from '../../recorder/convert-options.js';
import {
  queuedConversion,
  type ClaimPlacement,
  type ConversionQueue,
  type QueuedConversion,
  type QueuedSource,
} from '../../recorder/queue/conversion-queue.js';
import {
  enqueueConversions,
  unfinishedJobs,
  type EnqueueOutcome,
  type EnqueueTally,
} from '../../recorder/queue/enqueue-conversions.js';
import { QUEUE_COMMAND } from '../../recorder/queue/survey-queue.js';
import { recordIdOfUrl } from '../../bbb/playback-url.js';
import type { Journal } from '../../kit/batch/journal.js';
import type { TaskQueue } from '../../recorder/adapters/esup-runner/task-queue.js';
import type { FollowEvent, FollowTally } from '../../recorder/esup-runner/follow-ports.js';
import type { Context } from '../kit/context.js';
import { engineOf } from './engine.js';
import { required } from '../kit/missing-key.js';
import { newRunId } from '../../kit/batch/run-id.js';
import { listItems, type BatchRequest } from './batch.js';
import { isMadeAsWanted } from './made.js';
import { journalOf } from '../sites/state.js';
import { configurationTexts } from '../../kit/errors/configuration.js';
import { queueTexts } from '../../recorder/queue-texts.js';

/** `[recorder] queue`. @throws OperatorError config-key-missing */
export const queueUrl = (context: Context): Secret =>
  required(context, 'recorder', 'queue', context.configuration.recorder.queue);

/** `[recorder] queue_key`. @throws OperatorError config-key-missing */
export const queueKey = (context: Context): Secret =>
  required(context, 'recorder', 'queue_key', context.configuration.recorder.queue_key);

export interface OpenedQueue {
  readonly queue: ConversionQueue;
  /** What the journal calls this queue: its address without its secret. */
  readonly target: string;
  /** Where nobody else gives the jobs to workers and brings what they made: until all of these ended. */
  readonly follow?: TaskQueue['follow'];
}

/**
 * The queue for filling it, closed with the command.
 * @param runOf the run that is filled, by what the journal calls the queue
 * @throws OperatorError queue-unreachable, manager-…, engine-ambiguous
 */
async function openQueue(
  context: Context,
  journal: Journal,
  runOf: (target: string) => string,
): Promise<OpenedQueue & { run: string }> {
  if (engineOf(context) === 'esup-runner') {
    const [{ openTaskEngine }, { managerUrl }] = await Promise.all([
      import('./task-engine.js'),
      import('./runner-manager.js'),
    ]);
    const run = runOf(managerUrl(context));
    const { queue, target, manager } = await openTaskEngine(context, journal, run);
    // A wrong address or token is told before anything is written.
    await manager.version();
    return { queue, target, run, follow: (...all) => queue.follow(...all) };
  }
  const opened = await connectQueue(context);
  context.closeWith(opened.close);
  return { ...opened, run: runOf(opened.target) };
}

/** The queue for as long as it is looked at. @throws OperatorError queue-unreachable */
export async function connectQueue(context: Context): Promise<OpenedQueue & { close: () => Promise<void> }> {
  const { queue_attempts: attempts, queue_retry_after: retryAfter } = context.configuration.recorder;
  const [{ openConversionQueue }, { openQueueRedis, queueAddress }] = await Promise.all([
    import('../../recorder/adapters/queue/conversion-queue.js'),
    import('../../recorder/adapters/queue/open-queue-redis.js'),
  ]);
  const url = queueUrl(context);
  const redis = await openQueueRedis(url, context.signal);
  const queue = await openConversionQueue(redis, {
    attempts,
    retryAfterMs: retryAfter * 1000,
    key: queueKey(context).reveal(),
  });
  return { queue, target: showBroker(queueAddress(url)), close: () => queue.close() };
}

export interface QueueRequest extends BatchRequest {
  /** Goes on with what that run enqueued. */
  readonly resume: string | undefined;
  readonly retryFailed: boolean;
}

export interface EnqueueResult {
  readonly run: string;
  readonly tally: EnqueueTally;
  /** What became of those that were followed; null where workers deliver by themselves. */
  readonly followed: FollowTally | null;
}

/** What those who fill a queue are told. */
export interface QueueEvents {
  readonly onOutcome: (outcome: EnqueueOutcome) => void;
  /** Told once all are enqueued, before they are followed. */
  readonly onEnqueued?: (run: string, tally: EnqueueTally) => void;
  readonly onFollowed?: (event: FollowEvent) => void;
}

/** `recorder convert --queue`. @throws OperatorError queue-…, config-key-missing */
export async function enqueueRequest(
  context: Context,
  request: QueueRequest,
  events: QueueEvents,
): Promise<EnqueueResult> {
  refuseSecrets(request);
  if (request.resume !== undefined && request.sources.length > 0)
    throw configurationTexts.usageInvalid({ detail: '--resume takes no SOURCE: its run names them.' });
  const journal = await journalOf(context);
  const { resume } = request;
  const opened = await openQueue(context, journal, (target) =>
    resume === undefined ? newRunId() : findRun(context, target, journal, resume),
  );
  const { run, follow } = opened;
  const jobs: QueuedConversion[] = [];
  const tally = await enqueue(context, opened, journal, {
    run,
    // A claim file may have been claimed since: only `migrate recordings` knows, it asks Pod.
    jobs:
      resume === undefined
        ? listQueued(context, request)
        : [...unfinishedJobs(journal, run)].filter(({ claim }) => claim === null),
    retryFailed: request.retryFailed,
    onOutcome: (outcome) => {
      if (isToFollow(outcome)) jobs.push(outcome.job);
      events.onOutcome(outcome);
    },
  });
  events.onEnqueued?.(run, tally);
  if (follow === undefined) return { run, tally, followed: null };
  const followed = await follow(jobs, context.signal, (event) => events.onFollowed?.(event));
  journal.endRun(run, 'finished', { ...tally, ...followed });
  return { run, tally, followed };
}

const isToFollow = ({ state }: EnqueueOutcome): boolean => state === 'enqueued' || state === 'queued-already';

/** One presentation for Pod's claim page, by the queue. */
export interface QueuedClaim {
  readonly recordId: string;
  readonly server: string;
  readonly label: string;
  readonly path: string;
}

export interface ClaimQueue {
  readonly enqueue: (one: QueuedClaim) => Promise<EnqueueOutcome>;
  /** Follows what was enqueued until it is delivered; at once where workers deliver by themselves. */
  readonly finish: (onEvent: (event: FollowEvent) => void) => Promise<FollowTally | null>;
}

/** For `migrate recordings --queue`: enqueues claim files one by one, all in one run of the journal. */
export async function openClaimQueue(
  context: Context,
  options: ConvertOptions,
  claim: ClaimPlacement,
  retryFailed: boolean,
): Promise<ClaimQueue> {
  const journal = await journalOf(context);
  const opened = await openQueue(context, journal, () => newRunId());
  const { run, follow } = opened;
  const jobs: QueuedConversion[] = [];
  let started = false;
  return {
    enqueue: async ({ recordId, server, label, path: outputPath }) => {
      let result: EnqueueOutcome | undefined;
      const job = asJob({ source: { recordId, server }, label, outputPath, options, force: false, claim });
      await enqueue(context, opened, journal, {
        run,
        started,
        jobs: [job],
        retryFailed,
        onOutcome: (outcome) => (result = outcome),
      });
      started = true;
      if (result === undefined) throw new Error(`${recordId} was not enqueued`);
      if (isToFollow(result)) jobs.push(job);
      return result;
    },
    finish: async (onEvent) =>
      follow === undefined || jobs.length === 0 ? null : follow(jobs, context.signal, onEvent),
  };
}

async function enqueue(
  context: Context,
  { queue, target }: OpenedQueue,
  journal: Journal,
  work: {
    run: string;
    started?: boolean;
    jobs: AsyncIterable<QueuedConversion> | Iterable<QueuedConversion>;
    retryFailed: boolean;
    onOutcome: (outcome: EnqueueOutcome) => void;
  },
): Promise<EnqueueTally> {
  const { run, jobs, retryFailed, onOutcome } = work;
  if (work.started !== true && journal.findRun(run) === null)
    journal.startRun({ id: run, command: QUEUE_COMMAND, target, header: { queue: true } });
  const tally = await enqueueConversions({
    run,
    jobs,
    queue,
    journal,
    exists: (file, { options }) => isMadeAsWanted(file, options),
    retryFailed,
    signal: context.signal,
    onOutcome,
  });
  journal.endRun(run, 'finished', { ...tally });
  return tally;
}

function findRun(context: Context, target: string, journal: Journal, wanted: string): string {
  const runs = journal.listRuns({ command: QUEUE_COMMAND, target });
  const run = wanted === 'last' ? runs.at(-1) : runs.find(({ id }) => id === wanted);
  if (run === undefined) throw queueTexts.queueRunUnknown({ run: wanted, directory: context.stateDirectory });
  return run.id;
}

function refuseSecrets({ access }: QueueRequest): void {
  const given =
    access.cookieFile !== undefined
      ? '--cookie-file'
      : access.headerFile !== undefined
        ? '--header-file'
        : access.insecure === true
          ? '--insecure'
          : null;
  if (given !== null) throw queueTexts.queueWithSecrets({ flag: given });
}

/** The jobs of a request, without asking the queue. */
export async function* listQueued(context: Context, request: QueueRequest): AsyncGenerator<QueuedConversion> {
  for await (const { source, label, outputPath } of listItems(context, request)) {
    const queued = queuedSource(source, label, request.access.server);
    yield asJob({
      source: queued,
      label: 'recordId' in queued ? queued.recordId : label,
      outputPath: path.resolve(outputPath),
      options: request.options,
      force: request.force,
      claim: null,
    });
  }
}

function queuedSource(source: BatchItem['source'], label: string, server: string | undefined): QueuedSource {
  if ('folder' in source) return { folder: path.resolve(source.folder) };
  if ('archive' in source) return { archive: path.resolve(source.archive) };
  const recordId = 'recordId' in source ? source.recordId : recordIdOfUrl(source.playbackUrl);
  if (recordId === null) throw queueTexts.queueUrlUnknown({ url: label });
  return { recordId, server: server ?? null };
}

/** Cores are each worker's own, and no reason for another job. */
function asJob(
  job: Omit<QueuedConversion, 'id' | 'options'> & { options: ConvertOptions },
): QueuedConversion {
  const options: Omit<ConvertOptions, 'cores'> & { cores?: number } = { ...job.options };
  delete options.cores;
  return queuedConversion({ ...job, options });
}
