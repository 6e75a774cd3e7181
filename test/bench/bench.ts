/** One measurement: run some times in one process per bench file, compared with its own baseline of the same run. */
export interface Bench {
  /** At most 38 characters: one line of the table. */
  readonly name: string;
  /** What one number means: `ms`, `ms/recording`, `MB`, `x real time`. */
  readonly unit: string;
  /** How often; the median counts. */
  readonly runs: number;
  /** Called once before; what it returns is given to each run and to `end`. */
  readonly begin?: () => Promise<unknown>;
  readonly run: (state: unknown) => Promise<number>;
  /** What the number is compared with: the old way, or the machine's own limit, measured side by side. */
  readonly baseline?: {
    readonly name: string;
    readonly run: (state: unknown) => Promise<number>;
    /** How often, where once is enough; as often as the bench otherwise. */
    readonly runs?: number;
  };
  /** What is promised of the number itself, on two quiet cores. */
  readonly goal?: number;
  /** What it may be of its baseline: this one holds on a busy or a slower machine, too. */
  readonly goalRatio?: number;
  /** Default `less`: goals are upper bounds. */
  readonly better?: 'less' | 'more';
  /** The bench is given up, and told as failed, after that many seconds; 180 by default. */
  readonly limitSeconds?: number;
  readonly end?: (state: unknown) => Promise<void>;
}

/** What is kept of one bench in docs/bench/history.jsonl. */
export interface Result {
  readonly name: string;
  readonly unit: string;
  readonly better: 'less' | 'more';
  /** Null when it failed. */
  readonly median: number | null;
  readonly goal: number | null;
  readonly baseline: string | null;
  readonly baselineMedian: number | null;
  readonly ratio: number | null;
  readonly goalRatio: number | null;
  /** What the bench took in all, preparation and baseline included. */
  readonly seconds: number;
  readonly error: string | null;
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
