import { spawn } from 'node:child_process';
import {
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
import { afterAll, expect, it } from 'vitest';
import { Recordings } from '../../src/live/adapters/recordings.js';
import { readStartTime } from '../../src/kit/adapters/process/identity.js';
import { LiveDirectory } from '../../src/live/adapters/live-store.js';
import type { KeeperJob } from '../../src/live/keeper/keeper-port.js';
import type { PassRecord } from '../../src/live/pass-port.js';

/* What kills between two steps of a pass leave behind, and what the next pass makes of it. */
const root = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-store-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
/** No process has it: pids end at 4194304. */
const DEAD = 4_194_303;
const job = (id: string): KeeperJob =>
  ({ id, origin: 'bbb', internalMeetingId: 'm-1', createdAt: 1 }) as unknown as KeeperJob;

it('one process at a time keeps a live, and is the one that is asked to stop', async () => {
  const store = new LiveDirectory(path.join(root, 'keepers'));
  store.create(job('bbb-1'), { announced: false } as unknown as PassRecord);
  const lock = path.join(store.root, 'lives/bbb-1/keeper.lock');
  // The first keeper, whose pass was killed before it noted it; then the second, which the next pass noted.
  const first = spawn('sleep', ['60']);
  const pid = first.pid ?? 0;
  writeFileSync(lock, JSON.stringify({ pid, startTime: readStartTime(pid) }));
  store.setKeeper('bbb-1', { pid: DEAD, startTime: 'second' });
  expect(store.lockKeeper('bbb-1')).toBe(false);
  expect(store.keeper('bbb-1')?.pid).toBe(pid);
  expect(store.list()[0]?.keeperAlive).toBe(true);
  const gone = new Promise((resolve) => first.once('close', resolve));
  first.kill('SIGKILL');
  await gone;
  expect(store.list()[0]?.keeperAlive).toBe(false);
  expect(store.keeper('bbb-1')?.pid).toBe(DEAD);
  expect(store.lockKeeper('bbb-1')).toBe(true);
  expect(store.keeper('bbb-1')?.pid).toBe(process.pid);
});

it('sweeps what was never renamed and lives that were never whole, and nothing that is in use', () => {
  const store = new LiveDirectory(path.join(root, 'sweep'));
  store.create(job('bbb-1'), { announced: false } as unknown as PassRecord);
  const lives = path.join(store.root, 'lives');
  mkdirSync(path.join(lives, 'bbb-2/chat'), { recursive: true });
  const left = [
    `memory.json.${DEAD}.tmp`,
    `pass.lock.${DEAD}`,
    `pass.lock.${DEAD}.stale`,
    `lives/bbb-1/record.json.${DEAD}.tmp`,
    `lives/bbb-1/keeper.lock.${DEAD}`,
  ];
  const kept = ['pass.lock', `memory.json.${process.pid}.tmp`, 'lives/bbb-1/job.json', `logs/bbb-1.${DEAD}`];
  for (const name of [...left, ...kept.filter((name) => !existsSync(path.join(store.root, name)))])
    writeFileSync(path.join(store.root, name), '{}');
  store.sweep();
  expect(left.filter((name) => existsSync(path.join(store.root, name)))).toEqual([]);
  expect(kept.filter((name) => existsSync(path.join(store.root, name)))).toEqual(kept);
  expect(readdirSync(lives)).toEqual(['bbb-1']);
});

it.each(['before', 'after'])(
  'a pass killed right %s the last rename brings the recording once',
  async (when) => {
    const place = path.join(root, `recording-${when}`);
    const bbb = path.join(place, 'pod');
    const recordings = new Recordings({
      ffmpeg: '/nonexistent',
      workDirectory: place,
      bbbDirectory: bbb,
      webinarDirectory: '',
      fileMode: 0o644,
    });
    const parts = recordings.directory('bbb-1');
    mkdirSync(parts, { recursive: true });
    mkdirSync(bbb);
    writeFileSync(path.join(parts, 'part-0001.mkv'), 'part');
    const target = path.join(bbb, 'm-1.mkv');
    writeFileSync(path.join(parts, 'target.txt'), target);
    // After: Pod's job was quick and has taken it.
    if (when === 'before') writeFileSync(`${target}.part`, 'whole');
    expect(await recordings.move(job('bbb-1'))).toEqual({ path: target, watched: true });
    expect(readdirSync(bbb)).toEqual(when === 'before' ? ['m-1.mkv'] : []);
    if (when === 'before') expect(readFileSync(target, 'utf8')).toBe('whole');
    expect(existsSync(parts)).toBe(false);
    expect(await recordings.move(job('bbb-1'))).toBeNull();
  },
);
