import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { PaceFacts } from '../../output/pace.js';
import { seemsAlive, thisProcess, type ProcessIdentity } from '../process/identity.js';

/** How far a run is, kept beside its plan for whoever asks `migrate status` meanwhile. */
export function writeRunProgress(runDirectory: string, facts: PaceFacts, at: number): void {
  const file = path.join(runDirectory, 'progress.json');
  try {
    writeFileSync(`${file}.part`, JSON.stringify({ ...facts, at, process: thisProcess() }), { mode: 0o600 });
    renameSync(`${file}.part`, file);
  } catch {
    // A full disk is told by what writes results.
  }
}

/** The progress of a run whose process still goes on; null for any other. */
export function readRunProgress(runDirectory: string): (PaceFacts & { readonly at: number }) | null {
  try {
    const text = readFileSync(path.join(runDirectory, 'progress.json'), 'utf8');
    const { process: writer, ...facts } = JSON.parse(text) as PaceFacts & {
      at: number;
      process: ProcessIdentity;
    };
    return seemsAlive(writer) ? facts : null;
  } catch {
    return null;
  }
}
