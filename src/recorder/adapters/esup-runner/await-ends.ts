import { pause } from '../../../kit/pause.js';

/** Longest that an answer is held back: whoever waits longer asks again. */
const HELD_MS = 25_000;
/** More than that at once are answered straight away. */
const MOST = 50;

export interface EndWaiters {
  /** True once the manager knows the end of that task; false when it takes longer than an answer is held back. */
  readonly wait: (task: string) => Promise<boolean>;
  /** Something ended. */
  readonly look: () => void;
}

/** Lets clients wait for the end of a task instead of asking for it again and again. */
export function awaitEnds(isEnded: (task: string) => boolean, signal: AbortSignal): EndWaiters {
  const waiting = new Set<() => void>();
  const look = (): void => {
    for (const wake of waiting) wake();
  };
  signal.addEventListener('abort', look, { once: true });
  return {
    wait: async (task) => {
      if (isEnded(task) || waiting.size >= MOST || signal.aborted) return isEnded(task);
      const held = new AbortController();
      let wake: () => void = () => undefined;
      const woken = new Promise<void>((resolve) => {
        wake = (): void => {
          if (isEnded(task) || signal.aborted) resolve();
        };
      });
      waiting.add(wake);
      await Promise.race([woken, pause(HELD_MS, held.signal, { ref: false })]);
      waiting.delete(wake);
      held.abort();
      return isEnded(task);
    },
    look,
  };
}
