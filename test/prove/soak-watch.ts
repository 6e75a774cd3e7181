import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readStartTime, type ProcessIdentity } from '../../src/kit/adapters/process/identity.js';
import { total, type Sample } from './soak-judge.js';

const SAMPLE_MS = 3000;
const TOLD_EVERY = 20;

/** Looks at a family of processes every few seconds, for so long; tells once a minute how it is. */
export async function watchFamily(options: {
  readonly minutes: number;
  readonly family: () => readonly number[];
  readonly made: () => number;
  /** Called before each look. */
  readonly feed?: () => Promise<void>;
}): Promise<Sample[]> {
  const samples: Sample[] = [];
  const startedAt = Date.now();
  while (Date.now() - startedAt < options.minutes * 60_000) {
    await options.feed?.();
    const pids = options.family();
    const megabytes: Record<string, number> = {};
    for (const pid of pids) {
      const program = programOf(pid);
      megabytes[program] = (megabytes[program] ?? 0) + memoryMegabytes(pid);
    }
    samples.push({
      atMs: Date.now() - startedAt,
      megabytes,
      files: pids.reduce((sum, pid) => sum + openFiles(pid), 0),
      processes: pids.length,
      made: options.made(),
    });
    if (samples.length % TOLD_EVERY === 1) tell(samples.at(-1));
    await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
  }
  return samples;
}

function tell(sample: Sample | undefined): void {
  if (sample === undefined) return;
  const parts = Object.entries(sample.megabytes).map(([program, mb]) => `${program} ${mb.toFixed(0)}`);
  const load = read('/proc/loadavg').split(' ')[0] ?? '?';
  process.stdout.write(
    `${(sample.atMs / 60_000).toFixed(1).padStart(6)} min  ${total(sample).toFixed(0)} MB (${parts.join(', ')}), ` +
      `${sample.files} files, ${sample.processes} processes, ${sample.made.toFixed(0)} made, load ${load}\n`,
  );
}

/** Which of our commands, else the program's name: `keeper`, `supervisor`, `worker`, `chromium`, `ffmpeg`. */
function programOf(pid: number): string {
  const words = read(`/proc/${pid}/cmdline`).split('\0');
  if (words.includes('keep')) return 'keeper';
  if (words.includes('--watch')) return 'supervisor';
  if (words.includes('worker')) return 'worker';
  return path.basename((words[0] ?? '').split(' ')[0] ?? '') || 'ended';
}

export function descendants(roots: readonly number[]): number[] {
  const parents = new Map(
    allPids().map((pid) => [pid, Number(/^PPid:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0)]),
  );
  const found = new Set(roots.filter((pid) => parents.has(pid)));
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const [pid, parent] of parents) if (found.has(parent)) found.add(pid);
  }
  return [...found];
}

/** They are found again though their numbers may be given to others. */
export const identities = (pids: readonly number[]): ProcessIdentity[] =>
  pids.flatMap((pid) => {
    const startTime = readStartTime(pid);
    return startTime === null ? [] : [{ pid, startTime }];
  });

/** Processes that carry the directory in their arguments; the bench's own servers are not the product's. */
export const naming = (directory: string): number[] =>
  allPids().filter((pid) => {
    const line = read(`/proc/${pid}/cmdline`);
    return pid !== process.pid && line.includes(directory) && !/nginx|redis-server/.test(line);
  });

const allPids = (): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);

/** What is this process's own: mapped files are shared with whatever browser and encoder run beside it. */
function memoryMegabytes(pid: number): number {
  const status = read(`/proc/${pid}/status`);
  const kilobytes = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
  return (kilobytes('RssAnon') + kilobytes('RssShmem')) / 1000;
}

function openFiles(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return 0;
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
