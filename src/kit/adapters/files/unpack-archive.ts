import { lstat, mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../../errors/operator-error.js';
import { systemTexts } from '../../errors/system.js';
import { renderBytes } from '../../output/units.js';
import { runToEnd } from '../process/run-to-end.js';
import { freeBytes } from './free-space.js';

/** A recording of a long day has some thousands of files. */
const MOST_ENTRIES = 100_000;
const TIME_LIMIT_MS = 3_600_000;
/** What BigBlueButton publishes is four folders deep; in thousands of them every look takes minutes. */
const MOST_DEPTH = 50;

/**
 * Unpacks a `.tar` (compressed or not) of a published folder and finds the folder in it. Only files and folders stay, at
 * any depth: links could lead out, pipes and devices never end. What it says it needs is asked of the disk first.
 * @throws OperatorError presentation-empty, archive-refused
 */
export async function unpackArchive(archive: string, into: string, signal: AbortSignal): Promise<string> {
  await mkdir(into, { recursive: true, mode: 0o700 });
  const file = path.resolve(archive);
  await refuseByList(file, into, signal);
  await runToEnd({
    file: 'tar',
    args: [
      ...['--extract', '--file', file, '--directory', into],
      ...['--no-same-owner', '--no-same-permissions', '--no-overwrite-dir', '--delay-directory-restore'],
    ],
    signal,
    timeLimitMs: TIME_LIMIT_MS,
  });
  const found = await findFolder(into).catch((error: unknown) => {
    throw systemTexts.archiveRefused({ archive, detail: messageOf(error) }, { cause: error });
  });
  if (found === null) throw systemTexts.presentationEmpty({ folder: archive });
  return found;
}

/**
 * The list that tar prints of it: a bomb says there how large it is, or how deep, and what nobody but root could read or
 * remove once it is unpacked says that too.
 */
async function refuseByList(archive: string, into: string, signal: AbortSignal): Promise<void> {
  const { stdout, truncated } = await runToEnd({
    file: 'tar',
    args: ['--list', '--verbose', '--numeric-owner', '--quoting-style=escape', '--file', archive],
    signal,
    timeLimitMs: TIME_LIMIT_MS,
    maxOutputBytes: MOST_ENTRIES * 300,
  });
  const lines = stdout.toString('latin1').split('\n').slice(0, -1);
  if (truncated || lines.length > MOST_ENTRIES)
    throw systemTexts.archiveRefused({ archive, detail: `more than ${MOST_ENTRIES} entries` });
  for (const line of lines) {
    const [, mode = '', name = ''] = LISTED.exec(line) ?? [];
    if (name.split('/').length > MOST_DEPTH)
      throw systemTexts.archiveRefused({ archive, detail: `folders more than ${MOST_DEPTH} deep` });
    if (/^(?:d(?!rwx)|-(?!r))/.test(mode)) {
      const place = name.length > 60 ? `${name.slice(0, 60)}…` : name;
      throw systemTexts.archiveRefused({ archive, detail: `mode ${mode} of ${place} lets nobody read it` });
    }
  }
  const bytes = lines.reduce((sum, line) => sum + Number(/^-\S+ \S+ +(\d+) /.exec(line)?.[1] ?? 0), 0);
  const free = await freeBytes(into);
  if (bytes <= free) return;
  const detail = `it holds ${renderBytes(bytes)}, and ${renderBytes(free)} are free below ${into}`;
  throw systemTexts.archiveRefused({ archive, detail });
}

/** Mode and name in a line of `tar --list --verbose`: `drwxr-xr-x 0/0 0 2026-11-29 21:09 name`. */
const LISTED = /^(\S{10})\S* \S+ +\S+ \S+ \S+ (.*)$/;

/** Whatever is neither a file nor a folder is removed on the way. The one nearest to the top is the recording's. */
async function findFolder(root: string): Promise<string | null> {
  let found: string | null = null;
  for (const folders = [root]; folders.length > 0;) {
    const folder = folders.shift() ?? root;
    const entries = await readdir(folder);
    for (const entry of entries) {
      const file = path.join(folder, entry);
      const status = await lstat(file);
      if (status.isDirectory()) folders.push(file);
      else if (!status.isFile()) await rm(file);
    }
    if (entries.includes('metadata.xml') || entries.includes('shapes.svg')) found ??= folder;
  }
  return found;
}
