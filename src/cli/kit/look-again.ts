import { pause } from '../../kit/pause.js';

const CLEAR = '\u001b[H\u001b[2J\u001b[3J';

export interface Watching {
  readonly watch: boolean;
  readonly everyMs: number;
  readonly signal: AbortSignal;
}

/**
 * Looks once or, with `--watch`, again and again until a look answers false or somebody types Ctrl-C: that is how a
 * watch ends, and no failure, also in the middle of a look.
 * @param look is given what clears a terminal, to stand before what it prints; nothing in a file or a pipe.
 */
export async function lookAgain(
  look: (clear: string) => Promise<unknown>,
  { watch, everyMs, signal }: Watching,
): Promise<void> {
  const clear = watch && process.stdout.isTTY ? CLEAR : '';
  for (;;) {
    try {
      if ((await look(clear)) === false || !watch) return;
    } catch (error) {
      if (!watch || !signal.aborted) throw error;
    }
    await pause(everyMs, signal);
    if (signal.aborted) return;
  }
}
