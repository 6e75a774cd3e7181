import { chmodSync } from 'node:fs';
import path from 'node:path';
import Database from 'libsql';
import type { Outcome, PlannedAction } from '../../batch/action.js';
import type { ItemShown, Journal, JournalItem, RunRecord, RunState } from '../../batch/journal.js';
import { redactedJson } from '../../config/redact.js';
import { makeDirectory } from '../files/make-directory.js';
import { journalGuarded, keepCopy, refuseEmptied, removeCopies } from './journal-copies.js';
import { refuseLaterFormat, upgradeFormat } from './journal-format.js';

const BUSY_TIMEOUT_MS = 10_000;
/** Bound parameters of one look-up; far below SQLite's limit. */
const LOOKUP_BATCH = 500;

/**
 * Opens (and creates) the run journal `journal.sqlite3` in the state directory: WAL, synchronous=full, mode 0600.
 * The end of a run leaves a checked copy beside it when it is closed.
 * A journal of an earlier version is brought to this one's format; one of a later version is left as it is.
 * @throws OperatorError journal-later; journal-broken, disk-full, file-unwritable as every method
 */
export function openJournal(stateDirectory: string): Journal {
  const file = path.join(stateDirectory, 'journal.sqlite3');
  return journalGuarded(file, () => {
    makeDirectory(stateDirectory);
    refuseEmptied(file);
    const db = new Database(file);
    try {
      chmodSync(file, 0o600);
      db.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
      refuseLaterFormat(db, file);
      db.exec('PRAGMA journal_mode = WAL');
      db.exec('PRAGMA synchronous = FULL');
      upgradeFormat(db, file);
      return new SqliteJournal(db, file);
    } catch (error) {
      db.close();
      throw error;
    }
  });
}

type Row = Record<string, unknown>;
type Statement = Database.Statement;

class SqliteJournal implements Journal {
  readonly #db: Database.Database;
  readonly #file: string;
  readonly #intend: Statement;
  readonly #settle: Statement;
  #ended = false;

