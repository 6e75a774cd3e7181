import type { PlanHeader, PlannedAction } from './action.js';

/** Writes a plan as it is made: actions in order, the header (with totals and digest) when all are known. */
export interface PlanWriter<A extends PlannedAction> {
  append(actions: readonly A[]): Promise<void>;
  finish(header: Omit<PlanHeader, 'digest' | 'counts'>): Promise<PlanHeader>;
  /** Removes what was written. */
  discard(): Promise<void>;
}

/** Reads a plan back: any number of times, memory flat. */
export interface PlanReader<A extends PlannedAction> {
  readonly header: PlanHeader;
  actions(): AsyncIterable<A>;
}

/** Groups a stream into arrays of at most `size`. */
export async function* chunksOf<T>(items: AsyncIterable<T> | Iterable<T>, size: number): AsyncGenerator<T[]> {
  let chunk: T[] = [];
  for await (const item of items) {
    chunk.push(item);
    if (chunk.length < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
