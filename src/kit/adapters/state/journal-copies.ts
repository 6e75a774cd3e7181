import { chmodSync, existsSync, renameSync, rmSync, statSync } from 'node:fs';
import type Database from 'libsql';
import { batchTexts } from '../../batch/texts.js';
import { OperatorError } from '../../errors/operator-error.js';
import { systemTexts } from '../../errors/system.js';
import { describeDiskFailure } from '../files/disk-failure.js';

/** The copies of a journal, the newest first. */
export const copiesOf = (file: string): string[] =>
  ['copy-1', 'copy-2'].map((name) => file.replace(/\.sqlite3$/, `.${name}.sqlite3`));

/** SQLite's words for a file that is no journal any more. */
const BROKEN = /^SQLITE_(CORRUPT|NOTADB|IOERR_SHORT_READ|SCHEMA)/;
const FOREIGN = /no such (table|column)|malformed|has no column/;

/**
 * Runs a piece of work on the journal; its failures are coded.
 * @throws OperatorError journal-broken with the way out; disk-full, file-unwritable
 */
export function journalGuarded<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw describeJournalFailure(error, file);
  }
}

function describeJournalFailure(error: unknown, file: string): unknown {
  if (error instanceof OperatorError || !(error instanceof Error)) return error;
  const { code = '' } = error as NodeJS.ErrnoException;
  // libsql's word for what SQLite cannot open: its code says nothing more.
  if (/Unable to open connection to local database/.test(error.message)) {
    const isFolder = statSync(file, { throwIfNoEntry: false })?.isDirectory() === true;
    return isFolder
      ? broken(file, 'it is a directory', error)
      : systemTexts.fileUnreadable({ path: file, detail: 'SQLite cannot open it' }, { cause: error });
  }
  const isBroken =
    BROKEN.test(code) ||
    error instanceof SyntaxError ||
    (code.startsWith('SQLITE_') && FOREIGN.test(error.message));
  return isBroken ? broken(file, error.message, error) : describeDiskFailure(error, file);
}

function broken(file: string, detail: string, cause?: unknown): OperatorError {
  const kept = copiesOf(file).filter((copy) => existsSync(copy));
  const dates = kept.map((copy) => `${copy} (${statSync(copy).mtime.toISOString().slice(0, 16)}Z)`);
  const copies = kept.length === 0 ? 'No copy was kept.' : `Copies: ${dates.join(', ')}.`;
  return batchTexts.journalBroken({ file, detail, copies }, { cause });
}

/** SQLite takes an empty file for a new database: where copies stand beside it, it was one with runs in it. */
export function refuseEmptied(file: string): void {
  const isEmpty = statSync(file, { throwIfNoEntry: false })?.size === 0;
  if (isEmpty && copiesOf(file).some((copy) => existsSync(copy))) throw broken(file, 'the file is empty');
}

/**
 * Checks the journal and copies it, as SQLite backs up; the last copy becomes the one before. A broken journal replaces
 * no copy.
 * @throws OperatorError journal-broken, disk-full, file-unwritable
 */
export function keepCopy(db: Database.Database, file: string): void {
  journalGuarded(file, () => {
    const [verdict] = db.prepare('PRAGMA quick_check(1)').all() as { quick_check: string }[];
    if (verdict?.quick_check !== 'ok') throw broken(file, verdict?.quick_check ?? 'unreadable');
    const [newest = '', older = ''] = copiesOf(file);
    const growing = `${newest}.part`;
    rmSync(growing, { force: true });
    try {
      db.prepare('VACUUM INTO ?').run(growing);
      chmodSync(growing, 0o600);
    } catch (error) {
      rmSync(growing, { force: true });
      throw error;
    }
    if (existsSync(newest)) renameSync(newest, older);
    renameSync(growing, newest);
  });
}

/** The copies hold what a purge forgets: they go with it. */
export function removeCopies(file: string): void {
  for (const copy of copiesOf(file)) rmSync(copy, { force: true });
}
