import { execFileSync } from 'node:child_process';
import { statfsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { roomOf } from '../../../src/cluster/adapters/machine/share.js';

it('counts what is kept for root as df does: as nobody’s', () => {
  // ext4 as mkfs makes it: 5 % for root. `df` says 50 % used of what others can have.
  const space = { blocks: 1000, bfree: 525, bavail: 475, bsize: 4096 };
  const { freeBytes, totalBytes } = roomOf(space);
  expect(freeBytes / totalBytes).toBe(0.5);
});

it('agrees with df on this machine', () => {
  const percent = execFileSync('df', ['--output=pcent', '/'], { encoding: 'utf8' });
  const { freeBytes, totalBytes } = roomOf(statfsSync('/'));
  // df rounds up; other tests write meanwhile.
  expect(Math.abs(100 - (freeBytes / totalBytes) * 100 - Number(/(\d+)%/.exec(percent)?.[1]))).toBeLessThan(
    2,
  );
});
