/** Steps of a long work, for whoever watches. */

import type { PaceFacts } from './pace.js';

export interface Progress {
  /** One step begins: `reading recordings`. A known total gives a bar. */
  step(label: string, total?: number): void;
  /** How far the step is, in the units of its total. */
  advance(by?: number, note?: string): void;
  /** One item of the step ended; `line` says how, where each is worth a line. */
  ended(item: { readonly failed: boolean; readonly line?: string }): void;
  /** What is at work, and its share (0 to 1). */
  at(title: string, fraction: number): void;
  /** Ends the bar so that other text may follow. */
  stop(): void;
}
export interface ProgressOptions {
  /** Standard error. */
  readonly stream: NodeJS.WriteStream;
  /** False with `--no-progress` and `--json` into a terminal. */
  readonly wanted: boolean;
  /**
   * Asked before each drawing: a job sent to the background with `&` or `bg` keeps `isTTY`, and a bar would
   * write over what the operator types meanwhile.
   */
  readonly isForeground: () => boolean;
  /** One line per step, when no bar is drawn (a log file, a cron mail). */
  readonly log: (message: string) => void;
  /** Where lines of a long batch go when no bar is drawn (a pipe): one per item, one a minute. `log` by default. */
  readonly tell?: (message: string) => void;
  /** Told at most every five seconds how far a step of known length is: for `migrate status`. */
  readonly onPace?: (facts: PaceFacts) => void;
  readonly timezone?: string;
  /** Shortest time between two drawings; tests scale it down. */
  readonly intervalMs?: number;
}
