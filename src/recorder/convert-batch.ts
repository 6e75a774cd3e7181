import type { LostFile } from '../bbb/published-file.js';
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
  /** Made before. `missing`: what that film lacks, and the server still. */
  | { readonly item: BatchItem; readonly state: 'skipped'; readonly missing?: string }
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
  /** Of those done and skipped: without something that the server lacks. */
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
  readonly standing: FindStanding;
  readonly signal: AbortSignal;
  readonly events: BatchEvents;
}

/**
 * What the finished file at a place lacks: null where none stands, empty for one that is not to be made again. One that
 * lacks something is made again once its server has a part of that.
 */
export type FindStanding = (path: string) => Promise<readonly LostFile[] | null>;

/** Converts items side by side; one that fails does not stop the others. Every item ends in one state. */
export async function convertBatch(batch: Batch): Promise<ConvertTally> {
  const { items, jobs, convert, standing, signal, events } = batch;
  const tally = { done: 0, skipped: 0, failed: 0, notRun: 0, incomplete: 0 };
  let stopped: OperatorError | null = null;
  const settle = (outcome: BatchOutcome): void => {
    tally[outcome.state === 'not-run' ? 'notRun' : outcome.state]++;
    if (missingOf(outcome) !== '') tally.incomplete++;
    events.onOutcome(outcome);
  };
  const one = async (item: BatchItem): Promise<void> => {
    if (stopped !== null) {
      settle({ item, state: 'not-run', error: stopped });
      return;
    }
    const stands = await standing(item.outputPath);
    if (stands?.length === 0) {
      settle({ item, state: 'skipped' });
      return;
    }
    events.onStart(item);
    const startedAt = performance.now();
    try {
      const file = await convert(item.source, item.outputPath, signal, {
        onProgress: (progress) => events.onProgress(item, progress),
        standing: stands ?? [],
      });
      settle(
        file.kept === true
          ? { item, state: 'skipped', missing: file.missing }
          : { item, state: 'done', file, tookMs: performance.now() - startedAt },
      );
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

/** What the film of an item lacks, in one line; empty where nothing is missing, or nothing was made. */
export function missingOf(outcome: BatchOutcome): string {
  if (outcome.state === 'done') return outcome.file.missing;
  return outcome.state === 'skipped' ? (outcome.missing ?? '') : '';
}
