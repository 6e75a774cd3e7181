import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openScratchDatabase } from '../../../../src/kit/adapters/sql/scratch-database.js';
import { OperatorError } from '../../../../src/kit/errors/operator-error.js';
import { SmallDisk } from '../../../support/crash/small-disk.js';

const codeOf = (work: () => unknown): string => {
  try {
    work();
    return 'opened';
  } catch (error) {
    return error instanceof OperatorError ? error.code : String(error);
  }
};

it('tells a place that cannot be written', () => {
  expect(codeOf(() => openScratchDatabase('/proc/nowhere/a.sqlite3', 'CREATE TABLE a (b)'))).toBe(
    'file-unwritable',
  );
});

function mayMount(): boolean {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-mount-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', 'none', directory]).status === 0;
  if (mounted) spawnSync('umount', ['-l', directory]);
  rmSync(directory, { recursive: true });
  return mounted;
}

it.runIf(mayMount())('tells a full disk, and leaves no file there', () => {
  const disk = new SmallDisk(64);
  onTestFinished(() => disk.remove());
  disk.fill();
  const file = path.join(disk.directory, 'a.sqlite3');
  expect(codeOf(() => openScratchDatabase(file, 'CREATE TABLE a (b)'))).toBe('disk-full');
  expect(readdirSync(disk.directory)).toEqual(['filler']);
});
