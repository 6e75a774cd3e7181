import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { writeAtomically } from '../../kit/adapters/files/write-atomically.js';
import type { CheckMemory } from '../check/run-check.js';
import { asRecord } from '../../kit/record.js';
import { makeDirectory } from '../../kit/adapters/files/make-directory.js';

/** What the last run left for the next; nothing when there was none, or when it cannot be read. */
export async function readCheckMemory(file: string): Promise<CheckMemory> {
  try {
    return asRecord(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return {};
  }
}

/**
 * Keeps it for the next run, beside what checks of other systems kept meanwhile. A supervisor without a writable state
 * directory loses deltas, not the check.
 */
export async function writeCheckMemory(file: string, memory: CheckMemory): Promise<boolean> {
  try {
    makeDirectory(path.dirname(file));
    const whole = { ...(await readCheckMemory(file)), ...memory };
    await writeAtomically(file, `${JSON.stringify(whole)}\n`, { mode: 0o600 });
    return true;
  } catch {
    return false;
  }
}
