import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { RunnerHostFacts } from '../../esup-runner/facts.js';
import { readEnvironment } from '../../esup-runner/read-environment.js';
import type { RunnerMachine } from '../../esup-runner/targets.js';
import { findMissingPrograms, isThere } from './share.js';
import { readNamedText } from '../../../kit/adapters/files/open-named-file.js';
import { isDirectory } from '../../../kit/adapters/files/path-status.js';

const PROGRAMS = ['ffmpeg', 'ffprobe'];
const DEFAULT_STORAGE = '/tmp/esup-runner';

/**
 * Reads what esup-runner left on this machine: .env, units, modes, storage. Never throws: what may not be read is null.
 * Null as a whole when it is not installed there: a container, a tunnel, another directory.
 * @param system root directory of the machine's own files (/etc, /var): `/`, or a copy of it
 */
export async function readRunnerHost(
  { node, role }: RunnerMachine,
  { root, user }: { readonly root: string; readonly user: string },
  system = '/',
): Promise<RunnerHostFacts | null> {
  const directory = path.join(root, role);
  if (!isThereAsDirectory(directory)) return null;
  const environmentFile = path.join(directory, '.env');
  const dataDirectory = path.join(directory, 'data');
  const unit = `esup-runner-${role}.service`;
  const home = await homeOf(user, system);
  const { environment, detail } = await readVariables(environmentFile);
  const storage =
    role === 'runner'
      ? environment?.['STORAGE_DIR']
      : (environment?.['RUNNERS_STORAGE_DIR'] ?? environment?.['RUNNERS_STORAGE_PATH']);
  const systemUnit = path.join('/etc/systemd/system', unit);
  const userUnit = home === null ? null : path.join(home, '.config/systemd/user', unit);
  const [systemThere, userThere, missingPrograms] = await Promise.all([
    isThere(path.join(system, systemUnit)),
    userUnit === null ? false : isThere(path.join(system, userUnit)),
    role === 'runner' ? findMissingPrograms(PROGRAMS) : [],
  ]);
  const gpu = /^gpu$/i.test(environment?.['ENCODING_TYPE'] ?? '');
  return {
    node,
    role,
    environment,
    environmentFile,
    environmentDetail: detail,
    environmentMode: await modeOf(environmentFile),
    dataMode: role === 'manager' ? await modeOf(dataDirectory) : null,
    dataDirectory,
    // systemd-logind keeps one empty file per user that lingers (loginctl(1), enable-linger).
    linger: home === null ? null : await isThere(path.join(system, 'var/lib/systemd/linger', user)),
    systemUnit: systemThere ? systemUnit : null,
    userUnit: userThere ? userUnit : null,
    missingPrograms,
    gpuFound: gpu ? (await findMissingPrograms(['nvidia-smi'])).length === 0 : null,
    storageIdentity: await identityOf(storage ?? DEFAULT_STORAGE),
  };
}

/** A directory that may not be entered is there. */
function isThereAsDirectory(directory: string): boolean {
  try {
    return isDirectory(directory);
  } catch {
    return true;
  }
}

async function readVariables(
  file: string,
): Promise<{ environment: Readonly<Record<string, string>> | null; detail: string | null }> {
  try {
    return { environment: readEnvironment(readNamedText(file)), detail: null };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'EACCES' ? 'may not be read: run it as root' : `cannot be read (${code ?? 'error'})`;
    return { environment: null, detail: `${file} ${why}` };
  }
}

/** Home directory of a user of /etc/passwd. */
async function homeOf(user: string, system: string): Promise<string | null> {
  try {
    const lines = (await readFile(path.join(system, 'etc/passwd'), 'utf8')).split('\n');
    return lines.find((line) => line.startsWith(`${user}:`))?.split(':')[5] ?? null;
  } catch {
    return null;
  }
}

async function modeOf(file: string): Promise<number | null> {
  try {
    return (await stat(file)).mode & 0o777;
  } catch {
    return null;
  }
}

async function identityOf(directory: string): Promise<string | null> {
  try {
    const { dev, ino } = await stat(directory, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return null;
  }
}
