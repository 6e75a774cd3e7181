import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { unpackArchive } from '../../../../src/kit/adapters/files/unpack-archive.js';

let directory = '';
beforeEach(() => (directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-'))));
afterEach(() => rmSync(directory, { recursive: true }));
const never = new AbortController().signal;
const pack = (folder: string, ...more: string[]): string => {
  const archive = path.join(directory, 'a.tar');
  execFileSync('tar', ['--create', '--file', archive, ...more, '--directory', directory, folder]);
  return archive;
};

it('unpacks files and folders alone, at any depth', async () => {
  const deep = path.join(directory, 'in/1/2/3/4/5/6/7/8');
  mkdirSync(deep, { recursive: true });
  writeFileSync(path.join(directory, 'in/metadata.xml'), '<recording/>');
  writeFileSync(path.join(deep, 'slide.png'), 'x');
  for (const place of [directory, deep].map((each) => path.join(each, 'link')))
    symlinkSync('/etc/passwd', place);
  symlinkSync('/etc', path.join(deep, 'etc'));
  execFileSync('mkfifo', [path.join(deep, 'pipe')]);
  const found = await unpackArchive(pack('in'), path.join(directory, 'out'), never);
  expect(found).toBe(path.join(directory, 'out/in'));
  expect(readdirSync(path.join(found, '1/2/3/4/5/6/7/8'))).toEqual(['slide.png']);
});

it('writes nothing through a link of the archive, nor above it', async () => {
  const outside = path.join(directory, 'outside');
  mkdirSync(path.join(directory, 'one'));
  mkdirSync(outside);
  symlinkSync(outside, path.join(directory, 'one/way'));
  const archive = pack('one');
  rmSync(path.join(directory, 'one/way'));
  mkdirSync(path.join(directory, 'one/way'));
  writeFileSync(path.join(directory, 'one/way/shapes.svg'), 'x');
  execFileSync('tar', ['--append', '--file', archive, '--directory', directory, 'one/way/shapes.svg']);
  execFileSync('tar', [
    ...['--append', '--absolute-names', '--file', archive, '--directory', directory],
    ...['--transform', 's,.*,../../escaped.txt,', 'one/way/shapes.svg'],
  ]);
  await unpackArchive(archive, path.join(directory, 'out'), never).catch(() => undefined);
  expect(readdirSync(outside)).toEqual([]);
  expect(existsSync(path.join(directory, 'escaped.txt'))).toBe(false);
});

it('refuses one that says it is larger than the disk, before it unpacks anything', async () => {
  mkdirSync(path.join(directory, 'in'));
  execFileSync('truncate', ['--size', '15T', path.join(directory, 'in/metadata.xml')]);
  const archive = pack('in', '--sparse');
  expect(readFileSync(archive).length).toBeLessThan(100_000);
  await expect(unpackArchive(archive, path.join(directory, 'out'), never)).rejects.toMatchObject({
    code: 'archive-refused',
  });
  expect(readdirSync(path.join(directory, 'out'))).toEqual([]);
});

it('refuses folders of thousands of depths, and what its owner could not remove', async () => {
  mkdirSync(path.join(directory, 'in', ...Array.from({ length: 200 }, () => 'd')), { recursive: true });
  const into = path.join(directory, 'out');
  const unpack = (archive: string): Promise<string> => unpackArchive(archive, into, never);
  await expect(unpack(pack('in'))).rejects.toMatchObject({
    code: 'archive-refused',
    message: expect.stringContaining('folders more than 50 deep') as string,
  });
  rmSync(path.join(directory, 'in'), { recursive: true });
  mkdirSync(path.join(directory, 'in/closed'), { recursive: true });
  writeFileSync(path.join(directory, 'in/metadata.xml'), '<recording/>');
  for (const mode of ['d', 'f'].map((type) => `--mode=${type === 'd' ? 'u-x' : 'u-r'}`))
    await expect(unpack(pack('in', mode))).rejects.toMatchObject({
      code: 'archive-refused',
      message: expect.stringContaining('lets nobody read it') as string,
    });
  expect(readdirSync(into)).toEqual([]);
  await expect(unpack(pack('in'))).resolves.toBe(path.join(into, 'in'));
});
