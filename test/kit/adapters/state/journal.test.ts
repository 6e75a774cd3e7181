import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codeOf } from '../../../support/code-of.js';
import { openJournal } from '../../../../src/kit/adapters/state/journal.js';

let directory: string;
beforeEach(() => (directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-'))));
afterEach(() => rmSync(directory, { recursive: true }));

const action = (id: string) => ({ id, kind: 'import', recordId: `r-${id}`, reason: 'interrupted' as const });

describe('journal', () => {
  it('remembers what was intended, done and undone, over runs and restarts', () => {
    const first = openJournal(directory);
    first.startRun({ id: 'A', command: 'migrate recordings', target: 'pod-1', header: { mode: 'import' } });
    first.recordIntents('A', [{ ...action('1'), intent: { url: 'https://x/?token=abc' } }, action('2')]);
    first.recordOutcomes('A', [{ actionId: '1', state: 'done', reason: 'interrupted', written: { id: 7 } }]);
    first.close();

    const second = openJournal(directory);
    expect([...second.items('A')].map((item) => item.state)).toEqual(['done', 'intended']);
    expect([...second.items('A', ['done'])][0]?.written).toEqual({ id: 7 });
    expect(JSON.stringify([...second.items('A')])).not.toContain('abc');
    second.markUndone('A', ['1']);
    expect(second.findItems('pod-1', ['1', '2', '3']).get('1')?.state).toBe('undone');
    expect(second.findItems('another pod', ['1']).size).toBe(0);
    second.endRun('A', 'finished', { done: 1 });
    expect(second.listRuns()[0]).toMatchObject({ state: 'finished', counts: { done: 1 } });
    second.close();
  });

  it('is readable by its owner only', () => {
    openJournal(directory).close();
    expect(statSync(path.join(directory, 'journal.sqlite3')).mode & 0o777).toBe(0o600);
  });

  it('pages through more items than a page', () => {
    const journal = openJournal(directory);
    journal.startRun({ id: 'B', command: 'c', target: 't', header: {} });
    journal.recordIntents(
      'B',
      Array.from({ length: 1203 }, (_, i) => action(String(i))),
    );
    expect([...journal.items('B')]).toHaveLength(1203);
    journal.close();
  });

  it('keeps whole chunks as they were told, whatever their texts are', () => {
    const journal = openJournal(directory);
    journal.startRun({ id: 'C', command: 'c', target: 't', header: {} });
    const odd = [`l'"été"`, 'a\\u0041', '\u0001\t', '👩‍🏫', '{"a":[1]}', '%', ''];
    const ids = Array.from({ length: 4000 }, (_, i) => `${odd[i % odd.length]}${i}`);
    journal.recordIntents(
      'C',
      ids.map((id) => ({ ...action(id), title: `T ${id}`, intent: { id, none: null } })),
    );
    const outcomes = ids.map((actionId) => ({
      ...{ actionId, state: 'done', reason: 'interrupted', reasonParameters: { id: actionId } },
      ...(actionId.endsWith('7') ? {} : { written: { id: actionId } }),
    }));
    // Each is found by its key: 4000 rows take 16 million looks otherwise.
    journal.recordOutcomes('C', outcomes as Parameters<typeof journal.recordOutcomes>[1]);
    for (const { actionId, state, intent, written, shown } of journal.items('C'))
      expect({ actionId, state, intent, written, title: shown.title, told: shown.parameters }).toEqual({
        ...{ actionId, state: 'done', intent: { id: actionId, none: null } },
        ...{ written: actionId.endsWith('7') ? null : { id: actionId } },
        ...{ title: `T ${actionId}`, told: { id: actionId } },
      });
    expect([...journal.findItems('t', ids).keys()].sort()).toEqual([...ids].sort());
    journal.close();
  });
});

describe("a journal's format", () => {
  const raw = <T>(use: (db: Database.Database) => T): T => {
    const db = new Database(path.join(directory, 'journal.sqlite3'));
    try {
      return use(db);
    } finally {
      db.close();
    }
  };
  const format = (): unknown => raw((db) => db.prepare('PRAGMA user_version').get());

  it('stands in the file, and in its copy', () => {
    const journal = openJournal(directory);
    journal.startRun({ id: 'A', command: 'c', target: 't', header: {} });
    journal.endRun('A', 'finished', {});
    journal.close();
    expect(format()).toMatchObject({ user_version: 1 });
    const copy = new Database(path.join(directory, 'journal.copy-1.sqlite3'));
    expect(copy.prepare('PRAGMA user_version').get()).toMatchObject({ user_version: 1 });
    copy.close();
  });

  it.each([
    ['without what people read', 'id TEXT PRIMARY KEY', ''],
    ['with it', 'id TEXT PRIMARY KEY', ', shown TEXT'],
  ])('of 0.1, %s, becomes the present one with all that it holds', (_, id, shown) => {
    raw((db) =>
      db.exec(`
        CREATE TABLE run (${id}, command TEXT NOT NULL, target TEXT NOT NULL, started_at INTEGER NOT NULL,
          ended_at INTEGER, state TEXT NOT NULL, header TEXT NOT NULL, counts TEXT NOT NULL DEFAULT '{}');
        CREATE TABLE item (seq INTEGER PRIMARY KEY, run TEXT NOT NULL, action_id TEXT NOT NULL, record_id TEXT NOT NULL,
          kind TEXT NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL, intent TEXT, written TEXT, at INTEGER NOT NULL${shown},
          UNIQUE (action_id, run));
        INSERT INTO run VALUES ('A', 'migrate recordings', 't', 1, 2, 'finished', '{}', '{}');
        INSERT INTO item (run, action_id, record_id, kind, state, reason, written, at)
          VALUES ('A', '1', 'r-1', 'import', 'done', 'interrupted', '{"id":7}', 1);`),
    );
    const journal = openJournal(directory);
    expect(journal.findItems('t', ['1']).get('1')).toMatchObject({ written: { id: 7 }, state: 'done' });
    journal.recordIntents('A', [{ ...action('2'), title: 'T' } as never]);
    expect([...journal.items('A')].map(({ shown: { title } }) => title)).toEqual(['', 'T']);
    journal.close();
    expect(format()).toMatchObject({ user_version: 1 });
  });

  it('of a later version is refused, and the file left as it is', () => {
    openJournal(directory).close();
    raw((db) => db.exec('PRAGMA user_version = 2; ALTER TABLE item ADD COLUMN later TEXT'));
    const file = path.join(directory, 'journal.sqlite3');
    const before = readFileSync(file);
    expect(codeOf(() => openJournal(directory))).toBe('journal-later');
    expect(readFileSync(file).equals(before)).toBe(true);
  });
});
