/** What a command's end means to a script (docs/operations.md). */
export const ExitStatus = {
  done: 0,
  failed: 1,
  usage: 2,
  /** Some items failed or were not run; for `cluster check`, something could not be checked. */
  partial: 3,
} as const;
export type ExitStatus = number;

/** The shell's convention: 128 + the signal's number. */
export const signalStatus: Record<string, number> = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };
