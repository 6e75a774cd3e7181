import type { Journal } from '../../kit/batch/journal.js';
import { chunksOf } from '../../kit/batch/plan.js';
import type { ConversionQueue, QueueEntry, QueueState } from './conversion-queue.js';
import { unfinishedJobs } from './enqueue-conversions.js';

export const QUEUE_COMMAND = 'recorder convert';

/** A job of the journal that neither the queue nor the disk has. */
export interface MissingJob {
  readonly run: string;
  readonly id: string;
  readonly label: string;
  readonly outputPath: string;
  /** A claim file may have been claimed meanwhile: Pod knows, the queue does not. */
  readonly claim: boolean;
}

export interface QueueSurvey {
  readonly counts: Readonly<Record<QueueState | 'missing', number>>;
  readonly workers: readonly string[];
  readonly running: readonly QueueEntry[];
  readonly retrying: readonly QueueEntry[];
  readonly failed: readonly QueueEntry[];
  /** Of the last that were done: those whose film lacks something. */
  readonly incomplete: readonly QueueEntry[];
  readonly missing: readonly MissingJob[];
  /** Runs of this machine with jobs that were set aside; oldest first. */
  readonly setAside: readonly { readonly run: string; readonly claim: boolean }[];
}

/** How many of a state are listed one by one. */
const LISTED = 50;
const CHUNK_SIZE = 200;

/** What is queued, running, done and set aside, and what this enqueuer's journal misses. Changes nothing. */
export async function surveyQueue(
  queue: ConversionQueue,
  journal: Journal,
  target: string,
  exists: (path: string) => Promise<boolean>,
): Promise<QueueSurvey> {
  const [counts, workers, running, retrying, failed, done, { missing, setAside }] = await Promise.all([
    queue.count(),
    queue.listWorkers(),
    queue.list('running', LISTED),
    queue.list('retrying', LISTED),
    queue.list('failed', LISTED),
    queue.list('done', LISTED),
    compareJournal(queue, journal, target, exists),
  ]);
  const all = { ...counts, missing: missing.length };
  const incomplete = done.filter((entry) => entry.missing !== '');
  return { counts: all, workers, running, retrying, failed, incomplete, missing, setAside };
}

async function compareJournal(
  queue: ConversionQueue,
  journal: Journal,
  target: string,
  exists: (path: string) => Promise<boolean>,
): Promise<Pick<QueueSurvey, 'missing' | 'setAside'>> {
  const setAside = new Map<string, QueueSurvey['setAside'][number]>();
  const missing = new Map<string, MissingJob>();
  for (const { id: run } of journal.listRuns({ command: QUEUE_COMMAND, target })) {
    for await (const chunk of chunksOf(unfinishedJobs(journal, run), CHUNK_SIZE)) {
      const known = await queue.find(chunk.map(({ id }) => id));
      for (const { id, label, outputPath, claim } of chunk) {
        const kind = { run, claim: claim !== null };
        if (known.get(id)?.state === 'failed') setAside.set(`${run} ${kind.claim}`, kind);
        else if (!known.has(id) && !(await exists(outputPath)))
          missing.set(id, { ...kind, id, label, outputPath });
      }
    }
  }
  return { missing: [...missing.values()], setAside: [...setAside.values()] };
}
