import { pause } from '../../kit/pause.js';
import { constants } from 'node:fs';
import { copyFile, mkdir, open, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import type { WorkDirectory } from '../ports.js';
import { isAlive, readStartTime } from '../../kit/adapters/process/identity.js';
import { allBelow } from '../../kit/adapters/files/all-below.js';
import { freeBytes } from '../../kit/adapters/files/free-space.js';
import { makeDirectory } from '../../kit/adapters/files/make-directory.js';
import { texts } from '../texts.js';
import { systemTexts } from '../../kit/errors/system.js';

/**
 * A private directory for one conversion, kept over runs so that an interrupted one resumes.
 * @param signEveryMs how often its owner signs that it lives
 * @throws OperatorError file-unwritable, disk-full
 */
export async function openWorkDirectory(directory: string, signEveryMs: number): Promise<WorkDirectory> {
  const root = path.resolve(directory);
  makeDirectory(root);
  const file = (name: string): string => path.join(root, name);
  const signature = await lock(file(LOCK), signEveryMs);
  atWork.add(root);
  return {
    path: root,
    file,
    // The directory is closed; what is delivered from it beside a film has the film's own mode.
    write: (name, content) => guarded(file(name), () => writeFile(file(name), content)),
    concatenate: (names, target) => guarded(file(target), () => concatenate(names.map(file), file(target))),
    readText: (name) => readFile(file(name), 'utf8').catch(() => null),
    sizeOf: async (name) =>
      stat(file(name)).then(
        ({ size }) => size,
        () => null,
      ),
    rename: (from, to) => guarded(file(to), () => rename(file(from), file(to))),
    remove: (name) => rm(file(name), { recursive: true, force: true }),
    deliver: (name, target) => guarded(target, () => deliver(file(name), path.resolve(target))),
    withdraw: async (targets) => {
      for (const target of targets) await rm(target, { force: true });
    },
    clear: async (keep) => {
      for (const name of await readdir(root))
        if (!name.startsWith(LOCK) && !keep.includes(name))
          await rm(file(name), { recursive: true, force: true });
    },
    readBytes: (name) => readFile(file(name)),
    freeBytes: () => freeBytes(root),
    discard: async () => {
      await signature.release();
      await rm(root, { recursive: true, force: true, maxRetries: 3 });
      atWork.delete(root);
    },
    release: async () => {
      atWork.delete(root);
      await signature.release();
    },
  };
}

async function concatenate(files: readonly string[], target: string): Promise<void> {
  const handle = await open(target, 'w');
  try {
    for (const file of files) await handle.appendFile(await readFile(file));
  } finally {
    await handle.close();
  }
}

/** The directories in which this process works, whoever opened them. */
const atWork = new Set<string>();

/** Bytes that the conversions under way in this process hold: a disk that they filled is not full without them. */
export function bytesAtWork(): number {
  let bytes = 0;
  for (const root of atWork)
    for (const { status } of allBelow(root)) if (status.isFile()) bytes += status.size;
  return bytes;
}

const LOCK = 'owner.txt';

/**
 * A directory whose owner lives is not ours; one whose owner was killed is taken over, with what it holds. On a shared
 * disk the owner may be of another machine: it lives while it goes on signing.
 */
async function lock(file: string, signEveryMs: number): Promise<{ release: () => Promise<void> }> {
  const owner = await readOwner(file);
  if (owner !== null && (await lives(owner, file, signEveryMs)))
    throw texts.conversionRunning({
      holder: `process ${owner.pid} of ${owner.host}`,
      path: path.dirname(file),
    });
  const signature = new Signature(file);
  await guarded(file, () => signature.sign());
  const timer = setInterval(() => signature.signAgain(), signEveryMs).unref();
  return {
    release: async () => {
      clearInterval(timer);
      await signature.withdraw();
    },
  };
}

/** What an owner writes into the lock, over and over; it never signs what another has taken or what was removed. */
class Signature {
  readonly #nonce = randomBytes(6).toString('hex');
  #times = 0;
  #text = '';
  #pending: Promise<void> | null = null;
  #ended = false;

  constructor(readonly file: string) {}

  /** Renamed into place: who reads it meanwhile must never find it empty. The name is this owner's alone. */
  async sign(): Promise<void> {
    const start = readStartTime(process.pid) ?? '';
    const text = [process.pid, start, os.hostname(), this.#times++, this.#nonce].join(' ');
    const draft = `${this.file}.${process.pid}-${this.#nonce}`;
    try {
      await writeFile(draft, text, { mode: 0o600 });
      await rename(draft, this.file);
    } finally {
      await rm(draft, { force: true });
    }
    this.#text = text;
  }

  /** One at a time, however slow the disk; a lock that is no longer ours ends the signing for good. */
  signAgain(): void {
    if (this.#ended) return;
    this.#pending ??= this.#isOurs()
      .then(async (ours) => (ours ? this.sign() : void (this.#ended = true)))
      .catch(() => undefined)
      .finally(() => (this.#pending = null));
  }

  /** Signs no more, and takes the lock away while it is ours. */
  async withdraw(): Promise<void> {
    this.#ended = true;
    await this.#pending;
    if (await this.#isOurs()) await rm(this.file, { force: true });
  }

  readonly #isOurs = async (): Promise<boolean> =>
    (await readFile(this.file, 'utf8').catch(() => null)) === this.#text;
}

interface Owner {
  readonly pid: number;
  readonly startTime: string;
  readonly host: string;
  readonly text: string;
}

async function readOwner(file: string): Promise<Owner | null> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const [pid = '', startTime = '', host = os.hostname()] = text.split(' ');
  return Number(pid) > 0 ? { pid: Number(pid), startTime, host, text } : null;
}

async function lives(
  { pid, startTime, host, text }: Owner,
  file: string,
  signEveryMs: number,
): Promise<boolean> {
  if (host === os.hostname()) return pid !== process.pid && isAlive(pid, startTime);
  // Clocks of two machines differ, so its age says nothing: a signature that changes does.
  await pause(2.5 * signEveryMs);
  return (await readOwner(file))?.text !== text;
}

/** Beside the target first, when it lies on another disk: the last step is always a rename. */
async function deliver(from: string, target: string): Promise<number> {
  const { size } = await stat(from);
  await mkdir(path.dirname(target), { recursive: true });
  await flush(from);
  try {
    await rename(from, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    const beside = `${target}.part-${process.pid}`;
    await removeLeftParts(target);
    try {
      // Others may write there too: a link of that name is not followed.
      await rm(beside, { force: true });
      await copyFile(from, beside, constants.COPYFILE_EXCL);
      await flush(beside);
      await rename(beside, target);
    } finally {
      await rm(beside, { force: true });
    }
    await rm(from, { force: true });
  }
  return size;
}

/** Copies that a killed process left half-written beside the target. */
async function removeLeftParts(target: string): Promise<void> {
  const begin = `${path.basename(target)}.part-`;
  for (const name of await readdir(path.dirname(target))) {
    const pid = name.startsWith(begin) ? Number(name.slice(begin.length)) : NaN;
    if (pid > 0 && readStartTime(pid) === null)
      await rm(path.join(path.dirname(target), name), { force: true });
  }
}

async function flush(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function guarded<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC' || code === 'EDQUOT') throw systemTexts.diskFull({ path: file }, { cause: error });
    throw systemTexts.fileUnwritable({ path: file, detail: message }, { cause: error });
  }
}
