import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readAttempts, noteAttempt } from '../../../../src/kit/adapters/state/attempts.js';
import { readRunProgress, writeRunProgress } from '../../../../src/kit/adapters/state/run-progress.js';
import { seemsAlive } from '../../../../src/kit/adapters/process/identity.js';

let directory: string;
beforeEach(() => (directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-progress-'))));
afterEach(() => rmSync(directory, { recursive: true }));

const facts = { done: 3, failed: 0, total: 9 } as Parameters<typeof writeRunProgress>[1];

/** As a restart, or a copy on another machine, leaves the file of a process: its number is somebody else's now. */
const otherBoot = (text: string): string =>
  text.replace(/"startTime":"[^:"]+:(\d+):\d+/g, '"startTime":"00000000:$1:1');

it('shows how far a run is while that very process runs, not one that has its number', () => {
  writeRunProgress(directory, facts, 1);
  expect(readRunProgress(directory)).toMatchObject({ done: 3, at: 1 });
  const file = path.join(directory, 'progress.json');
  writeFileSync(file, otherBoot(readFileSync(file, 'utf8')));
  expect(readRunProgress(directory)).toBeNull();
  // What 0.1 wrote names no more than the number.
  writeFileSync(file, JSON.stringify({ ...facts, at: 1, pid: process.pid }));
  expect(readRunProgress(directory)).toBeNull();
});

it('takes a night that a restart ended for killed, whoever has its number now', () => {
  noteAttempt(directory, { id: 'a', command: 'migrate recordings', startedAt: 1 });
  expect(readAttempts(directory).map(seemsAlive)).toEqual([true]);
  const file = path.join(directory, 'attempts.jsonl');
  writeFileSync(file, otherBoot(readFileSync(file, 'utf8')));
  expect(readAttempts(directory).map(seemsAlive)).toEqual([false]);
  writeFileSync(file, `${JSON.stringify({ id: 'old', pid: process.pid })}\n`);
  expect(readAttempts(directory).map(seemsAlive)).toEqual([false]);
});
