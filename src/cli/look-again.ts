import { pause } from './pause.js';

const CLEAR = '\u001b[H\u001b[2J\u001b[3J';

export interface Watching {
  readonly watch: boolean;
  readonly everyMs: number;
  readonly signal: AbortSignal;
}

/**
 * Looks once or, with `--watch`, again and again until the signal or until a look answers false.
 * @param look is given what clears a terminal, to stand before what it prints; nothing in a file or a pipe.
 */
export async function lookAgain(
  look: (clear: string) => Promise<unknown>,
  { watch, everyMs, signal }: Watching,
): Promise<void> {
  const clear = watch && process.stdout.isTTY ? CLEAR : '';
  for (;;) {
    if ((await look(clear)) === false || !watch) return;
    await pause(everyMs, signal);
    if (signal.aborted) return;
  }
}
