import { lstat, mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { runToEnd } from '../process/run-to-end.js';
import { systemTexts } from '../../errors/system.js';

/**
 * Unpacks a `.tar` (compressed or not) of a published folder and finds the folder in it. Links are thrown away: they
 * could lead out.
 * @throws OperatorError presentation-empty
 */
export async function unpackArchive(archive: string, into: string, signal: AbortSignal): Promise<string> {
  await mkdir(into, { recursive: true, mode: 0o700 });
  await runToEnd({
    file: 'tar',
    args: [
      '--extract',
      '--file',
      path.resolve(archive),
      '--directory',
      into,
      '--no-same-owner',
      '--no-same-permissions',
    ],
    signal,
    timeLimitMs: 3_600_000,
  });
  const found = await findFolder(into, 5);
  if (found === null) throw systemTexts.presentationEmpty({ folder: archive });
  return found;
}

async function findFolder(directory: string, depth: number): Promise<string | null> {
  const entries = await readdir(directory);
  const folders: string[] = [];
  for (const entry of entries) {
    const file = path.join(directory, entry);
    const status = await lstat(file);
    if (status.isSymbolicLink()) await rm(file);
    else if (status.isDirectory()) folders.push(file);
  }
  const isHere = entries.includes('metadata.xml') || entries.includes('shapes.svg');
  let found = isHere ? directory : null;
  for (const folder of folders) {
    const below = depth > 0 ? await findFolder(folder, depth - 1) : null;
    found ??= below;
  }
  return found;
}
