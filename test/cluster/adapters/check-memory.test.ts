import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { readCheckMemory, writeCheckMemory } from '../../../src/cluster/adapters/check-memory.js';

it('keeps what a check of another system kept meanwhile', async () => {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-memory-'));
  const file = path.join(directory, 'state/cluster-check.json');
  try {
    expect(await readCheckMemory(file)).toEqual({});
    // Two services of a supervisor, side by side: --only S, --only R.
    await writeCheckMemory(file, { idleRunners: { 'runner:8082': { since: 1 } } as never });
    await writeCheckMemory(file, { sequences: { 'edge/a.m3u8': { at: 2 } } as never });
    expect(await readCheckMemory(file)).toEqual({
      idleRunners: { 'runner:8082': { since: 1 } },
      sequences: { 'edge/a.m3u8': { at: 2 } },
    });
  } finally {
    rmSync(directory, { recursive: true });
  }
});
