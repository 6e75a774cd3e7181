import type { Writable } from 'node:stream';

/** Where a report goes: resolves when more may be written. */
export type TextSink = (chunk: string) => Promise<void>;

/** True when whoever read us went away (`| head`), which is no failure of ours. */
export const isClosedPipe = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED');

/**
 * Writes to a stream no faster than it takes: memory stays flat however long the report is.
 * A reader that goes away ends the writing silently; any other error is thrown by the next write.
 */
export function sinkOfStream(stream: Writable): TextSink {
  let failure: unknown = null;
  stream.on('error', (error) => (failure ??= error));
  return async (chunk) => {
    if (failure === null && !stream.destroyed && !stream.write(chunk)) await roomIn(stream);
    if (failure !== null && !isClosedPipe(failure)) throw failure as Error;
  };
}

/** Resolves when the stream takes more, or never will again. */
function roomIn(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    const names = ['drain', 'close', 'error'] as const;
    const done = (): void => {
      for (const name of names) stream.off(name, done);
      resolve();
    };
    for (const name of names) stream.on(name, done);
  });
}
