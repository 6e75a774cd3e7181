import type { Dirent } from 'node:fs';
import { lstat, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { readNamedText } from '../../../kit/adapters/files/open-named-file.js';
import { messageOf, type OperatorError } from '../../../kit/errors/operator-error.js';
import type { LintFile } from '../../lint/lint-file.js';
import { configurationTexts } from '../../../kit/errors/configuration.js';

const WANTED =
  /(jitsi\/(videobridge|jicofo)\/[^/]+$|(jvb|jicofo)\/(jvb|jicofo)\.conf$|prosody\/(config\/)?(conf\.(d|avail)\/)?[^/]+\.lua$|systemd\/system\/|(^|\/)\.env$)/;
/** Files of servers that are judged one by one: HAProxy, nginx (what ends otherwise is not read by it), Redis, Celery, Pod. */
const WANTED_ALONE =
  /(\/haproxy\/([^/]+\/)*[^/]+\.cfg|\/nginx\/([^/]+\/)*[^/]+\.conf|\/nginx\/sites-(enabled|available)\/[^/]+|\/(haproxy\.cfg|nginx\.conf|settings_local\.py)|\/redis\/[^/]+\.conf|\/default\/celery[^/]*)$/;
/** What packages and editors leave beside a file that counts. */
const LEFT_BESIDE = /(~|\.(bak|old|orig|save|swp|disabled|dpkg-\w+|ucf-\w+|rpm\w+))$/;
const MAX_BYTES = 1_000_000;
const MAX_FILES = 2000;
const DEEP = 8;

/**
 * Reads the files of a node's tree that the lint knows: /etc itself, or a folder that holds `etc`. Links are
 * named and not followed, so that a tree cannot lead out of itself.
 * @throws OperatorError config-unreadable.
 */
export async function readLintTree(directory: string): Promise<LintFile[]> {
  const root = path.resolve(directory);
  try {
    if (!(await stat(root)).isDirectory()) throw new Error('is no directory');
  } catch (error) {
    throw unreadable(directory, error);
  }
  const files: LintFile[] = [];
  await walk(root, directory, 0, files);
  return files;
}

async function walk(place: string, shown: string, depth: number, files: LintFile[]): Promise<void> {
  if (depth > DEEP || files.length > MAX_FILES) return;
  const entries: Dirent[] = await readdir(place, { withFileTypes: true });
  for (const entry of entries.toSorted((a, b) => a.name.localeCompare(b.name))) {
    const own = path.join(place, entry.name);
    const name = path.join(shown, entry.name);
    if (entry.isDirectory()) await walk(own, name, depth + 1, files);
    else if (WANTED.test(own) || (WANTED_ALONE.test(own) && !LEFT_BESIDE.test(own)))
      files.push(await readEntry(own, name, entry.isSymbolicLink()));
  }
}

async function readEntry(file: string, shown: string, link: boolean): Promise<LintFile> {
  const status = await lstat(file);
  // A pipe, a device or a socket of that name is no file of a server.
  if (link || !status.isFile() || status.size > MAX_BYTES) return { path: shown, text: '', mode: null };
  return { path: shown, text: readNamedText(file), mode: status.mode & 0o777 };
}

/** One file to lint. */
export async function readLintFile(file: string): Promise<LintFile> {
  try {
    const status = await stat(file);
    return { path: file, text: readNamedText(file), mode: status.mode & 0o777 };
  } catch (error) {
    throw unreadable(file, error);
  }
}

const unreadable = (file: string, error: unknown): OperatorError =>
  configurationTexts.configUnreadable({
    file,
    detail: messageOf(error, 'unreadable'),
  });
