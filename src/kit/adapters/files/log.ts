import {
  appendFileSync,
  chmodSync,
  closeSync,
  constants,
  fchownSync,
  fstatSync,
  lstatSync,
  openSync,
  statSync,
} from 'node:fs';
import path from 'node:path';
import { makeDirectory } from './make-directory.js';
import { describeDiskFailure } from './disk-failure.js';
import { redactText } from '../../config/redact.js';
import { plainText } from '../../output/text.js';
import { newRunId } from '../../batch/run-id.js';

const levels = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof levels)[number];

/** Writes one dated line; texts are redacted and freed of terminal escapes here, once for all callers. */
export type Log = (level: LogLevel, message: string) => void;

/** `DIRECTORY/NAME-20261120-143205-9f3a.log`: one file per run, none is ever cut in two. */
export const logFileIn = (directory: string | undefined, name: string): string | undefined =>
  directory === undefined ? undefined : path.join(directory, `${name}-${newRunId()}.log`);

/**
 * Opens the log: a file of mode 0600 when given, else standard error for warnings and worse.
 * @throws OperatorError file-unwritable at once; a disk that fills up later costs lines, never the run.
 */
export function openLog({
  level,
  file,
  owner = null,
}: {
  level: LogLevel;
  file: string | undefined;
  /** Whom root gives the file to, so that the next run of that account can write in it. */
  owner?: { readonly uid: number; readonly gid: number } | null;
}): Log {
  const most = levels.indexOf(level);
  if (file !== undefined) begin(file, owner);
  return (messageLevel, message) => {
    if (levels.indexOf(messageLevel) > most) return;
    const line = `${new Date().toISOString()} ${messageLevel} ${plainText(redactText(message))}\n`;
    if (file === undefined) {
      if (messageLevel === 'error' || messageLevel === 'warn' || level === 'debug')
        process.stderr.write(line);
      return;
    }
    try {
      appendFileSync(file, line, { mode: 0o600 });
    } catch {
      process.stderr.write(line);
    }
  };
}

function begin(file: string, owner: { readonly uid: number; readonly gid: number } | null): void {
  try {
    makeDirectory(path.dirname(file), 0o750);
    appendFileSync(file, '', { mode: 0o600 });
    if (owner !== null && lstatSync(file).isFile()) giveAway(file, owner);
    // Never a device: --log-file /dev/null is somebody's way to ask for none.
    if (statSync(file).isFile()) chmodSync(file, 0o600);
  } catch (error) {
    throw describeDiskFailure(error, file);
  }
}

/** A plain file of root alone: what somebody put in its place (a link, a second name) is left as it is. */
function giveAway(file: string, { uid, gid }: { readonly uid: number; readonly gid: number }): void {
  const descriptor = openSync(file, constants.O_WRONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const status = fstatSync(descriptor);
    if (status.isFile() && status.uid === 0 && status.nlink === 1) fchownSync(descriptor, uid, gid);
  } finally {
    closeSync(descriptor);
  }
}
