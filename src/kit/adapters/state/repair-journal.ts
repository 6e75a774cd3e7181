import { copyFileSync, existsSync, renameSync } from 'node:fs';
import path from 'node:path';
import Database from 'libsql';
import { OperatorError } from '../../errors/operator-error.js';
import { copiesOf } from './journal-copies.js';
import { openJournal } from './journal.js';
import { refuseLaterFormat } from './journal-format.js';

export interface JournalRepair {
  readonly file: string;
  /** Where the broken file stands now; null when there was nothing to repair. */
  readonly aside: string | null;
  /** The copy it was put together from; null when no copy could be read. */
  readonly copy: string | null;
  /** In the journal now. */
  readonly runs: number;
  readonly items: number;
  /** Of these, what came from the broken file because the copy did not have it. */
  readonly salvaged: number;
  /** Rows of the broken file that could not be read; null when none of it could. */
  readonly unreadable: number | null;
}

type Row = Record<string, unknown>;

/**
 * Puts a broken journal together again: the newest copy that can be read, and above it every row of the broken file that
 * can. The broken file is kept under another name.
 * @param stamp names it: `20261129-041000`.
 * @throws OperatorError journal-later when a later version wrote the journal or one of its copies: nothing is moved
 */
export function repairJournal(stateDirectory: string, stamp: string): JournalRepair {
  const file = path.join(stateDirectory, 'journal.sqlite3');
  const copies = copiesOf(file).filter((copy) => existsSync(copy));
  for (const one of [file, ...copies]) if (existsSync(one)) refuseLater(one);
  const isWhole = existsSync(file) && isSound(file);
  const nothingToDo = isWhole || (!existsSync(file) && copies.length === 0);
  if (nothingToDo) return { file, aside: null, copy: null, ...countsOf(file), salvaged: 0, unreadable: 0 };
  const aside = file.replace(/\.sqlite3$/, `.broken-${stamp}.sqlite3`);
  for (const suffix of ['', '-wal', '-shm'])
    if (existsSync(`${file}${suffix}`)) renameSync(`${file}${suffix}`, `${aside}${suffix}`);
  const copy = copies.find(isSound) ?? null;
  if (copy !== null) copyFileSync(copy, file);
  openJournal(stateDirectory).close();
  const salvage = existsSync(aside) ? salvageInto(file, aside) : { salvaged: 0, unreadable: null };
  return { file, aside: existsSync(aside) ? aside : null, copy, ...countsOf(file), ...salvage };
}

/** What cannot be read at all has no format: it is the repair's own matter. */
function refuseLater(file: string): void {
  try {
    withDatabase(file, (db) => refuseLaterFormat(db, file));
  } catch (error) {
    if (error instanceof OperatorError) throw error;
  }
}

/** Whether SQLite finds the file whole, with the tables of a journal. */
function isSound(file: string): boolean {
  return (
    attempt(() =>
      withDatabase(file, (db) => {
        db.prepare('SELECT count(*) FROM run, item').get();
        const [verdict] = db.prepare('PRAGMA quick_check(1)').all() as { quick_check: string }[];
        return verdict?.quick_check === 'ok';
      }),
    ) ?? false
  );
}

function countsOf(file: string): { runs: number; items: number } {
  const count = (db: Database.Database, table: string): number =>
    (db.prepare(`SELECT count(*) AS n FROM ${table}`).get() as { n: number }).n;
  const counts = existsSync(file)
    ? attempt(() => withDatabase(file, (db) => ({ runs: count(db, 'run'), items: count(db, 'item') })))
    : null;
  return counts ?? { runs: 0, items: 0 };
}

/** Writes what can be read of the broken file over what the copy had. */
function salvageInto(file: string, aside: string): Pick<JournalRepair, 'salvaged' | 'unreadable'> {
  const readable = (table: string): boolean =>
    attempt(() =>
      withDatabase(aside, (broken) => broken.prepare(`SELECT rowid FROM ${table} LIMIT 1`).all()),
    ) !== null;
  // No database at all, or one without our tables: "0 rows cannot be read" would say that nothing is lost.
  if (!readable('run') && !readable('item')) return { salvaged: 0, unreadable: null };
  const before = countsOf(file);
  const unreadable = attempt(() =>
    withDatabase(aside, (broken) =>
      withDatabase(file, (db) => {
        db.exec('BEGIN IMMEDIATE');
        const lost = ['run', 'item'].map((table) => carryOver(broken, db, table));
        db.exec('COMMIT');
        return lost.reduce((sum, one) => sum + one, 0);
      }),
    ),
  );
  const after = countsOf(file);
  return { salvaged: after.items - before.items + (after.runs - before.runs), unreadable };
}

const PAGE = 200;
/** So many rows in succession that cannot be read are the end of the file. */
const GIVES_UP_AFTER = 5000;

function carryOver(broken: Database.Database, db: Database.Database, table: string): number {
  const known = (db.prepare(`PRAGMA table_info(${table})`).all() as Row[]).map(({ name }) => String(name));
  let after = 0;
  let lost = 0;
  let inVain = 0;
  while (inVain < GIVES_UP_AFTER) {
    const limit = inVain === 0 ? PAGE : 1;
    const rows = attempt(
      () =>
        broken
          .prepare(`SELECT rowid AS at_row, * FROM ${table} WHERE rowid > ? ORDER BY rowid LIMIT ?`)
          .all(after, limit) as Row[],
    );
    if (rows === null) {
      // Row by row through the broken part.
      if (inVain++ > 0) after++;
      continue;
    }
    if (rows.length === 0) break;
    lost += inVain > 1 ? inVain - 1 : 0;
    inVain = 0;
    for (const row of rows) if (!put(db, table, known, row)) lost++;
    after = Number(rows.at(-1)?.['at_row']);
  }
  return lost;
}

function put(db: Database.Database, table: string, known: readonly string[], row: Row): boolean {
  const names = known.filter((name) => name in row);
  const words = `INSERT OR REPLACE INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`;
  return attempt(() => db.prepare(words).run(...names.map((name) => row[name]))) !== null;
}

function withDatabase<T>(file: string, use: (db: Database.Database) => T): T {
  const db = new Database(file);
  try {
    return use(db);
  } finally {
    db.close();
  }
}

function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}
