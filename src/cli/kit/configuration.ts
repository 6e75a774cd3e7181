import { exists, mayWriteIn, pathStatus } from '../../kit/adapters/files/path-status.js';
import os from 'node:os';
import path from 'node:path';
import { loadConfiguration, type LoadedConfiguration } from '../../kit/config/load.js';
import { salvageConfiguration, type Salvaged } from '../../kit/config/salvage.js';
import { takeOwnEnvironment } from './own-environment.js';
import { readFileIfThere, readNamedFile, readText } from '../../kit/adapters/files/read-named-file.js';
import { OperatorError } from '../../kit/errors/operator-error.js';
import { configurationTexts } from '../../kit/errors/configuration.js';

const FILE_NAME = 'bbb2pod.toml';

/**
 * Finds and loads bbb2pod.toml: `--config`, else the current directory, else /etc/bbb2pod.
 * @param required when false a missing file gives the defaults, and so does one that nobody named and that cannot be
 * used (another account's, a secret out of reach, a slip in it): `onIgnored` is told why. Without it that is a failure
 * (doctor is there to see it). Pod's account runs our converter, and need not be able to read our configuration.
 */
export function readConfiguration(
  explicit: string | undefined,
  required: boolean,
  onIgnored: ((reason: OperatorError) => void) | undefined,
): LoadedConfiguration {
  if (required || explicit !== undefined || onIgnored === undefined) return readFound(explicit, required);
  try {
    return readFound(undefined, false);
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    const loaded = loadConfiguration({
      file: null,
      environment: takeOwnEnvironment(),
      readSecretFile: readText,
    });
    onIgnored(error);
    return loaded;
  }
}

function readFound(explicit: string | undefined, required: boolean): LoadedConfiguration {
  const found = findFile(explicit);
  if (found === null && required && !hasEnvironment()) {
    // One that is there and out of reach (its directory is closed to this account) is told as that.
    for (const candidate of candidates()) readFileIfThere(candidate);
    throw configurationTexts.configMissing({ looked: candidates().join(', ') });
  }
  return loadConfiguration({
    file: found === null ? null : { path: found, text: readNamedFile(found) },
    environment: takeOwnEnvironment(),
    readSecretFile: readText,
  });
}

/**
 * What the configuration that cannot be used still says of where a batch leaves its line and mails its summary.
 * @throws OperatorError when it cannot be read at all: no TOML, out of reach, or one that others may change.
 */
export function readSalvage(explicit: string | undefined): Salvaged {
  const found = findFile(explicit);
  return salvageConfiguration({
    file: found === null ? null : { path: found, text: readNamedFile(found) },
    environment: takeOwnEnvironment(),
    readSecretFile: readText,
  });
}

/** Whether there is a configuration that a batch could have been told by. */
export const hasConfiguration = (explicit: string | undefined): boolean =>
  explicit !== undefined || hasEnvironment() || candidates().some(exists);

/** Where the Debian package keeps state, owned by the account of its units. */
const SYSTEM_STATE = '/var/lib/bbb2pod';

/**
 * The state directory: configured, else /var/lib/bbb2pod for root and for whoever may write there (the package's own
 * account: what its units do and what an administrator types is one journal), else the XDG state directory.
 */
export function stateDirectory(configured: string | undefined): string {
  if (configured !== undefined) return path.resolve(configured);
  if (process.getuid?.() === 0 || mayWriteIn(SYSTEM_STATE)) return SYSTEM_STATE;
  return path.join(process.env['XDG_STATE_HOME'] ?? path.join(os.homedir(), '.local', 'state'), 'bbb2pod');
}

const candidates = (): string[] => [path.resolve(FILE_NAME), path.join('/etc/bbb2pod', FILE_NAME)];
const hasEnvironment = (): boolean => Object.keys(takeOwnEnvironment()).length > 0;

function findFile(explicit: string | undefined): string | null {
  if (explicit !== undefined) return refuseUnsafe(path.resolve(explicit));
  for (const candidate of candidates()) {
    if (exists(candidate)) return refuseUnsafe(candidate);
  }
  return null;
}

/** A file that others may change must not steer a command of root. */
function refuseUnsafe(file: string): string {
  if (process.getuid?.() !== 0) return file;
  const status = pathStatus(file);
  // What is no file is refused where it is read; advice on its mode would harm the machine.
  if (status === null || status.kind !== 'file') return file;
  if ((status.mode & 0o002) !== 0)
    throw configurationTexts.configUnsafe({ file, detail: 'everybody may write it' });
  if (path.dirname(file) === process.cwd() && status.uid !== 0) {
    throw configurationTexts.configUnsafe({
      file,
      detail: `it lies in the current directory and belongs to user ${status.uid}`,
    });
  }
  return file;
}
