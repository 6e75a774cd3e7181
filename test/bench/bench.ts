/** One measurement: run many times in one process of the bench, compared with its own baseline of the same run. */
export interface Bench {
  readonly name: string;
  /** What one number means: `ms`, `ms per recording`, `MB`. */
  readonly unit: string;
  /** How often; the median counts. */
  readonly runs: number;
  /** Called once before; what it returns is given to each run and to `end`. */
  readonly begin?: () => Promise<unknown>;
  readonly run: (state: unknown) => Promise<number>;
  /** What the number is compared with: the old way, or the machine's own limit, measured side by side. */
  readonly baseline?: { readonly name: string; readonly run: (state: unknown) => Promise<number> };
  /** The ratio to the baseline, or the number itself without one, that is aimed at. */
  readonly goal?: number;
  readonly end?: (state: unknown) => Promise<void>;
}

export const median = (numbers: readonly number[]): number => {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
};

/** Milliseconds that a piece of work takes. */
export async function elapsed(work: () => unknown): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
