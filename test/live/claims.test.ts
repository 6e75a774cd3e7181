import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { claimDirectory } from '../../src/live/adapters/claim-directory.js';
import { takeProcessLock } from '../../src/kit/adapters/process/process-lock.js';
import { openClaims, type SeenClaims } from '../../src/live/claims.js';

const work = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-claims-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

const clock = { now: 0 };
const server = (owner: string, directory: string) => {
  const memory: { seen: SeenClaims } = { seen: {} };
  return openClaims(claimDirectory(directory), {
    owner,
    timeoutMs: 1000,
    now: () => clock.now,
    loadSeen: () => memory.seen,
    saveSeen: (seen) => (memory.seen = seen),
  });
};

describe('claims in a shared directory', () => {
  it('are taken by exactly one of twenty servers', async () => {
    const directory = path.join(work, 'race');
    const taken = await Promise.all(
      Array.from({ length: 20 }, (_, i) => server(`${i}@h`, directory).take('bbb-1')),
    );
    expect(taken.filter(Boolean)).toHaveLength(1);
  });

  it('stay with a holder that gives signs of life, and go to another when it does not', async () => {
    const directory = path.join(work, 'beat');
    const [one, two] = [server('1@h', directory), server('2@h', directory)];
    await one.take('bbb-1');
    for (let i = 0; i < 5; i++) {
      clock.now += 900;
      await one.beat('bbb-1');
      expect((await two.view(['bbb-1'])).get('bbb-1')).toBe('held');
    }
    expect(await two.take('bbb-1')).toBe(false);
    clock.now += 1100;
    expect((await two.view(['bbb-1'])).get('bbb-1')).toBe('stale');
    expect(await two.take('bbb-1')).toBe(true);
    await one.beat('bbb-1');
    expect([(await one.view(['bbb-1'])).get('bbb-1'), (await two.view(['bbb-1'])).get('bbb-1')]).toEqual([
      'held',
      'mine',
    ]);
  });

  it('are given back only by their holder, and come back when the directory was emptied', async () => {
    const directory = path.join(work, 'give');
    const [one, two] = [server('1@h', directory), server('2@h', directory)];
    await one.take('bbb-1');
    await two.release('bbb-1');
    expect(readdirSync(directory)).toEqual(['bbb-1.claim']);
    rmSync(path.join(directory, 'bbb-1.claim'));
    expect((await two.view(['bbb-1'])).get('bbb-1')).toBe('free');
    await one.beat('bbb-1');
    expect((await two.view(['bbb-1'])).get('bbb-1')).toBe('held');
    await one.release('bbb-1');
    expect(readdirSync(directory)).toEqual([]);
  });

  it('say when the directory cannot be used', async () => {
    await expect(server('1@h', path.join(work, 'no-mount', 'claims')).take('bbb-1')).rejects.toMatchObject({
      code: 'live-claims-unreachable',
    });
  });
});

describe('the lock of a pass', () => {
  it('is held once, given back, and taken over from the dead', async () => {
    const file = path.join(work, 'pass.lock');
    const first = takeProcessLock(file);
    expect(takeProcessLock(file)).toEqual({ heldBy: process.pid });
    if ('release' in first) first.release();
    const { writeFileSync } = await import('node:fs');
    writeFileSync(file, JSON.stringify({ pid: process.pid, startTime: 'another boot:1' }));
    expect('release' in takeProcessLock(file)).toBe(true);
    writeFileSync(file, 'torn');
    expect('release' in takeProcessLock(file)).toBe(true);
  });
});
