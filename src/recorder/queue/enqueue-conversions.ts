import type { PlannedAction } from '../../kit/batch/action.js';
import type { Journal } from '../../kit/batch/journal.js';
import { chunksOf } from '../../kit/batch/plan.js';
import type { ConversionQueue, QueuedConversion, QueueEntry } from './conversion-queue.js';

/** Redis and the journal are each asked once for so many jobs. */
const CHUNK_SIZE = 200;

export interface EnqueueOptions {
  /** The journal's run: it remembers every job, should Redis forget it. Must have been started. */
  readonly run: string;
  readonly jobs: AsyncIterable<QueuedConversion> | Iterable<QueuedConversion>;
  readonly queue: ConversionQueue;
  readonly journal: Journal;
  /** Whether the finished file stands there. */
  readonly exists: (path: string, job: QueuedConversion) => Promise<boolean>;
  /** Set-aside jobs are tried again, claim files that are gone made again; otherwise they stay as they are. */
  readonly retryFailed: boolean;
  readonly signal: AbortSignal;
  readonly onOutcome: (outcome: EnqueueOutcome) => void;
}

export interface EnqueueOutcome {
  readonly job: QueuedConversion;
  readonly state: 'enqueued' | 'queued-already' | 'done-already' | 'set-aside';
  /** Why it was set aside. */
  readonly entry: QueueEntry | null;
}

export type EnqueueTally = Readonly<Record<EnqueueOutcome['state'], number>>;

/**
 * Puts conversions into the queue, each once. The journal has every job before Redis has it: an item stays
 * `intended` until its file is there, so that one which Redis forgot is found again.
 * @throws OperatorError queue-unreachable, interrupted; then the rest was not enqueued
 */
export async function enqueueConversions(options: EnqueueOptions): Promise<EnqueueTally> {
  const tally = { enqueued: 0, 'queued-already': 0, 'done-already': 0, 'set-aside': 0 };
  for await (const chunk of chunksOf(options.jobs, CHUNK_SIZE)) {
    options.signal.throwIfAborted();
    for (const outcome of await enqueueChunk(chunk, options)) {
      tally[outcome.state]++;
      options.onOutcome(outcome);
    }
  }
  return tally;
}

async function enqueueChunk(
  chunk: readonly QueuedConversion[],
  { run, queue, journal, exists, retryFailed }: EnqueueOptions,
): Promise<EnqueueOutcome[]> {
  const known = await queue.find(chunk.map(({ id }) => id));
  const outcomes: EnqueueOutcome[] = [];
  for (const job of chunk) {
    const entry = known.get(job.id) ?? null;
    const made = !job.force && ((isTaken(job, entry) && !retryFailed) || (await exists(job.outputPath, job)));
    const state = stateOf(entry, made, retryFailed);
    outcomes.push({ job, state, entry });
  }
  journal.recordIntents(run, outcomes.map(intended));
  journal.recordOutcomes(
    run,
    outcomes
      .filter(({ state }) => state === 'done-already')
      .map(({ job }) => ({ actionId: job.id, state: 'done', reason: 'conversion-done' })),
  );
  const fresh = outcomes.filter(({ state }) => state === 'enqueued').map(({ job }) => job);
  // What ended before is in the way of its own second try.
  await queue.remove(fresh.filter(({ id }) => known.has(id)).map(({ id }) => id));
  await queue.enqueue(fresh);
  return outcomes;
}

/** A claim file that was made and is gone was claimed, or removed by somebody: not made again by itself. */
const isTaken = ({ claim }: QueuedConversion, entry: QueueEntry | null): boolean =>
  claim !== null && entry?.state === 'done';

function stateOf(entry: QueueEntry | null, made: boolean, retryFailed: boolean): EnqueueOutcome['state'] {
  if (entry?.state === 'queued' || entry?.state === 'running' || entry?.state === 'retrying')
    return 'queued-already';
  if (made) return 'done-already';
  return entry?.state === 'failed' && !retryFailed ? 'set-aside' : 'enqueued';
}

const intended = ({ job }: EnqueueOutcome): PlannedAction & { intent: unknown } => ({
  id: job.id,
  kind: job.claim === null ? 'convert' : 'convert-claim',
  recordId: 'recordId' in job.source ? job.source.recordId : job.label,
  reason: 'conversion-queued',
  intent: job,
});

/** Jobs of a run whose file was not seen yet, as the journal has them. */
export function* unfinishedJobs(journal: Journal, run: string): Generator<QueuedConversion> {
  for (const { intent, kind } of journal.items(run, ['intended']))
    if (intent !== null && kind.startsWith('convert')) yield intent as QueuedConversion;
}
