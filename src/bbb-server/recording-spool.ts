import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type Database from 'libsql';
import {
  conditionsOf,
  filterFacts,
  type FilterCondition,
  type FilterFact,
  type RecordingFilters,
} from '../bbb/filters.js';
import { leavesOut, mergeRecordings } from '../bbb/merge-recordings.js';
import type { RecordingPosition } from '../bbb/order.js';
import type { Recording } from '../bbb/recording.js';
import type { ListingNote, RecordingSpool } from '../bbb/recording-source.js';
import { diskGuarded } from '../kit/adapters/files/disk-failure.js';
import { openScratchDatabase } from '../kit/adapters/sql/scratch-database.js';
import { isAlive, readStartTime } from '../kit/adapters/process/identity.js';
import { makeDirectory } from '../kit/adapters/files/make-directory.js';

/** A spool that is being filled. */
export interface RecordingSpoolWriter {
  /**
   * Keeps a recording. The same recordID again from the same server is merged with it; from another server it adds
   * no format, but what one server hides stays hidden.
   */
  add(recording: Recording): void;
  /** Ends the listing: what `finish` returns is read only. */
  finish(notes: readonly ListingNote[]): RecordingSpool;
  /** Removes everything. */
  discard(): void;
}

const FILE_NAME = /^recordings-(\d+)-(\w+)-\d+\.sqlite3$/;
const ROWS_PER_TRANSACTION = 5000;
const FACTS = Object.keys(filterFacts) as FilterFact[];
let opened = 0;

/** Opens an empty spool in `directory` (mode 0700, file 0600), and removes those of processes that are gone. */
export function openRecordingSpool(directory: string): RecordingSpoolWriter {
  makeDirectory(directory);
  removeLeftOvers(directory);
  const file = path.join(
    directory,
    `recordings-${process.pid}-${stampOf(process.pid) ?? 'x'}-${++opened}.sqlite3`,
  );
  const columns = [...FACTS, 'body'];
  const db = openScratchDatabase(
    file,
    `CREATE TABLE recordings (${columns.map((name) => `${name} NOT NULL`).join(', ')}, UNIQUE (recordId))`,
  );
  const row = `INSERT INTO recordings VALUES (${columns.map(() => '?').join(', ')}) ON CONFLICT (recordId) DO`;
  const insert = db.prepare(`${row} NOTHING`);
  const replace = db.prepare(
    `${row} UPDATE SET ${columns.map((name) => `${name} = excluded.${name}`).join(', ')}`,
  );
  const select = db.prepare('SELECT body FROM recordings WHERE recordId = ?');
  /** RecordIDs of which there was too much, by server. */
  const overfull = new Map<string, Set<string>>();
  let pending = 0;
  const flush = (): void => {
    if (pending > 0) db.exec('COMMIT');
    pending = 0;
  };
  const again = (given: Recording): void => {
    const known = select.get(given.recordId) as { body: string };
    const before = JSON.parse(known.body) as Recording;
    const recording = joined(before, given);
    if (before.server === given.server && leavesOut(recording, before, given)) {
      const ids = overfull.get(given.server) ?? new Set();
      overfull.set(given.server, ids.add(given.recordId));
    }
    const body = JSON.stringify(recording);
    if (body !== known.body) replace.run(rowOf(recording, body));
  };
  const remove = (): void => {
    db.close();
    rmSync(file, { force: true });
  };
  return {
    add(given) {
      diskGuarded(file, () => {
        if (pending === 0) db.exec('BEGIN');
        pending++;
        // Mostly it is new: its row says so itself.
        const body = JSON.stringify(given);
        if (insert.run(rowOf(given, body)).changes === 0) again(given);
        if (pending >= ROWS_PER_TRANSACTION) flush();
      });
    },
    finish(notes) {
      diskGuarded(file, () => {
        flush();
        db.exec('CREATE INDEX recordings_order ON recordings (startAt DESC, recordId DESC)');
      });
      const crowded = [...overfull].map(([server, ids]): ListingNote => {
        const [detail = ''] = ids;
        return { server, kind: 'overfull', count: ids.size, detail };
      });
      return readSpool(db, [...notes, ...crowded], remove);
    },
    discard: remove,
  };
}

