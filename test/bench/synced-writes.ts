import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { elapsed } from './bench.js';

/** The machine's own share: milliseconds of `count` synced writes of 64 kB, divided by `per`. */
export async function syncedWrites(count: number, per: number): Promise<number> {
  const file = path.join(os.tmpdir(), `bbb2pod-bench-${process.pid}`);
  const handle = openSync(file, 'w');
  const ms = await elapsed(() => {
    for (let i = 0; i < count; i++) {
      writeSync(handle, Buffer.alloc(64 * 1024));
      fsyncSync(handle);
    }
  });
  closeSync(handle);
  rmSync(file);
  return ms / per;
}
