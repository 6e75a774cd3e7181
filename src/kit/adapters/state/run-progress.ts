import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { PaceFacts } from '../../output/pace.js';
import { isAlive } from './attempts.js';

/** How far a run is, kept beside its plan for whoever asks `migrate status` meanwhile. */
export function writeRunProgress(runDirectory: string, facts: PaceFacts, at: number): void {
  const file = path.join(runDirectory, 'progress.json');
  try {
    writeFileSync(`${file}.part`, JSON.stringify({ ...facts, at, pid: process.pid }), { mode: 0o600 });
    renameSync(`${file}.part`, file);
  } catch {
    // A full disk is told by what writes results.
  }
}

/** The progress of a run whose process still goes on; null for any other. */
export function readRunProgress(runDirectory: string): (PaceFacts & { readonly at: number }) | null {
  try {
    const text = readFileSync(path.join(runDirectory, 'progress.json'), 'utf8');
    const { pid, ...facts } = JSON.parse(text) as PaceFacts & { at: number; pid: number };
    return isAlive(pid) ? facts : null;
  } catch {
    return null;
  }
}
