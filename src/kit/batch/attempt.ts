/** One start of a batch that nobody watched: from a timer, from cron, with its output in a file. */
export interface Attempt {
  readonly id: string;
  /** As typed: `migrate recordings --use-import-video`. */
  readonly command: string;
  /** Unix milliseconds. */
  readonly startedAt: number;
  /** Null while it goes on, and for one that was killed. */
  readonly endedAt: number | null;
  /** Exit status. */
  readonly status: number | null;
  /** The run it made or went on with; null when the plan never came to be. */
  readonly run: string | null;
  /** Why it did not end 0; empty when it did. */
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  /** Of the process: whether it still goes on. */
  readonly pid: number;
  /** When that process began, with the boot it belongs to; '' in lines of 0.1. */
  readonly startTime: string;
  /** Of one that was killed: a later batch has mailed it. */
  readonly told?: boolean;
}

/** How an attempt ended. */
export type AttemptEnd = Pick<Attempt, 'endedAt' | 'status' | 'run' | 'code' | 'message' | 'remedy'>;

/** Attempts of a log of starts and ends, newest first. */
export function foldAttempts(lines: readonly Partial<Attempt>[]): Attempt[] {
  const byId = new Map<string, Attempt>();
  for (const line of lines) {
    if (typeof line.id !== 'string') continue;
    const known = byId.get(line.id) ?? { ...blank, id: line.id };
    byId.set(line.id, { ...known, ...line });
  }
  return [...byId.values()].reverse();
}

const blank: Omit<Attempt, 'id'> = {
  command: '',
  startedAt: 0,
  endedAt: null,
  status: null,
  run: null,
  code: '',
  message: '',
  remedy: '',
  pid: 0,
  startTime: '',
};
