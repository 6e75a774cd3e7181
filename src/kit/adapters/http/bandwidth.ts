import { setTimeout as delay } from 'node:timers/promises';

/** Paces downloads that share it: `spend` waits until so many bytes may pass. */
export interface Bandwidth {
  spend(bytes: number, signal?: AbortSignal): Promise<void>;
}

/** A limit in bytes per second over everything that spends from it; null for none. */
export function limitBandwidth(bytesPerSecond: number | null, now: () => number = Date.now): Bandwidth {
  if (bytesPerSecond === null) return { spend: async () => undefined };
  let freeAt = now();
  return {
    async spend(bytes, signal) {
      const start = Math.max(freeAt, now());
      freeAt = start + (bytes / bytesPerSecond) * 1000;
      const waitMs = freeAt - now();
      if (waitMs > 5) await delay(waitMs, undefined, signal === undefined ? {} : { signal });
    },
  };
}
