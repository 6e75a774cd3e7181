import {
  chownSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
  linkSync,
  symlinkSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openGrowingFile } from '../../../../src/kit/adapters/files/growing-file.js';
import { allBelow } from '../../../../src/kit/adapters/files/all-below.js';
import { createNewFile } from '../../../../src/kit/adapters/files/create-new-file.js';
import { freeBytes } from '../../../../src/kit/adapters/files/free-space.js';
import { giveToOwner } from '../../../../src/kit/adapters/files/give-to-owner.js';
import { makeDirectory } from '../../../../src/kit/adapters/files/make-directory.js';
import { safeJoin } from '../../../../src/kit/adapters/files/safe-join.js';
import { writeAtomically } from '../../../../src/kit/adapters/files/write-atomically.js';

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

it.each([
  ['written whole', (file: string) => writeAtomically(file, 'x')],

  ['created', async (file: string) => createNewFile(file, 'x')],
])('says that a file cannot be %s also where what was begun cannot be removed', async (_, write) => {
  await expect(write(path.join(work, 'n'.repeat(254)))).rejects.toMatchObject({ code: 'file-unwritable' });
});

describe('makeDirectory', () => {
  it('makes what is missing with its mode, and leaves what stands', () => {
    const directory = path.join(work, 'one/two/three');
    makeDirectory(directory, 0o750);
    expect(statSync(directory).mode & 0o777).toBe(0o750);
    makeDirectory(directory);
    expect(statSync(directory).mode & 0o777).toBe(0o750);
  });

  it('says who may make it where this account may not', () => {
    expect(() => makeDirectory('/sys/bbb2pod/state')).toThrow(
      expect.objectContaining({
        code: 'directory-uncreatable',
        remedy: expect.stringMatching(/install -d -o [\w-]+ -m 0750 \/sys\/bbb2pod\/state ;/),
      }),
    );
  });

  it.each([
    ['below /proc, where Node itself would try for ever', '/proc/bbb2pod/state'],
    ['below a file', '/etc/passwd/state'],
    ['where a file stands', '/etc/passwd'],
  ])('refuses %s', (_, directory) => {
    expect(() => makeDirectory(directory)).toThrow(
      expect.objectContaining({
        code: 'file-unwritable',
        parameters: expect.objectContaining({ path: directory }),
      }),
    );
  });
});

describe('giveToOwner', () => {
  it('gives what root made below the directory of another account to that account, and nothing else', () => {
    const state = path.join(work, 'state');
    makeDirectory(path.join(state, 'runs/1'));
    writeFileSync(path.join(state, 'runs/1/report.html'), '');
    writeFileSync(path.join(state, 'theirs'), '');
    const owners = (): number[] =>
      ['runs', 'runs/1', 'runs/1/report.html', 'theirs'].map((name) => statSync(path.join(state, name)).uid);
    const us = process.getuid?.() ?? 0;
    giveToOwner(state);
    expect(owners()).toEqual([us, us, us, us]);
    if (us !== 0) return;
    chownSync(state, 12_345, 12_345);
    chownSync(path.join(state, 'theirs'), 54_321, 54_321);
    giveToOwner(state);
    expect(owners()).toEqual([12_345, 12_345, 12_345, 54_321]);
  });
});

it.skipIf(process.getuid?.() !== 0)('gives away no file that has a second name, and follows no link', () => {
  const state = path.join(work, 'linked');
  makeDirectory(state);
  const system = path.join(work, 'shadow');
  writeFileSync(system, '');
  linkSync(system, path.join(state, 'hard'));
  symlinkSync(work, path.join(state, 'soft'));
  chownSync(state, 12_345, 12_345);
  giveToOwner(state);
  expect([statSync(system).uid, statSync(work).uid]).toEqual([0, 0]);
});

it('openGrowingFile writes a file of its own, whatever bears its draft name', async () => {
  const [file, other] = [path.join(work, 'report.html'), path.join(work, 'other')];
  writeFileSync(other, 'private');
  symlinkSync(other, `${file}.part`);
  const growing = openGrowingFile(file);
  await growing.write('report');
  await growing.finish();
  expect([readFileSync(other, 'utf8'), readFileSync(file, 'utf8')]).toEqual(['private', 'report']);
});

it('allBelow goes on where another process removes a folder meanwhile', () => {
  const busy = path.join(work, 'busy');
  makeDirectory(path.join(busy, 'a/b'));
  writeFileSync(path.join(busy, 'c'), 'c');
  const seen: string[] = [];
  for (const { file } of allBelow(busy)) {
    seen.push(path.relative(busy, file));
    rmSync(path.join(busy, 'a'), { recursive: true, force: true });
  }
  expect(seen).toEqual(['a', 'c']);
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
