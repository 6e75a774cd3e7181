import { once } from 'node:events';
import { startChild, type ChildOptions } from './start-child.js';
import { processTexts } from '../../errors/process.js';

export interface RunOptions extends Omit<ChildOptions, 'stdin' | 'stdout'> {
  /** Written to the program's standard input. */
  readonly input?: string | Buffer;
  /** The program is stopped, and program-too-slow thrown, when it takes longer; 60 s by default. */
  readonly timeLimitMs?: number;
  /** Output beyond that is dropped (and `truncated` set); 16 MB by default. */
  readonly maxOutputBytes?: number;
  /** Throw program-failed unless it ends with 0. Default true. */
  readonly mustSucceed?: boolean;
}

export interface RunResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: Buffer;
  readonly stderrTail: readonly string[];
  readonly truncated: boolean;
}

/**
 * Runs a program to its end and captures its output.
 * @throws OperatorError program-missing, program-failed, program-too-slow; the signal's reason when aborted.
 */
export async function runToEnd(options: RunOptions): Promise<RunResult> {
  const { input, timeLimitMs = 60_000, maxOutputBytes = 16_000_000, mustSucceed = true } = options;
  const child = await startChild({
    ...options,
    stdin: input === undefined ? 'ignore' : 'pipe',
    stdout: 'pipe',
  });
  const chunks: Buffer[] = [];
  let size = 0;
  child.stdout?.on('data', (chunk: Buffer) => {
    if (size < maxOutputBytes) chunks.push(chunk.subarray(0, maxOutputBytes - size));
    size += chunk.length;
  });
  const clock = { tooSlow: false };
  const timer = setTimeout(() => {
    clock.tooSlow = true;
    void child.stop();
  }, timeLimitMs);
  if (child.stdin !== null && input !== undefined) {
    child.stdin.end(input);
    await Promise.race([once(child.stdin, 'close'), child.exited]);
  }
  const { code, signal, stderrTail } = await child.exited;
  clearTimeout(timer);
  options.signal?.throwIfAborted();
  if (clock.tooSlow)
    throw processTexts.programTooSlow({
      program: options.file,
      seconds: Math.round(timeLimitMs / 100) / 10,
    });
  if (mustSucceed && code !== 0) {
    throw processTexts.programFailed({
      program: options.file,
      ending: code === null ? (signal ?? 'no status') : `status ${code}`,
      detail: stderrTail.slice(-3).join(' | '),
    });
  }
  return { code, signal, stdout: Buffer.concat(chunks), stderrTail, truncated: size > maxOutputBytes };
}
