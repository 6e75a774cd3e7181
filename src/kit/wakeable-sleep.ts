export interface WakeableSleep {
  /** Until that many milliseconds are over, `wake` is called, or the signal ends; null waits for the last two alone. */
  readonly sleep: (ms: number | null) => Promise<void>;
  readonly wake: () => void;
}

/** A sleep that what happens meanwhile may end. One at a time; waking nobody is forgotten. */
export function wakeableSleep(signal: AbortSignal): WakeableSleep {
  let wake: () => void = () => undefined;
  signal.addEventListener('abort', () => wake(), { once: true });
  return {
    sleep: (ms) =>
      new Promise((resolve) => {
        const timer = ms === null ? undefined : setTimeout(resolve, ms);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
        if (signal.aborted) wake();
      }),
    wake: () => wake(),
  };
}
