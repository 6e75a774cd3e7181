import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { freeBytes } from '../../../src/adapters/files/free-space.js';
import { safeJoin } from '../../../src/adapters/files/safe-join.js';
import { writeAtomically } from '../../../src/adapters/files/write-atomically.js';

const work = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-files-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

describe('writeAtomically', () => {
  it('writes whole, with the mode asked for, and leaves nothing beside it', async () => {
    const file = path.join(work, 'a.json');
    await writeAtomically(file, 'one');
    await writeAtomically(file, 'two', { mode: 0o644 });
    expect(readFileSync(file, 'utf8')).toBe('two');
    expect(statSync(file).mode & 0o777).toBe(0o644);
    expect(readdirSync(work)).toEqual(['a.json']);
  });

  it('keeps the former file when the new one cannot be made', async () => {
    const file = path.join(work, 'a.json');
    const failing = (async function* () {
      yield 'half';
      throw new Error('source failed');
    })();
    await expect(writeAtomically(file, failing)).rejects.toThrow('source failed');
    expect(readFileSync(file, 'utf8')).toBe('two');
    expect(readdirSync(work)).toEqual(['a.json']);
    await expect(writeAtomically(path.join(work, 'missing/x'), 'x')).rejects.toMatchObject({
      code: 'file-unwritable',
    });
  });
});

describe('safeJoin', () => {
  it('stays within the directory', () => {
    expect(safeJoin('/srv/x', 'a/b.png')).toBe('/srv/x/a/b.png');
    for (const name of ['../y', '/etc/passwd', 'a/../../y', '..', 'a\0b'])
      expect(() => safeJoin('/srv/x', name), name).toThrow(expect.objectContaining({ code: 'path-outside' }));
  });
});

describe('freeBytes', () => {
  it('counts for a directory that does not exist yet', async () => {
    expect(await freeBytes(path.join(work, 'not/yet'))).toBeGreaterThan(0);
  });
});