  constructor(db: Database.Database, file: string) {
    this.#db = db;
    this.#file = file;
    // Row by row: SQLite takes a chunk as one JSON text apart more slowly than it takes its values.
    this.#intend = db.prepare(
      `INSERT INTO item (run, action_id, record_id, kind, state, reason, intent, at, shown)
       VALUES (?, ?, ?, ?, 'intended', ?, ?, ?, ?)
       ON CONFLICT (action_id, run) DO UPDATE SET state = 'intended', intent = excluded.intent, at = excluded.at`,
    );
    this.#settle = db.prepare(
      `UPDATE item SET state = ?, reason = ?, written = ?, at = ?,
         shown = json_set(coalesce(shown, '{}'), '$.parameters', json(?))
       WHERE action_id = ? AND run = ?`,
    );
  }

  startRun({ id, command, target, header }: Parameters<Journal['startRun']>[0]): void {
    journalGuarded(this.#file, () =>
      this.#db
        .prepare('INSERT INTO run (id, command, target, started_at, state, header) VALUES (?,?,?,?,?,?)')
        .run(id, command, target, Date.now(), 'running', serialize(header)),
    );
  }

  updateHeader(run: string, header: Readonly<Record<string, unknown>>): void {
    journalGuarded(this.#file, () =>
      this.#db.prepare('UPDATE run SET header = ? WHERE id = ?').run(serialize(header), run),
    );
  }

  endRun(run: string, state: RunState, counts: Readonly<Record<string, number>>): void {
    this.#ended = true;
    journalGuarded(this.#file, () =>
      this.#db
        .prepare('UPDATE run SET state = ?, ended_at = ?, counts = ? WHERE id = ?')
        .run(state, Date.now(), serialize(counts), run),
    );
  }

  recordIntents(run: string, actions: readonly (PlannedAction & { intent?: unknown })[]): void {
    const at = Date.now();
    this.#inTransaction(() => {
      for (const action of actions) {
        const { id, recordId, kind, reason, intent } = action;
        const written = intent === undefined ? null : serialize(intent);
        this.#intend.run([run, id, recordId, kind, reason, written, at, serialize(shownOf(action))]);
      }
    });
  }

  recordOutcomes(run: string, outcomes: readonly Outcome[]): void {
    const at = Date.now();
    this.#inTransaction(() => {
      for (const { actionId, state, reason, reasonParameters = {}, written } of outcomes) {
        const row = written === undefined ? null : serialize(written);
        this.#settle.run([state, reason, row, at, serialize(reasonParameters), actionId, run]);
      }
    });
  }

  markUndone(run: string, actionIds: readonly string[]): void {
    const mark = this.#db.prepare("UPDATE item SET state = 'undone', at = ? WHERE run = ? AND action_id = ?");
    const at = Date.now();
    this.#inTransaction(() => {
      for (const id of actionIds) mark.run(at, run, id);
    });
  }

  listRuns(filter: { command?: string; target?: string } = {}): RunRecord[] {
    const { command = null, target = null } = filter;
    return journalGuarded(this.#file, () => {
      // In the order in which they were begun: a clock may jump back.
      const rows = this.#db
        .prepare(
          'SELECT * FROM run WHERE (? IS NULL OR command = ?) AND (? IS NULL OR target = ?) ORDER BY rowid',
        )
        .all(command, command, target, target);
      return (rows as Row[]).map(asRun);
    });
  }

  findRun(id: string): RunRecord | null {
    return journalGuarded(this.#file, () => {
      const row = this.#db.prepare('SELECT * FROM run WHERE id = ?').get(id) as Row | undefined;
      return row === undefined ? null : asRun(row);
    });
  }

  *items(run: string, states?: readonly JournalItem['state'][]): Iterable<JournalItem> {
    const page = this.#db.prepare('SELECT * FROM item WHERE run = ? AND seq > ? ORDER BY seq LIMIT 500');
    let after = 0;
    while (true) {
      const rows = journalGuarded(this.#file, () => page.all(run, after) as Row[]);
      if (rows.length === 0) return;
      for (const row of rows) {
        const item = journalGuarded(this.#file, () => asItem(row));
        if (states === undefined || states.includes(item.state)) yield item;
      }
      after = Number(rows.at(-1)?.['seq']);
    }
  }

  findItems(target: string, actionIds: readonly string[]): Map<string, JournalItem> {
    const found = new Map<string, JournalItem>();
    for (let i = 0; i < actionIds.length; i += LOOKUP_BATCH) {
      const batch = actionIds.slice(i, i + LOOKUP_BATCH);
      journalGuarded(this.#file, () => {
        const rows = this.#db
          .prepare(
            `SELECT item.* FROM item JOIN run ON run.id = item.run
             WHERE run.target = ? AND item.state IN ('intended', 'done', 'undone')
               AND item.action_id IN (SELECT value FROM json_each(?)) ORDER BY item.seq`,
          )
          .all(target, JSON.stringify(batch)) as Row[];
        for (const row of rows) found.set(String(row['action_id']), asItem(row));
      });
    }
    return found;
  }

  removeRuns(ids: readonly string[]): void {
    // What is to be forgotten stands in the copies too: another is made when the journal is closed.
    removeCopies(this.#file);
    this.#ended = true;
    const items = this.#db.prepare('DELETE FROM item WHERE run = ?');
    const run = this.#db.prepare('DELETE FROM run WHERE id = ?');
    this.#inTransaction(() => {
      for (const id of ids) {
        items.run(id);
        run.run(id);
      }
    });
  }

  close(): void {
    try {
      if (this.#ended) keepCopy(this.#db, this.#file);
    } finally {
      this.#db.close();
    }
  }

  #inTransaction(work: () => void): void {
    journalGuarded(this.#file, () => {
      this.#db.exec('BEGIN IMMEDIATE');
      try {
        work();
        this.#db.exec('COMMIT');
      } catch (error) {
        // A full disk makes SQLite roll back by itself.
        if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
        throw error;
      }
    });
  }
}

/** The journal outlives secrets: what goes in is redacted here, once for every caller. */
const serialize = redactedJson;

/** What an action says of itself to people; actions of other products may have none of it. */
function shownOf(action: PlannedAction): Record<string, unknown> {
  const { title, owner, startAt, reasonParameters } = action as PlannedAction & Partial<ItemShown>;
  return { title, owner, startAt, parameters: reasonParameters ?? {} };
}

const parsed = (value: unknown): unknown => (typeof value === 'string' ? JSON.parse(value) : null);

const asRun = (row: Row): RunRecord => ({
  id: String(row['id']),
  command: String(row['command']),
  target: String(row['target']),
  startedAt: Number(row['started_at']),
  endedAt: row['ended_at'] === null ? null : Number(row['ended_at']),
  state: row['state'] as RunState,
  header: parsed(row['header']) as Record<string, unknown>,
  counts: parsed(row['counts']) as Record<string, number>,
});

const asItem = (row: Row): JournalItem => ({
  run: String(row['run']),
  actionId: String(row['action_id']),
  recordId: String(row['record_id']),
  kind: String(row['kind']),
  state: row['state'] as JournalItem['state'],
  reason: String(row['reason']),
  intent: parsed(row['intent']),
  written: parsed(row['written']),
  shown: asShown(parsed(row['shown'])),
  at: Number(row['at']),
});

function asShown(value: unknown): ItemShown {
  const { title = '', owner = '', startAt = null, parameters = {} } = (value ?? {}) as Partial<ItemShown>;
  return { title, owner, startAt, parameters };
}
