import type { Encoder, StartEncoder } from '../backends/media-port.js';
import { startChild } from '../../kit/adapters/process/start-child.js';

export interface EncoderSettings {
  readonly ffmpeg: string;
  readonly killDelayMs: number;
}

/** Starts the ffmpeg of a live; it dies with its keeper. @throws OperatorError program-missing */
export async function startEncoder(
  { ffmpeg, killDelayMs }: EncoderSettings,
  options: StartEncoder,
): Promise<Encoder> {
  const child = await startChild({
    file: ffmpeg,
    args: options.args,
    env: options.environment,
    stdin: options.stdin ? 'pipe' : 'ignore',
    stdout: options.onStdoutLine,
    onStderrLine: options.onLine,
    ...(options.onCopy === undefined ? {} : { onThird: options.onCopy }),
    // An ffmpeg that reconnects for ever ignores SIGTERM, and would publish beside its successor one day.
    diesWithParent: 'at-once',
    killDelayMs,
  });
  return {
    pid: child.pid,
    stdin: child.stdin,
    ended: child.exited.then(({ code, signal, stderrTail }) => {
      const last = stderrTail.findLast((line) => /\[(error|fatal)\]/.test(line)) ?? stderrTail.at(-1) ?? '';
      return `ended with ${signal ?? `status ${code ?? '?'}`} ${last}`.trim();
    }),
    stop: async () => {
      if (child.stdin !== null) {
        // The end of its input is ffmpeg's most orderly end; a frozen or reconnecting one gets the signal.
        child.stdin.end();
        const timer = setTimeout(() => void child.stop(), killDelayMs);
        await child.exited;
        clearTimeout(timer);
        return;
      }
      await child.stop();
    },
  };
}
