import pLimit from 'p-limit';
import { asOperatorError, type OperatorError } from '../errors/operator-error.js';
import type { Outcome, PlannedAction } from './action.js';
import type { Journal } from './journal.js';
import { chunksOf } from './plan.js';
import { Counter, type ItemEvent, type Tally } from './tally.js';

/** One transaction of a chunk has at most this many actions. */
export const CHUNK_SIZE = 500;

interface BatchRun<A extends PlannedAction> {
  readonly run: string;
  readonly actions: AsyncIterable<A> | Iterable<A>;
  readonly journal: Journal;
  readonly signal: AbortSignal;
  /** True for errors after which nothing more can be done: the database went away, the disk is full. */
  readonly isFatal: (error: unknown) => boolean;
  readonly onItem?: (event: ItemEvent<A>) => void | Promise<void>;
}

export interface BatchResult {
  readonly tally: Tally;
  /** Why the batch stopped before its end; null when everything was tried. */
  readonly stoppedBy: OperatorError | null;
}

interface ChunkedRun<A extends PlannedAction> extends BatchRun<A> {
  /** Facts to journal with each intent before the chunk is written (highest ids, row contents). */
  readonly prepareChunk: (actions: readonly A[]) => Promise<ReadonlyMap<string, unknown>>;
  /** Writes one chunk in one transaction; all or nothing. */
  readonly applyChunk: (actions: readonly A[]) => Promise<readonly Outcome[]>;
  readonly chunkSize?: number;
}

/**
 * Applies a plan in chunks: intents to the journal, one transaction, outcomes to the journal, then the report.
 * A refused chunk is retried action by action. An abort waits for the chunk at work; what is left is `not-run`.
 * Actions of kind `skip` are journalled with their reason and written nowhere.
 */
export async function applyInChunks<A extends PlannedAction>(options: ChunkedRun<A>): Promise<BatchResult> {
  const recorder = new Recorder(options);
  let stoppedBy: OperatorError | null = null;
  for await (const chunk of chunksOf(options.actions, options.chunkSize ?? CHUNK_SIZE)) {
    stoppedBy ??= abortReason(options.signal);
    if (stoppedBy !== null) {
      await recorder.notRun(chunk, stoppedBy);
      continue;
    }
    stoppedBy = await applyOneChunk(options, recorder, chunk);
  }
  return { tally: recorder.counter.tally(), stoppedBy };
}

async function applyOneChunk<A extends PlannedAction>(
  options: ChunkedRun<A>,
  recorder: Recorder<A>,
  chunk: readonly A[],
): Promise<OperatorError | null> {
  const work = chunk.filter((action) => action.kind !== 'skip');
  let intended = false;
  try {
    const intents = work.length === 0 ? new Map<string, unknown>() : await options.prepareChunk(work);
    recorder.intend(chunk, intents);
    intended = true;
    const outcomes = work.length === 0 ? [] : await options.applyChunk(work);
    await recorder.settle(chunk, [
      ...chunk.filter((action) => action.kind === 'skip').map(skipped),
      ...outcomes,
    ]);
    return null;
  } catch (error) {
    if (options.isFatal(error)) {
      const stopping = asOperatorError(error);
      await (intended ? recorder.leaveOpen(chunk, stopping) : recorder.notRun(chunk, stopping));
      return stopping;
    }
    if (chunk.length > 1) return applySingly(options, recorder, chunk);
    await recorder.settle(
      chunk,
      chunk.map((action) => failed(action, error)),
    );
    return null;
  }
}

async function applySingly<A extends PlannedAction>(
  options: ChunkedRun<A>,
  recorder: Recorder<A>,
  chunk: readonly A[],
): Promise<OperatorError | null> {
  let stoppedBy: OperatorError | null = null;
  for (const action of chunk) {
    if (stoppedBy === null) stoppedBy = await applyOneChunk(options, recorder, [action]);
    else await recorder.notRun([action], stoppedBy);
  }
  return stoppedBy;
}

