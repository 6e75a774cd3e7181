import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { cleanEnvironment } from './environment.js';
import { readStartTime, type ProcessIdentity } from './identity.js';
import { processTexts } from '../../errors/process.js';

export interface DaemonOptions {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Where its standard output and error go (appended, mode 0600). */
  readonly logFile: string;
}

/**
 * Starts a process that outlives us, in its own session, and lets go of it. Its identity (pid and start time)
 * is how anybody finds it again: `isAlive`, `signalProcess`.
 * @throws OperatorError program-missing.
 */
export async function startDaemon(options: DaemonOptions): Promise<ProcessIdentity> {
  const log = openSync(options.logFile, 'a', 0o600);
  try {
    // Node's own spawn: execa keeps its parent waiting for the child's end.
    const child = spawn(options.file, options.args, {
      cwd: options.cwd,
      env: cleanEnvironment(options.env),
      detached: true,
      stdio: ['ignore', log, log],
      shell: false,
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', (error: NodeJS.ErrnoException) =>
        reject(
          processTexts.programMissing({
            program: options.file,
            detail: error.code ?? 'it does not start',
          }),
        ),
      );
    });
    child.unref();
    const pid = child.pid ?? 0;
    return { pid, startTime: readStartTime(pid) ?? 'gone' };
  } finally {
    closeSync(log);
  }
}
