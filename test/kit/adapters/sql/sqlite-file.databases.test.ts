import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../../src/kit/adapters/sql/database.js';
import { databaseSettings } from '../../../../src/kit/adapters/sql/settings.js';
import { runToEnd } from '../../../../src/kit/adapters/process/run-to-end.js';
import { Secret } from '../../../../src/kit/config/secret.js';
import { createPod, type TestPod } from '../../../support/pod.js';

const open = (file: string, stateDirectory = '/dev/null/state') =>
  openDatabase(databaseSettings('[pod]', { database: new Secret(`sqlite:${file}`) }), { stateDirectory });

describe("Pod's SQLite file", () => {
  let test: TestPod;
  let directory: string;
  beforeAll(async () => {
    test = await createPod({ engine: 'sqlite', version: '4.1.0' });
    directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-file-'));
  });
  afterAll(async () => {
    await test.drop();
    rmSync(directory, { recursive: true });
  });

  it('is never created by a mistyped path, nor taken for what it is not', async () => {
    const missing = path.join(directory, 'mistyped.sqlite3');
    await expect(open(missing).serverVersion()).rejects.toMatchObject({
      code: 'sqlite-missing',
      exitStatus: 2,
    });
    expect(existsSync(missing)).toBe(false);
    await expect(open(directory).serverVersion()).rejects.toMatchObject({ code: 'sqlite-missing' });
    const text = path.join(directory, 'notes ?#%é.txt');
    writeFileSync(text, 'these are notes, no database at all\n'.repeat(100));
    await expect(open(text).listColumns(['auth_user'])).rejects.toMatchObject({
      code: 'database-not-a-database',
    });
  });

  it('is refused unless its owner runs the command', async () => {
    const theirs = path.join(directory, 'theirs.sqlite3');
    await test.admin.raw('VACUUM INTO ?', [theirs]);
    if (process.getuid?.() === 0) chownSync(theirs, 12_345, 12_345);
    else await runToEnd({ file: 'sudo', args: ['-n', 'chown', '12345', theirs] });
    await expect(open(theirs).serverVersion()).rejects.toMatchObject({ code: 'sqlite-not-owner' });
    expect(readdirSync(directory).filter((name) => name.startsWith('theirs'))).toEqual(['theirs.sqlite3']);
  });

  it('keeps its journal mode, whichever it is', async () => {
    for (const mode of ['wal', 'truncate']) {
      const other = await createPod({ engine: 'sqlite', version: '3.5.1' });
      await other.admin.raw(`PRAGMA journal_mode = ${mode}`);
      const { adapter, pod } = other.open();
      const row = { name: mode, startAt: 0, sourceUrl: `https://b/${mode}`, siteId: 1 };
      const [result] = await pod.writeImports(
        [{ actionId: mode, owner: { userId: 2 }, recordId: mode, row }],
        0,
      );
      expect(result?.state).toBe('done');
      await adapter.close();
      // Only WAL is written into the file: bytes 18 and 19 of its header.
      expect(readFileSync(other.test.name)[18]).toBe(mode === 'wal' ? 2 : 1);
      await other.drop();
    }
  });

  it('a plan writes nothing: no file beside it, not a byte changed', async () => {
    const { adapter, pod } = test.open();
    const before = readdirSync(path.dirname(test.test.name));
    await pod.describe();
    await pod.findUsersByUsername(['amartin']);
    expect(readdirSync(path.dirname(test.test.name))).toEqual(before);
    await expect(adapter.read((query) => query('auth_user').delete())).rejects.toMatchObject({
      code: 'database-read-only',
    });
  });

  it('a lock left by a process that is gone is taken over, one of a living process is not', async () => {
    const state = path.join(directory, 'state');
    const beside = path.dirname(test.test.name);
    const locks = (): string[] => readdirSync(beside).filter((name) => name.endsWith('.lock'));
    const lock = await open(test.test.name, state).tryLock('migrate');
    const file = path.join(beside, locks()[0]!);
    expect(file).toContain(`${test.test.name}.bbb2pod-`);
    // Two accounts, or two configurations, have state directories of their own and the same Pod.
    expect(await open(test.test.name, path.join(directory, 'other-state')).tryLock('migrate')).toBeNull();
    await lock?.release();
    expect(locks()).toEqual([]);
    writeFileSync(file, JSON.stringify({ pid: process.pid, startTime: 'another-start-time' }));
    const taken = await open(test.test.name, state).tryLock('migrate');
    expect(taken).not.toBeNull();
    expect(await open(test.test.name, state).tryLock('migrate')).toBeNull();
    await taken?.release();
    mkdirSync(path.join(directory, 'link'));
    // Two paths of one file are one lock.
    const { symlinkSync } = await import('node:fs');
    symlinkSync(test.test.name, path.join(directory, 'link', 'pod.sqlite3'));
    const first = await open(path.join(directory, 'link', 'pod.sqlite3'), state).tryLock('migrate');
    expect(await open(test.test.name, state).tryLock('migrate')).toBeNull();
    await first?.release();
  });
});
