import type Database from 'libsql';
import { batchTexts } from '../../batch/texts.js';

type Step = (db: Database.Database) => void;

/**
 * What makes each format of the journal from the one before; the number of the last one stands in the file's own
 * `user_version`. The journals of 0.1 bear 0, with the tables and mostly with `shown`. A step is never changed once released:
 * another one is added.
 */
const STEPS: readonly Step[] = [
  (db) => {
    db.exec(`
      CREATE TABLE IF NOT EXISTS run (
        id TEXT PRIMARY KEY, command TEXT NOT NULL, target TEXT NOT NULL, started_at INTEGER NOT NULL,
        ended_at INTEGER, state TEXT NOT NULL, header TEXT NOT NULL, counts TEXT NOT NULL DEFAULT '{}');
      CREATE TABLE IF NOT EXISTS item (
        seq INTEGER PRIMARY KEY, run TEXT NOT NULL REFERENCES run(id), action_id TEXT NOT NULL, record_id TEXT NOT NULL,
        kind TEXT NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL, intent TEXT, written TEXT, at INTEGER NOT NULL,
        UNIQUE (action_id, run));
      CREATE INDEX IF NOT EXISTS item_run ON item (run);
    `);
    // What people read of an item: title, owner, session, values of the reason's text.
    const columns = db.prepare('PRAGMA table_info(item)').all() as { name: string }[];
    if (!columns.some(({ name }) => name === 'shown')) db.exec('ALTER TABLE item ADD COLUMN shown TEXT');
  },
];

/** The format that this version writes; it reads every earlier one. */
export const JOURNAL_FORMAT = STEPS.length;

/**
 * Refuses what a later version wrote: it may mean something else by the same columns. Nothing is written before.
 * @throws OperatorError journal-later
 */
export function refuseLaterFormat(db: Database.Database, file: string): void {
  const found = formatOf(db);
  if (found > JOURNAL_FORMAT) throw batchTexts.journalLater({ file, found, known: JOURNAL_FORMAT });
}

/** Brings an earlier journal, or a new file, to this version's format, whole or not at all. */
export function upgradeFormat(db: Database.Database, file: string): void {
  if (formatOf(db) === JOURNAL_FORMAT) return;
  db.exec('BEGIN IMMEDIATE');
  try {
    // Several commands may open a new journal at once: whoever waited for the lock looks again.
    refuseLaterFormat(db, file);
    for (const step of STEPS.slice(formatOf(db))) step(db);
    db.exec(`PRAGMA user_version = ${JOURNAL_FORMAT}`);
    db.exec('COMMIT');
  } catch (error) {
    if (db.inTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

const formatOf = (db: Database.Database): number =>
  (db.prepare('PRAGMA user_version').get() as { user_version: number }).user_version;
