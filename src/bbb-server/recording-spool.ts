import { chmodSync, closeSync, openSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import Database from 'libsql';
import { coursesOf, originsOf, wantedOrigins, type RecordingFilters } from '../bbb/filters.js';
import { mergeRecordings } from '../bbb/merge-recordings.js';
import type { RecordingPosition } from '../bbb/order.js';
import type { Recording } from '../bbb/recording.js';
import type { ListingNote, RecordingSpool } from '../bbb/recording-source.js';
import { diskGuarded } from '../kit/adapters/files/disk-failure.js';
import { readStartTime } from '../kit/adapters/process/identity.js';
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
let opened = 0;

/** Opens an empty spool in `directory` (mode 0700, file 0600), and removes those of processes that are gone. */
export function openRecordingSpool(directory: string): RecordingSpoolWriter {
  makeDirectory(directory);
  removeLeftOvers(directory);
  const file = path.join(
    directory,
    `recordings-${process.pid}-${stampOf(process.pid) ?? 'x'}-${++opened}.sqlite3`,
  );
  closeSync(openSync(file, 'wx', 0o600));
  const db = new Database(file);
  chmodSync(file, 0o600);
  // A temporary file: losing it loses nothing, and a listing that fails is removed whole.
  db.exec('PRAGMA journal_mode = OFF');
  db.exec('PRAGMA synchronous = OFF');
  db.exec(`CREATE TABLE recordings (record_id TEXT NOT NULL UNIQUE, start_at INTEGER NOT NULL, meeting_id TEXT NOT NULL,
    state TEXT NOT NULL, origin TEXT NOT NULL, origin_server TEXT NOT NULL, course_id TEXT NOT NULL,
    course_label TEXT NOT NULL, course_name TEXT NOT NULL, server TEXT NOT NULL, body TEXT NOT NULL)`);
  const insert = db.prepare(`INSERT INTO recordings VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (record_id) DO UPDATE SET start_at = excluded.start_at, meeting_id = excluded.meeting_id,
    state = excluded.state, origin = excluded.origin, origin_server = excluded.origin_server, course_id = excluded.course_id,
    course_label = excluded.course_label, course_name = excluded.course_name, body = excluded.body`);
  const select = db.prepare('SELECT body FROM recordings WHERE record_id = ?');
  let pending = 0;
  const flush = (): void => {
    if (pending > 0) db.exec('COMMIT');
    pending = 0;
  };
  const remove = (): void => {
    db.close();
    rmSync(file, { force: true });
  };
  return {
    add(given) {
      diskGuarded(file, () => {
        const known = select.get(given.recordId) as { body: string } | undefined;
        const recording = known === undefined ? given : joined(JSON.parse(known.body) as Recording, given);
        const body = JSON.stringify(recording);
        if (body === known?.body) return;
        const { recordId, startAt, meetingId, state, server } = recording;
        if (pending === 0) db.exec('BEGIN');
        insert.run(
          recordId,
          startAt,
          meetingId,
          state,
          ...originsOf(recording),
          ...coursesOf(recording),
          server,
          body,
        );
        if (++pending >= ROWS_PER_TRANSACTION) flush();
      });
    },
    finish(notes) {
      diskGuarded(file, () => {
        flush();
        db.exec('CREATE INDEX recordings_order ON recordings (start_at DESC, record_id DESC)');
      });
      return readSpool(db, notes, remove);
    },
    discard: remove,
  };
}

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
      .prepare(`SELECT body FROM recordings ${where} ORDER BY start_at DESC, record_id DESC LIMIT ? OFFSET ?`)
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
      const row = db.prepare('SELECT body FROM recordings WHERE record_id = ?').get(recordId) as
        { body: string } | undefined;
      return row === undefined ? null : (JSON.parse(row.body) as Recording);
    },
    close: remove,
  };
}

/** The same answer as `matchesFilters`, in SQL. */
function whereOf(
  filters: RecordingFilters,
  after: RecordingPosition | null,
): { where: string; values: (string | number)[] } {
  const conditions: string[] = [];
  const values: (string | number)[] = [];
  const add = (condition: string, ...given: (string | number)[]): void => {
    conditions.push(condition);
    values.push(...given);
  };
  const among = (list: readonly string[], ...columns: string[]): void => {
    if (list.length === 0) return;
    const json = JSON.stringify(list);
    add(
      `(${columns.map((column) => `${column} IN (SELECT value FROM json_each(?))`).join(' OR ')})`,
      ...columns.map(() => json),
    );
  };
  if (filters.sinceAt !== null) add('start_at >= ?', filters.sinceAt);
  if (filters.untilAt !== null) add('start_at < ?', filters.untilAt);
  among(filters.meetingIds, 'meeting_id');
  among(filters.recordIds, 'record_id');
  among(filters.states, 'state');
  among(wantedOrigins(filters.origins), 'origin', 'origin_server');
  among(
    filters.courses.map((course) => course.toLowerCase()),
    'course_id',
    'course_label',
    'course_name',
  );
  if (filters.courseSets !== null) {
    const sets = filters.courseSets.map(
      ({ isOfThem }) =>
        `(origin_server ${isOfThem ? 'IN' : 'NOT IN'} (SELECT value FROM json_each(?)) AND course_id IN (SELECT value FROM json_each(?)))`,
    );
    add(
      sets.length === 0 ? '0' : `(${sets.join(' OR ')})`,
      ...filters.courseSets.flatMap((set) => [
        JSON.stringify(set.originServers),
        JSON.stringify(set.courseIds),
      ]),
    );
  }
  among(filters.servers, 'server');
  if (after !== null) add('(start_at, record_id) < (?, ?)', after.startAt, after.recordId);
  return { where: conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`, values };
}

const stampOf = (pid: number): string | null => readStartTime(pid)?.replace(/\W/g, '_') ?? null;

/** Spools of runs that were killed; that of a living process is left alone. */
function removeLeftOvers(directory: string): void {
  for (const name of readdirSync(directory)) {
    const match = FILE_NAME.exec(name);
    if (match === null) continue;
    if (stampOf(Number(match[1])) !== match[2]) rmSync(path.join(directory, name), { force: true });
  }
}
