import { asOperatorError, type OperatorError } from '../kit/errors/operator-error.js';
import type { ConvertSource, ConvertToMp4 } from './convert-recording.js';
import type { ConvertedFile } from './recording-ports.js';
import type { ConvertProgress } from './make-file.js';

export interface BatchItem {
  readonly source: ConvertSource;
  /** What people call it: the path, URL or recordID they gave. */
  readonly label: string;
  /** Of the session, where a server's list tells it. */
  readonly title?: string;
  readonly outputPath: string;
}

export type BatchOutcome =
  | {
      readonly item: BatchItem;
      readonly state: 'done';
      readonly file: ConvertedFile;
      readonly tookMs: number;
    }
  | { readonly item: BatchItem; readonly state: 'skipped' }
  | { readonly item: BatchItem; readonly state: 'failed' | 'not-run'; readonly error: OperatorError };

export interface BatchEvents {
  readonly onStart: (item: BatchItem) => void;
  readonly onProgress: (item: BatchItem, progress: ConvertProgress) => void;
  readonly onOutcome: (outcome: BatchOutcome) => void;
}

export interface ConvertTally {
  readonly done: number;
  readonly skipped: number;
  readonly failed: number;
  readonly notRun: number;
  /** Of those done: made without something that the server lacks. */
  readonly incomplete: number;
}

/** Failures after which the others would fail alike: nothing more is tried. */
const ENDS_ALL = new Set(['chromium-missing', 'chromium-snap', 'ffmpeg-missing', 'disk-full']);
export const endsAll = (error: OperatorError): boolean => ENDS_ALL.has(error.code);

export interface Batch {
  readonly items: AsyncIterable<BatchItem> | Iterable<BatchItem>;
  /** How many at once. */
  readonly jobs: number;
  readonly convert: ConvertToMp4;
  /** Whether a finished file stands there already: it is not made again. */
  readonly exists: (path: string) => Promise<boolean>;
  readonly signal: AbortSignal;
  readonly events: BatchEvents;
}

/** Converts items side by side; one that fails does not stop the others. Every item ends in one state. */
export async function convertBatch(batch: Batch): Promise<ConvertTally> {
  const { items, jobs, convert, exists, signal, events } = batch;
  const tally = { done: 0, skipped: 0, failed: 0, notRun: 0, incomplete: 0 };
  let stopped: OperatorError | null = null;
  const settle = (outcome: BatchOutcome): void => {
    tally[outcome.state === 'not-run' ? 'notRun' : outcome.state]++;
    if (outcome.state === 'done' && outcome.file.missing !== '') tally.incomplete++;
    events.onOutcome(outcome);
  };
  const one = async (item: BatchItem): Promise<void> => {
    if (stopped !== null) {
      settle({ item, state: 'not-run', error: stopped });
      return;
    }
    if (await exists(item.outputPath)) {
      settle({ item, state: 'skipped' });
      return;
    }
    events.onStart(item);
    const startedAt = performance.now();
    try {
      const file = await convert(item.source, item.outputPath, signal, (progress) =>
        events.onProgress(item, progress),
      );
      settle({ item, state: 'done', file, tookMs: performance.now() - startedAt });
    } catch (thrown) {
      const error = asOperatorError(thrown);
      if (signal.aborted || endsAll(error)) stopped = error;
      settle({ item, state: 'failed', error });
    }
  };
  const queue = (async function* () {
    yield* items;
  })();
  const worker = async (): Promise<void> => {
    for (;;) {
      const next = await queue.next();
      if (next.done === true) return;
      await one(next.value);
    }
  };
  await Promise.all(Array.from({ length: jobs }, worker));
  return tally;
}
