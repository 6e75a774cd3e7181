import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits, but never longer than until the signal, which whoever goes on asks for itself.
 * @param options.ref false where waiting alone keeps no process alive
 */
export const pause = async (
  ms: number,
  signal?: AbortSignal,
  options: { readonly ref?: boolean } = {},
): Promise<void> => {
  await sleep(ms, undefined, { ...options, ...(signal === undefined ? {} : { signal }) }).catch(
    () => undefined,
  );
};