interface ConcurrentRun<A extends PlannedAction> extends BatchRun<A> {
  readonly jobs: number;
  /** Anything to journal before the action starts (the file it will write). */
  readonly intentOf: (action: A) => Promise<unknown>;
  readonly applyOne: (action: A) => Promise<Outcome>;
}

/** Applies actions that take long and stand alone (a download, a conversion), `jobs` at a time. */
export async function applyConcurrently<A extends PlannedAction>(
  options: ConcurrentRun<A>,
): Promise<BatchResult> {
  const recorder = new Recorder(options);
  const limit = pLimit(options.jobs);
  const stop: { by: OperatorError | null } = { by: null };
  const one = async (action: A): Promise<void> => {
    stop.by ??= abortReason(options.signal);
    if (stop.by !== null) return recorder.notRun([action], stop.by);
    recorder.intend([action], new Map([[action.id, await options.intentOf(action)]]));
    if (action.kind === 'skip') return recorder.settle([action], [skipped(action)]);
    try {
      await recorder.settle([action], [await options.applyOne(action)]);
    } catch (error) {
      stop.by ??= abortReason(options.signal);
      if (stop.by === null && options.isFatal(error)) stop.by = asOperatorError(error);
      if (stop.by === null) await recorder.settle([action], [failed(action, error)]);
      else await recorder.leaveOpen([action], stop.by);
    }
  };
  // Bounded hand-out: the plan is read as fast as the jobs take from it, never whole.
  for await (const group of chunksOf(options.actions, Math.max(options.jobs * 4, 16))) {
    await Promise.all(group.map((action) => limit(() => one(action))));
  }
  return { tally: recorder.counter.tally(), stoppedBy: stop.by };
}

/** Journal first, then the report (rule 4 of the design). */
class Recorder<A extends PlannedAction> {
  readonly counter = new Counter();
  readonly #options: BatchRun<A>;

  constructor(options: BatchRun<A>) {
    this.#options = options;
  }

  intend(actions: readonly A[], intents: ReadonlyMap<string, unknown>): void {
    this.#options.journal.recordIntents(
      this.#options.run,
      actions.map((action) => ({ ...action, intent: intents.get(action.id) })),
    );
  }

  async settle(actions: readonly A[], outcomes: readonly Outcome[]): Promise<void> {
    this.#options.journal.recordOutcomes(this.#options.run, outcomes);
    await this.#report(actions, outcomes);
  }

  async notRun(actions: readonly A[], reason: OperatorError): Promise<void> {
    this.intend(actions, new Map());
    await this.settle(
      actions,
      actions.map((action) => notRun(action, reason)),
    );
  }

  /** Their intents stand in the journal: the next run finds out whether they were written. */
  async leaveOpen(actions: readonly A[], reason: OperatorError): Promise<void> {
    await this.#report(
      actions,
      actions.map((action) => notRun(action, reason)),
    );
  }

  async #report(actions: readonly A[], outcomes: readonly Outcome[]): Promise<void> {
    const byId = new Map(outcomes.map((outcome) => [outcome.actionId, outcome]));
    for (const action of actions) {
      const outcome = byId.get(action.id) ?? {
        actionId: action.id,
        state: 'not-run' as const,
        reason: 'internal-fault' as const,
      };
      this.counter.add(outcome);
      await this.#options.onItem?.({ action, outcome });
    }
  }
}

/** What stopped the batch, with its values: a reader sees no template. */
const notRun = (action: PlannedAction, { code, parameters }: OperatorError): Outcome => ({
  actionId: action.id,
  state: 'not-run',
  reason: code,
  reasonParameters: parameters,
});

const skipped = (action: PlannedAction): Outcome => ({
  actionId: action.id,
  state: 'skipped',
  reason: action.reason,
  ...(action.reasonParameters === undefined ? {} : { reasonParameters: action.reasonParameters }),
});

function failed(action: PlannedAction, error: unknown): Outcome {
  const { code, parameters } = asOperatorError(error);
  return { actionId: action.id, state: 'failed', reason: code, reasonParameters: parameters };
}

function abortReason(signal: AbortSignal): OperatorError | null {
  return signal.aborted ? asOperatorError(signal.reason) : null;
}
