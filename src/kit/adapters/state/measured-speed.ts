import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** What conversions of this machine took: milliseconds of sessions, and of the clock. */
interface Measured {
  readonly sessionMs: number;
  readonly wallMs: number;
}

const fileIn = (stateDirectory: string): string => path.join(stateDirectory, 'speed.json');
/** Older measures fade: the machine, the release and the settings change. */
const MOST_WALL_MS = 24 * 3_600_000;

function read(stateDirectory: string): Measured | null {
  try {
    const { sessionMs, wallMs } = JSON.parse(readFileSync(fileIn(stateDirectory), 'utf8')) as Measured;
    return sessionMs > 0 && wallMs > 0 ? { sessionMs, wallMs } : null;
  } catch {
    return null;
  }
}

/** Adds one finished conversion to what is known. A full disk is told by what writes results. */
export function addMeasure(stateDirectory: string, { sessionMs, wallMs }: Measured): void {
  if (!(sessionMs > 0) || !(wallMs > 0)) return;
  const known = read(stateDirectory) ?? { sessionMs: 0, wallMs: 0 };
  const kept = Math.min(1, MOST_WALL_MS / Math.max(1, known.wallMs));
  const file = fileIn(stateDirectory);
  try {
    const next = { sessionMs: known.sessionMs * kept + sessionMs, wallMs: known.wallMs * kept + wallMs };
    writeFileSync(`${file}.part`, JSON.stringify(next), { mode: 0o600 });
    renameSync(`${file}.part`, file);
  } catch {
    // An estimate less.
  }
}

/** Session time a conversion makes in a unit of the clock, as measured on this machine; null before the first one. */
export function measuredSpeed(stateDirectory: string): number | null {
  const known = read(stateDirectory);
  return known === null ? null : known.sessionMs / known.wallMs;
}