const rowOf = (recording: Recording, body: string): (string | number)[] => [
  ...FACTS.map((fact) => filterFacts[fact](recording)),
  body,
];

function joined(known: Recording, again: Recording): Recording {
  if (known.server === again.server) return mergeRecordings(known, again);
  return again.state === 'unpublished' && known.state !== 'deleted'
    ? { ...known, state: 'unpublished' }
    : known;
}

function readSpool(db: Database.Database, notes: readonly ListingNote[], remove: () => void): RecordingSpool {
  const select = (
    filters: RecordingFilters,
    after: RecordingPosition | null,
    size: number,
    skip: number,
  ): Recording[] => {
    const { where, values } = whereOf(filters, after);
    const rows = db
      .prepare(`SELECT body FROM recordings ${where} ORDER BY startAt DESC, recordId DESC LIMIT ? OFFSET ?`)
      .all(...values, size, skip) as { body: string }[];
    return rows.map(({ body }) => JSON.parse(body) as Recording);
  };
  const countAll = (filters: RecordingFilters | null): number => {
    const { where, values } = filters === null ? { where: '', values: [] } : whereOf(filters, null);
    return (db.prepare(`SELECT count(*) AS n FROM recordings ${where}`).get(...values) as { n: number }).n;
  };
  return {
    total: countAll(null),
    notes,
    count: countAll,
    page: (filters, after, size) => select(filters, after, size, 0),
    async *pages(filters, { min, max }, pageSize = 500) {
      let left = max === null ? Infinity : max - min + 1;
      let after: RecordingPosition | null = null;
      while (left > 0) {
        const size = Math.min(pageSize, left);
        const page = select(filters, after, size, after === null ? min - 1 : 0);
        if (page.length > 0) yield page;
        after = page.at(-1) ?? null;
        if (page.length < size || after === null) return;
        left -= page.length;
      }
    },
    find(recordId) {
      const row = db.prepare('SELECT body FROM recordings WHERE recordId = ?').get(recordId) as
        { body: string } | undefined;
      return row === undefined ? null : (JSON.parse(row.body) as Recording);
    },
    close: remove,
  };
}

interface Sql {
  readonly text: string;
  readonly values: readonly (string | number)[];
}

/** What a condition of the filters is in SQL. */
function sqlOf(condition: FilterCondition): Sql {
  if (condition.kind === 'any')
    return join(
      condition.of.map((all) => join(all.map(sqlOf), 'AND')),
      'OR',
    );
  if ('fact' in condition)
    return {
      text: `${condition.fact} ${condition.kind === 'from' ? '>=' : '<'} ?`,
      values: [condition.value],
    };
  const values = JSON.stringify(condition.values);
  const isAmong = join(
    condition.facts.map((fact) => ({
      text: `${fact} IN (SELECT value FROM json_each(?))`,
      values: [values],
    })),
    'OR',
  );
  return condition.kind === 'among' ? isAmong : { ...isAmong, text: `NOT ${isAmong.text}` };
}

const join = (parts: readonly Sql[], operator: 'AND' | 'OR'): Sql => ({
  text:
    parts.length === 0
      ? operator === 'AND'
        ? '1'
        : '0'
      : `(${parts.map(({ text }) => text).join(` ${operator} `)})`,
  values: parts.flatMap(({ values }) => values),
});

function whereOf(
  filters: RecordingFilters,
  after: RecordingPosition | null,
): { where: string; values: Sql['values'] } {
  const later: Sql[] =
    after === null ? [] : [{ text: '(startAt, recordId) < (?, ?)', values: [after.startAt, after.recordId] }];
  const { text, values } = join([...conditionsOf(filters).map(sqlOf), ...later], 'AND');
  return { where: `WHERE ${text}`, values };
}

const stampOf = (pid: number): string | null => readStartTime(pid)?.replace(/\W/g, '_') ?? null;

/** Spools of runs that were killed; that of a living process is left alone. */
function removeLeftOvers(directory: string): void {
  for (const name of readdirSync(directory)) {
    const match = FILE_NAME.exec(name);
    if (match === null) continue;
    if (!isAlive(Number(match[1]), (match[2] ?? '').replaceAll('_', ':')))
      rmSync(path.join(directory, name), { force: true });
  }
}
