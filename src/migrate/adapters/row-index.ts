import { rmSync } from 'node:fs';
import path from 'node:path';
import type { PodExternalRecording } from '../pod-port.js';
import type { RowIndex } from '../row-index.js';
import { makeDirectory } from '../../kit/adapters/files/make-directory.js';
import { diskGuarded } from '../../kit/adapters/files/disk-failure.js';
import { openScratchDatabase } from '../../kit/adapters/sql/scratch-database.js';

/** Opens an empty index in `directory`; `close` removes its file. */
export function openRowIndex(directory: string): RowIndex {
  makeDirectory(directory);
  const file = path.join(directory, `rows-${process.pid}.sqlite3`);
  const db = openScratchDatabase(
    file,
    'CREATE TABLE held (record_id TEXT NOT NULL, pod_row TEXT NOT NULL); CREATE INDEX held_record ON held (record_id)',
  );
  const insert = db.prepare('INSERT INTO held VALUES (?, ?)');
  return {
    add(rows) {
      diskGuarded(file, () => {
        db.exec('BEGIN');
        for (const { recordId, row } of rows) insert.run(recordId, JSON.stringify(row));
        db.exec('COMMIT');
      });
    },
    find(recordIds) {
      const found = new Map<string, PodExternalRecording[]>();
      if (recordIds.length === 0) return found;
      const marks = recordIds.map(() => '?').join(',');
      const rows = db
        .prepare(`SELECT record_id, pod_row FROM held WHERE record_id IN (${marks})`)
        .all(...recordIds) as {
        record_id: string;
        pod_row: string;
      }[];
      for (const { record_id: recordId, pod_row: json } of rows) {
        found.set(recordId, [...(found.get(recordId) ?? []), JSON.parse(json) as PodExternalRecording]);
      }
      return found;
    },
    close() {
      db.close();
      rmSync(file, { force: true });
    },
  };
}
