import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { proveMigrationDependencies, TAKEN } from '../support/crash/dependencies-of-migration.js';
import { proveDatabaseFaults } from '../support/crash/faults-of-databases.js';
import { proveFullState } from '../support/crash/full-disks.js';

/* The bounded share of `npm run prove crash faults`: each manner of going away, once. */
it('an import whose database goes away and comes back ends, after a second run, as if it had not', async () => {
  const { faults, differences } = await proveDatabaseFaults('postgresql', { recordings: 4, everyStep: 100 });
  expect(differences).toEqual([]);
  expect(faults).toBe(4);
});

/* Of `npm run prove crash dependencies`: the rudest manner, in the middle of each command.
   Each has a Pod, a Moodle and a BBB of its own, and waits for the patience of the product most of the time. */
it.concurrent.each(TAKEN)(
  'what goes away for good is told in one message, and the next run finishes: %s',
  async (taken) => {
    const rows = await proveMigrationDependencies(1, [{ mode: 'cut', awayMs: null }], [taken]);
    expect(rows.flatMap(({ differences }) => differences)).toEqual([]);
    expect(rows.map(({ told }) => told >= 1)).toEqual([true]);
  },
);

/** A container may refuse even root to mount; then `npm run prove crash dependencies` elsewhere is what proves full disks. */
function mayMount(): boolean {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-mount-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', 'none', directory]).status === 0;
  if (mounted) spawnSync('umount', ['-l', directory]);
  else console.warn('Nobody may mount on this machine: what a full disk does is not tested here.');
  rmSync(directory, { recursive: true });
  return mounted;
}

it.runIf(mayMount())(
  'a full disk under the journal is told, and the next run finishes once there is space',
  async () => {
    const rows = await proveFullState([16], [32]);
    expect(rows.flatMap(({ differences }) => differences)).toEqual([]);
    expect(rows[0]).toMatchObject({ faults: 1, told: 1 });
  },
);
