import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openClaimFiles } from '../../../src/migrate/adapters/claim-files.js';

let directory: string;
beforeEach(() => (directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-'))));
afterEach(() => rmSync(directory, { recursive: true }));

const files = openClaimFiles({ owner: null, mode: null });

it('places a file whole, with the mode of its directory, and never over another', async () => {
  const target = path.join(directory, 'claims');
  mkdirSync(target);
  chmodSync(target, 0o770);
  writeFileSync(path.join(directory, 'made.mp4'), 'video');
  const stamp = await files.place(path.join(directory, 'made.mp4'), path.join(target, 'cours.mp4'));
  expect(stamp.sizeBytes).toBe(5);
  expect(statSync(path.join(target, 'cours.mp4')).mode & 0o777).toBe(0o660);
  expect(readdirSync(target)).toEqual(['cours.mp4']);
  writeFileSync(path.join(directory, 'made.mp4'), 'other');
  await expect(files.place(path.join(directory, 'made.mp4'), path.join(target, 'cours.mp4'))).rejects.toThrow(
    'another file has that name',
  );
  expect(readFileSync(path.join(target, 'cours.mp4'), 'utf8')).toBe('video');
  expect(readdirSync(target)).toEqual(['cours.mp4']);
});

it('follows no link that others put in its way', async () => {
  const [made, private_] = ['made.mp4', 'private'].map((name) => path.join(directory, name)) as [
    string,
    string,
  ];
  const target = path.join(directory, 'claims/cours.mp4');
  mkdirSync(path.dirname(target));
  writeFileSync(made, 'video');
  writeFileSync(private_, 'private', { mode: 0o600 });
  symlinkSync(private_, `${target}.part`);
  await files.place(made, target);
  expect(readFileSync(private_, 'utf8')).toBe('private');
  expect(statSync(private_).mode & 0o777).toBe(0o600);
  expect(lstatSync(target).isFile()).toBe(true);
});

it('knows what is there and what is not', async () => {
  expect(await files.stat(path.join(directory, 'none'))).toBeNull();
  expect(await files.list(path.join(directory, 'none'))).toBeNull();
  expect(await files.freeBytes(directory)).toBeGreaterThan(0);
});

it('does not take a directory that fails for an empty one', async () => {
  const loop = path.join(directory, 'loop');
  symlinkSync(loop, loop);
  await expect(files.list(loop)).rejects.toMatchObject({ code: 'file-unreadable' });
  await expect(files.stat(path.join(loop, 'cours.mp4'))).rejects.toMatchObject({ code: 'file-unreadable' });
});
