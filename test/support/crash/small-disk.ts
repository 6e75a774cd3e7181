import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** A disk of that size, as root may mount one. */
export class SmallDisk {
  readonly directory: string;

  /** @param place where it is mounted: a directory that is there; by default one of its own. */
  constructor(kilobytes: number, place = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-disk-'))) {
    this.directory = place;
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k,mode=0755`, 'tmpfs', this.directory]);
  }

  /** Somebody frees space. */
  grow(): void {
    rmSync(path.join(this.directory, 'filler'), { force: true });
    execFileSync('mount', ['-o', 'remount,size=256m', this.directory]);
  }

  /** Somebody else fills it. */
  fill(): void {
    const { bavail, bsize } = statfsSync(this.directory);
    try {
      writeFileSync(path.join(this.directory, 'filler'), Buffer.alloc(bavail * bsize));
    } catch (error) {
      // The conversion wrote meanwhile: full is what it should be.
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }

  remove(): void {
    execFileSync('umount', ['-l', this.directory]);
    rmSync(this.directory, { recursive: true, force: true });
  }
}
