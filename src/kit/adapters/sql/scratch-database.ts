import { chmodSync, closeSync, openSync, rmSync } from 'node:fs';
import Database from 'libsql';
import { diskGuarded } from '../files/disk-failure.js';

/**
 * Opens an SQLite file of this process alone (0600), made anew, with its tables. Losing it loses nothing: it is not synced
 * and has no journal.
 * @throws OperatorError disk-full, file-unwritable; no file is left then.
 */
export function openScratchDatabase(file: string, tables: string): Database.Database {
  return diskGuarded(file, () => {
    rmSync(file, { force: true });
    closeSync(openSync(file, 'wx', 0o600));
    let db: Database.Database | undefined;
    try {
      db = new Database(file);
      chmodSync(file, 0o600);
      db.exec('PRAGMA journal_mode = OFF');
      db.exec('PRAGMA synchronous = OFF');
      db.exec(tables);
      return db;
    } catch (error) {
      db?.close();
      rmSync(file, { force: true });
      throw error;
    }
  });
}
