import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { foldAttempts, type Attempt, type AttemptEnd } from '../../batch/attempt.js';
import { redactText } from '../../config/redact.js';
import { giveToOwner, ownerForRoot } from '../files/give-to-owner.js';
import { makeDirectory } from '../files/make-directory.js';
import { thisProcess } from '../process/identity.js';

const MOST_BYTES = 500_000;
const KEPT_LINES = 400;

const fileIn = (stateDirectory: string): string => path.join(stateDirectory, 'attempts.jsonl');

/**
 * Notes the start of a batch that nobody watches, or its end: a file of its own beside the journal (0600), for it tells
 * of journals that could not be opened. Only the newest 400 lines are kept.
 */
export function noteAttempt(
  stateDirectory: string,
  line: Pick<Attempt, 'id' | 'command' | 'startedAt'> & Partial<AttemptEnd>,
): void {
  append(stateDirectory, { ...line, ...thisProcess() });
}

/** Notes that somebody was mailed that an attempt was killed. */
export const noteTold = (stateDirectory: string, id: string): void =>
  append(stateDirectory, { id, told: true });

function append(stateDirectory: string, line: Partial<Attempt>): void {
  const file = fileIn(stateDirectory);
  makeDirectory(stateDirectory);
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > MOST_BYTES) shorten(file);
  const text = JSON.stringify(line, (_, value: unknown) =>
    typeof value === 'string' ? redactText(value) : value,
  );
  withOwnFile(file, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT, (descriptor) =>
    writeFileSync(descriptor, `${text}\n`),
  );
  // What root wrote last, when the context is closed already.
  if (ownerForRoot(stateDirectory) !== null && statSync(file).uid === 0) giveToOwner(stateDirectory);
}

function shorten(file: string): void {
  const text = withOwnFile(file, constants.O_RDONLY, (descriptor) => readFileSync(descriptor, 'utf8'));
  const lines = text.trimEnd().split('\n').slice(-KEPT_LINES);
  rmSync(`${file}.part`, { force: true });
  writeFileSync(`${file}.part`, `${lines.join('\n')}\n`, { mode: 0o600, flag: 'wx' });
  renameSync(`${file}.part`, file);
}

/**
 * Root writes and reads here what belongs to the package's account: a link, a second name of another file or a pipe that
 * stands in the file's place is refused.
 */
function withOwnFile<T>(file: string, flags: number, use: (descriptor: number) => T): T {
  const descriptor = openSync(file, flags | constants.O_NOFOLLOW | constants.O_NONBLOCK, 0o600);
  try {
    const status = fstatSync(descriptor);
    if (!status.isFile() || status.nlink > 1) throw new Error(`${file} is no file of its own`);
    return use(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** The attempts noted, newest first; lines that cannot be read are passed over. */
export function readAttempts(stateDirectory: string): Attempt[] {
  let text = '';
  try {
    text = withOwnFile(fileIn(stateDirectory), constants.O_RDONLY, (descriptor) =>
      readFileSync(descriptor, 'utf8'),
    );
  } catch {
    return [];
  }
  return foldAttempts(text.split('\n').flatMap(parsed));
}

function parsed(line: string): Partial<Attempt>[] {
  try {
    const value = JSON.parse(line) as unknown;
    return typeof value === 'object' && value !== null ? [value] : [];
  } catch {
    return [];
  }
}
