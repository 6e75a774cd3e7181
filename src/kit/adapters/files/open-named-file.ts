import { closeSync, constants, createReadStream, fstatSync, openSync, readSync, statSync } from 'node:fs';
import type { ReadStream, Stats } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';

/** More than this at once is no configuration and no list: Node's longest text is twice as long. */
const MOST_BYTES = 256_000_000;
const PIECE_BYTES = 16_000_000;

/** What stands where a file was expected: said like the system's own refusals. */
class NoPlainFile extends Error {
  override readonly name = 'NoPlainFile';
  readonly code = 'ENOTREG';
  readonly syscall = 'open';
}

/**
 * Opens what somebody named as a file, for reading: a configuration, a list, a saved answer. Opening and reading wait
 * for nobody: a named pipe that nobody writes into, a device that never ends, a directory and a socket are refused. A
 * pipe that the shell itself handed over (`<(command)`, /dev/stdin) is read to its end.
 * @throws NoPlainFile, and what the system says
 */
export function openNamedFile(file: string): { readonly descriptor: number; readonly status: Stats } {
  const handed = isHandedOver(file);
  let descriptor: number;
  try {
    descriptor = openSync(file, constants.O_RDONLY | (handed ? 0 : constants.O_NONBLOCK));
  } catch (error) {
    // open(2) of a socket: "No such device or address".
    if ((error as NodeJS.ErrnoException).code === 'ENXIO') refuse(statSync(file));
    throw error;
  }
  try {
    const status = fstatSync(descriptor);
    if (!status.isFile() && !(handed && status.isFIFO())) refuse(status);
    return { descriptor, status };
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

/** The same without stopping the process while a disk is slow. @throws NoPlainFile, and what the system says */
export async function openNamedFileSoon(file: string): Promise<FileHandle> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const status = await handle.stat();
    if (!status.isFile()) refuse(status);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** The bytes of such a file. @throws NoPlainFile also for more than 256 MB; and what the system says */
export function readNamedBytes(file: string): Buffer {
  const { descriptor, status } = openNamedFile(file);
  try {
    if (status.size > MOST_BYTES) throw tooLarge();
    const pieces: Buffer[] = [];
    let size = 0;
    for (;;) {
      // What /proc and pipes hold is not told before.
      const piece = Buffer.allocUnsafe(Math.min(Math.max(status.size - size + 1, 65_536), PIECE_BYTES));
      const length = readSync(descriptor, piece, 0, piece.length, null);
      if (length === 0) return Buffer.concat(pieces);
      pieces.push(piece.subarray(0, length));
      size += length;
      if (size > MOST_BYTES) throw tooLarge();
    }
  } finally {
    closeSync(descriptor);
  }
}

const tooLarge = (): NoPlainFile => new NoPlainFile('it is larger than 256 MB');

/** Its text. @throws as `readNamedBytes` */
export const readNamedText = (file: string): string => readNamedBytes(file).toString('utf8');

/** Its bytes as they come. @throws NoPlainFile at once, and what the system says */
export function streamNamedFile(
  file: string,
  options: { readonly signal?: AbortSignal; readonly highWaterMark?: number } = {},
): ReadStream {
  return createReadStream(file, { ...options, fd: openNamedFile(file).descriptor });
}

/** @throws NoPlainFile when something stands there that is no file: what would be put in its place is not its like. */
export function refuseOddTarget(file: string): void {
  const status = statSync(file, { throwIfNoEntry: false });
  if (status !== undefined && !status.isFile()) refuse(status);
}

const isHandedOver = (file: string): boolean =>
  /^(?:\/dev\/(?:stdin|fd\/\d+)|\/proc\/(?:self|\d+)\/fd\/\d+)$/.test(path.resolve(file));

function refuse(status: Stats): never {
  if (status.isDirectory()) throw new NoPlainFile('it is a directory, not a file');
  if (status.isFIFO()) throw new NoPlainFile('it is a named pipe, not a file');
  if (status.isSocket()) throw new NoPlainFile('it is a socket, not a file');
  throw new NoPlainFile('it is a device, not a file');
}
