import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { ClaimPlace } from '../claims.js';
import { texts } from '../texts.js';

/**
 * Claims as files of a shared directory. A claim comes by hard link, which exactly one server can make (also on
 * NFS), and is replaced or removed by taking the file aside first: only who took the expected text goes on.
 * @throws OperatorError live-claims-unreachable
 */
export function claimDirectory(directory: string): ClaimPlace {
  const file = (id: string): string => path.join(directory, `${id}.claim`);
  const aside = (): string => path.join(directory, `.${process.pid}-${randomBytes(6).toString('hex')}`);
  const guarded = async <T>(work: () => T): Promise<T> => {
    try {
      return work();
    } catch (error) {
      throw texts.liveClaimsUnreachable({
        where: 'claims_path',
        detail: error instanceof Error ? error.message : 'unreadable',
      });
    }
  };
  const place = (id: string, text: string): boolean => {
    // One level only: a missing parent is a missing mount, where nothing must be made.
    unless('EEXIST', () => mkdirSync(directory));
    const own = aside();
    writeFileSync(own, text);
    try {
      return unless('EEXIST', () => linkSync(own, file(id)));
    } finally {
      rmSync(own, { force: true });
    }
  };
  /** Takes the claim away if it reads as expected; puts it back otherwise. */
  const takeAway = (id: string, expected: string): boolean => {
    if (readText(file(id)) !== expected) return false;
    const taken = aside();
    if (!unless('ENOENT', () => renameSync(file(id), taken))) return false;
    const same = readText(taken) === expected;
    if (!same) unless('EEXIST', () => linkSync(taken, file(id)));
    rmSync(taken, { force: true });
    return same;
  };
  return {
    where: 'claims_path',
    read: (id) => guarded(() => readText(file(id))),
    place: (id, text) => guarded(() => place(id, text)),
    replace: (id, expected, text) => guarded(() => takeAway(id, expected) && place(id, text)),
    remove: (id, expected) => guarded(() => takeAway(id, expected)),
  };
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function unless(code: string, work: () => void): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === code) return false;
    throw error;
  }
}
