import {
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { bytesAtWork, openWorkDirectory } from '../../../src/recorder/adapters/work-directory.js';
import { readStartTime } from '../../../src/kit/adapters/process/identity.js';

const SIGN_EVERY_MS = 40;
const root = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-work-'));
const directory = path.join(root, 'x.work');
const owner = path.join(directory, 'owner.txt');
const open = () => openWorkDirectory(directory, SIGN_EVERY_MS);
afterAll(() => rmSync(root, { recursive: true, force: true }));
beforeEach(async () => {
  rmSync(directory, { recursive: true, force: true });
  await (await open()).release();
});

it('refuses a directory whose owner lives on this machine', async () => {
  writeFileSync(owner, `1 ${readStartTime(1) ?? ''} ${os.hostname()} 0`);
  await expect(open()).rejects.toMatchObject({ code: 'conversion-running' });
});

it('takes over what a killed process left, with what it holds', async () => {
  writeFileSync(path.join(directory, 'segment-0000.mp4'), 'finished');
  writeFileSync(owner, `1 another-start ${os.hostname()} 0`);
  const work = await open();
  expect(await work.readText('segment-0000.mp4')).toBe('finished');
  await work.release();
});

it('takes over from another machine that no longer signs, not from one that does', async () => {
  writeFileSync(owner, '77 start elsewhere 5');
  await (await open()).release();
  writeFileSync(owner, '77 start elsewhere 5');
  let times = 5;
  const signing = setInterval(() => {
    writeFileSync(`${owner}.other`, `77 start elsewhere ${++times}`);
    renameSync(`${owner}.other`, owner);
  }, SIGN_EVERY_MS);
  try {
    await expect(open()).rejects.toMatchObject({ code: 'conversion-running' });
  } finally {
    clearInterval(signing);
  }
});

it('puts files one behind the other, one of them twice, anew each time', async () => {
  const work = await open();
  await Promise.all(['one ', 'two '].map((text) => work.write(text.trim(), text)));
  for (let times = 0; times < 2; times++) await work.concatenate(['one', 'two', 'one'], 'all');
  expect(await work.readText('all')).toBe('one two one ');
  await work.release();
});

it('signs while it is open, and leaves nothing when discarded', async () => {
  const work = await open();
  const first = readFileSync(owner, 'utf8');
  await expect.poll(() => readFileSync(owner, 'utf8')).not.toBe(first);
  await work.discard();
  await new Promise((resolve) => setTimeout(resolve, 3 * SIGN_EVERY_MS));
  expect(() => readFileSync(owner)).toThrow('ENOENT');
});

it('never signs again once another owner has the directory, nor takes that lock away', async () => {
  const old = await open();
  const taken = `77 start elsewhere 0 ${'a'.repeat(12)}`;
  writeFileSync(`${owner}.taken`, taken);
  renameSync(`${owner}.taken`, owner);
  await new Promise((resolve) => setTimeout(resolve, 4 * SIGN_EVERY_MS));
  expect(readFileSync(owner, 'utf8')).toBe(taken);
  await old.release();
  expect(readFileSync(owner, 'utf8')).toBe(taken);
});

it('lets many owners come and go at once without a trace beside the lock', async () => {
  const all = await Promise.all(Array.from({ length: 20 }, open));
  await Promise.all(all.map((work) => work.release()));
  expect(readdirSync(directory)).toEqual([]);
});

it('delivers to another disk without following what bears the name of its draft', async () => {
  const far = mkdtempSync('/dev/shm/bbb2pod-work-');
  try {
    const [target, other] = [path.join(far, 'film.mp4'), path.join(far, 'other')];
    writeFileSync(other, 'private');
    symlinkSync(other, `${target}.part-${process.pid}`);
    const work = await open();
    await work.write('made.mp4', 'film');
    await work.deliver('made.mp4', target);
    await work.discard();
    expect([readFileSync(other, 'utf8'), readFileSync(target, 'utf8')]).toEqual(['private', 'film']);
    expect(readdirSync(far).sort()).toEqual(['film.mp4', 'other']);
  } finally {
    rmSync(far, { recursive: true });
  }
});

it('knows what the conversions under way hold: a disk that they filled is not full without them', async () => {
  const work = await open();
  await work.write('source.video.part', 'x'.repeat(5000));
  const held = bytesAtWork();
  await work.discard();
  expect([held >= 5000, bytesAtWork()]).toEqual([true, 0]);
});
