import { setTimeout as sleep } from 'node:timers/promises';

/** Waits, but never longer than until the signal, which whoever goes on asks for itself. */
export const pause = async (ms: number, signal: AbortSignal): Promise<void> => {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
};
