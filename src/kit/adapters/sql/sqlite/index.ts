import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import path from 'node:path';
import { type Dialect, readInstant, sqlInstant, type HeldLock } from '../dialect.js';
import { listColumns, listForeignKeys, listWithoutTransactions, serverVersion } from './catalogue.js';
import { connect } from './connect.js';
import { failureOf } from './failures.js';
import { makeDirectory } from '../../files/make-directory.js';
import { takeProcessLock } from '../../process/process-lock.js';
import type { DatabaseSettings } from '../settings.js';

export const dialect: Dialect = {
  engine: 'sqlite',
  connect,
  // Text in UTC: Django reads epoch numbers back as NULL, and `T…Z` text no longer matches its filters.
  encodeInstant: sqlInstant,
  decodeInstant: readInstant,
  failureOf,
  listColumns,
  listForeignKeys,
  listWithoutTransactions,
  serverVersion,
  tryLock,
};

/**
 * SQLite has no advisory lock: a process lock beside the database's real file, so that whoever writes there meets it,
 * whatever state directory they have. Where that directory takes no file it stands in the state directory.
 */
async function tryLock(
  settings: DatabaseSettings,
  name: string,
  stateDirectory: string,
): Promise<HeldLock | null> {
  const target = realpathSync(path.resolve(settings.name));
  const hash = createHash('sha256').update(`${target}\0${name}`).digest('hex').slice(0, 16);
  const lock = takeBeside(`${target}.bbb2pod-${hash}.lock`) ?? takeIn(stateDirectory, `${hash}.lock`);
  return 'release' in lock ? { release: async () => lock.release() } : null;
}

type ProcessLock = ReturnType<typeof takeProcessLock>;

function takeBeside(file: string): ProcessLock | null {
  try {
    return takeProcessLock(file);
  } catch (error) {
    if (['EACCES', 'EPERM', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  }
}

function takeIn(stateDirectory: string, name: string): ProcessLock {
  const directory = path.join(stateDirectory, 'locks');
  makeDirectory(directory);
  return takeProcessLock(path.join(directory, name));
}
