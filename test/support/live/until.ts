import { describeBenches } from './open-benches.js';

/** Longer than anything takes on the slowest machine; a wait ends as soon as its condition holds. */
const TIMEOUT_MS = 90_000;
const EVERY_MS = 100;

/**
 * Waits for a condition. One that throws counts as not yet.
 * @throws Error what never came, with the state and the logs of all lives.
 */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  timeoutMs = TIMEOUT_MS,
  everyMs = EVERY_MS,
): Promise<void> {
  await eventually(what, condition, (held) => held, timeoutMs, everyMs);
}

/** Looks again and again until what it sees is good; gives that. @throws Error with what it saw last. */
export async function eventually<T>(
  what: string,
  look: () => T | Promise<T>,
  isGood: (seen: T) => boolean,
  timeoutMs = TIMEOUT_MS,
  everyMs = EVERY_MS,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    let last: string;
    try {
      const seen = await look();
      if (isGood(seen)) return seen;
      last = JSON.stringify(seen);
    } catch (error) {
      last = String(error);
    }
    if (Date.now() > deadline)
      throw new Error(`never in ${timeoutMs / 1000} s: ${what} (last: ${last})\n${describeBenches()}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
