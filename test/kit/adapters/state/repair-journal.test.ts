import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import Database from 'libsql';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { codeOf } from '../../../support/code-of.js';
import { openJournal } from '../../../../src/kit/adapters/state/journal.js';
import { repairJournal } from '../../../../src/kit/adapters/state/repair-journal.js';

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-repair-'));
  file = path.join(directory, 'journal.sqlite3');
});
afterEach(() => rmSync(directory, { recursive: true }));

function makeRun(id: string, items: number): void {
  const journal = openJournal(directory);
  journal.startRun({ id, command: 'migrate recordings', target: 't', header: { mode: 'import' } });
  const actions = Array.from({ length: items }, (_, i) => ({
    ...{ id: `import/${id}-${i}`, kind: 'import', recordId: `r${i}`, reason: 'interrupted' as const },
  }));
  journal.recordIntents(id, actions);
  journal.endRun(id, 'finished', { done: items });
  journal.close();
}

it('keeps two checked copies, readable by their owner alone', () => {
  makeRun('A', 3);
  makeRun('B', 3);
  makeRun('C', 3);
  const copies = readdirSync(directory).filter((name) => name.includes('copy'));
  expect(copies.sort()).toEqual(['journal.copy-1.sqlite3', 'journal.copy-2.sqlite3']);
  for (const copy of copies) expect(statSync(path.join(directory, copy)).mode & 0o777).toBe(0o600);
});

const breakages: readonly (readonly [string, (bytes: Buffer) => Buffer])[] = [
  ['garbage', (bytes) => Buffer.alloc(bytes.length, 'garbage')],
  ['empty', () => Buffer.alloc(0)],
  ['cut', (bytes) => bytes.subarray(0, bytes.length / 2)],
  ['another page', () => Buffer.from('<html>503</html>'.repeat(400))],
];
it.each(breakages)('says what to do about a journal that is %s, and restores the copy', (_, spoil) => {
  makeRun('A', 500);
  makeRun('B', 500);
  for (const suffix of ['-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
  const broken = spoil(readFileSync(file));
  writeFileSync(file, broken);
  expect(
    codeOf(() => {
      const journal = openJournal(directory);
      const items = journal.listRuns().map(({ id }) => [...journal.items(id)].length);
      journal.close();
      return items;
    }),
  ).toBe('journal-broken');
  const done = repairJournal(directory, '20261129-041000');
  expect(done).toMatchObject({ runs: 2, items: 1000 });
  expect(readFileSync(done.aside ?? '').equals(broken)).toBe(true);
  const journal = openJournal(directory);
  expect(journal.listRuns().map(({ id }) => id)).toEqual(['A', 'B']);
  journal.close();
});

it('takes what is readable above the copy', () => {
  makeRun('A', 10);
  const [copy = ''] = readdirSync(directory).filter((name) => name.includes('copy-1'));
  const old = readFileSync(path.join(directory, copy));
  makeRun('B', 2000);
  writeFileSync(path.join(directory, copy), old);
  rmSync(path.join(directory, 'journal.copy-2.sqlite3'), { force: true });
  const bytes = readFileSync(file);
  const at = Math.floor(bytes.length / 2 / 4096) * 4096;
  bytes.fill(0xff, at, at + 4096);
  writeFileSync(file, bytes);
  const done = repairJournal(directory, '20261129-041000');
  expect(done.runs).toBe(2);
  expect(done.items).toBeGreaterThan(1000);
  expect(done.items).toBeLessThanOrEqual(2010);
});

it('leaves a whole journal alone', () => {
  makeRun('A', 1);
  expect(repairJournal(directory, 'x')).toMatchObject({ aside: null, runs: 1, items: 1 });
  expect(existsSync(file)).toBe(true);
});

it('never says that nothing is unreadable of a file of which nothing is', () => {
  writeFileSync(file, Buffer.alloc(3000, 'no database '));
  expect(repairJournal(directory, 'x')).toMatchObject({ copy: null, salvaged: 0, unreadable: null });
});

it('moves nothing of a journal, or of a copy, that a later version wrote', () => {
  makeRun('A', 3);
  for (const later of [path.join(directory, 'journal.copy-1.sqlite3'), file]) {
    const db = new Database(later);
    db.exec('PRAGMA user_version = 99');
    db.close();
    if (later !== file) writeFileSync(file, Buffer.alloc(3000, 'no database '));
    const before = readdirSync(directory).sort();
    expect(codeOf(() => repairJournal(directory, 'x'))).toBe('journal-later');
    expect(readdirSync(directory).sort()).toEqual(before);
    if (later !== file) rmSync(file);
  }
});
