import { spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/**
 * What this machine encodes at the moment, as times real time: two one-thread x264 veryfast encodes side by side of
 * that webcam as it was published, 640x480 at 15 frames. 23 on two idle cores, and so E = 25 in the goals of recorder.bench.ts; the
 * same webcam enlarged to 1280x720 encodes at 8 only, and would make every promise three times as easy.
 */
export async function machineSpeed(webcam: string, seconds = 60): Promise<MachineSpeed> {
  const before = childrenSeconds();
  const startedAt = performance.now();
  const encode = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const child = spawn(
        'ffmpeg',
        [
          ...['-nostdin', '-v', 'error', '-threads', '1', '-t', String(seconds), '-i', webcam, '-an'],
          ...['-r', '15', '-c:v', 'libx264', '-preset', 'veryfast', '-threads', '1'],
          ...['-f', 'null', '-'],
        ],
        { stdio: ['ignore', 'ignore', 'inherit'] },
      );
      child.on('error', reject);
      child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`ffmpeg ended with ${code}`))));
    });
  await Promise.all([encode(), encode()]);
  const times = (2 * seconds * 1000) / (performance.now() - startedAt);
  return { times, cpuPerSecond: (childrenSeconds() - before) / (2 * seconds) };
}

export interface MachineSpeed {
  /** Times real time, both together: E. */
  readonly times: number;
  /** CPU seconds that one second of video takes: comparable even while others use the machine. */
  readonly cpuPerSecond: number;
}

/** CPU time of the children that have ended, in seconds. */
function childrenSeconds(): number {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) / 100;
}

export interface Measured {
  readonly wallSeconds: number;
  /** User and system time of everything that ran and was waited for. */
  readonly cpuSeconds: number;
  readonly cpuByProgram: ReadonlyMap<string, number>;
  /** Highest sum of the proportional set sizes of all processes together. */
  readonly pssBytes: number;
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program and watches the memory of it and of all its descendants, once a second: to read the proportional set
 * sizes ten times a second took a quarter of a CPU from what was measured.
 */
export async function measureRun(
  file: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<Measured> {
  const [startedAt, cpuBefore] = [performance.now(), childrenSeconds()];
  const child = spawn(file, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
  const known = new Set<number>([child.pid ?? 0]);
  const cpu = new Map<number, { program: string; seconds: number }>();
  let pssBytes = 0;
  const watch = setInterval(() => {
    follow(known);
    let sum = 0;
    for (const pid of known) {
      const seen = look(pid);
      if (seen === null) continue;
      sum += seen.pssBytes;
      cpu.set(pid, { program: seen.program, seconds: seen.cpuSeconds });
    }
    pssBytes = Math.max(pssBytes, sum);
  }, 1000);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  clearInterval(watch);
  const cpuByProgram = new Map<string, number>();
  for (const { program, seconds } of cpu.values())
    cpuByProgram.set(program, (cpuByProgram.get(program) ?? 0) + seconds);
  return {
    wallSeconds: (performance.now() - startedAt) / 1000,
    cpuSeconds: childrenSeconds() - cpuBefore,
    cpuByProgram,
    pssBytes,
    code,
    ...output,
  };
}

/** Adds what descends from processes that are known: a child that outlives its parent stays known. */
function follow(known: Set<number>): void {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => [Number(name), statOf(Number(name))?.parent ?? 0] as const);
  for (let before = -1; before !== known.size;) {
    before = known.size;
    for (const [pid, parent] of parents) if (known.has(parent)) known.add(pid);
  }
}

function statOf(pid: number): { parent: number; program: string; cpuSeconds: number } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // Its own time only: that of ended children was seen while they lived.
    return {
      program: stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')')),
      parent: Number(fields[1]),
      cpuSeconds: (Number(fields[11]) + Number(fields[12])) / 100,
    };
  } catch {
    return null;
  }
}

function look(pid: number): { pssBytes: number; program: string; cpuSeconds: number } | null {
  const stat = statOf(pid);
  if (stat === null) return null;
  try {
    const pss = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'));
    return { ...stat, pssBytes: Number(pss?.[1] ?? 0) * 1024 };
  } catch {
    return { ...stat, pssBytes: 0 };
  }
}

export interface MeasuredConversion extends Measured {
  /** Times real time. */
  readonly times: number;
  readonly machine: MachineSpeed;
  /** Speed as a part of E. */
  readonly ratio: number;
}

/**
 * Converts with the built program, as an operator does, and measures E just before and just after.
 * @throws Error when the conversion fails
 */
export async function measureConversion(
  folder: string,
  output: string,
  seconds: number,
  flags: readonly string[],
  webcam: string,
): Promise<MeasuredConversion> {
  const before = await machineSpeed(webcam, E_SECONDS);
  const measured = await measureRun(
    process.execPath,
    ['bin/run.js', 'recorder', 'convert', folder, '--output', output, '--force', '--no-progress', ...flags],
    { cwd: root, env: { ...process.env, NODE_ENV: 'production' } },
  );
  if (measured.code !== 0)
    throw new Error(`recorder convert ended with ${measured.code}: ${measured.stderr}`);
  const after = await machineSpeed(webcam, E_SECONDS);
  const machine = {
    times: (before.times + after.times) / 2,
    cpuPerSecond: (before.cpuPerSecond + after.cpuPerSecond) / 2,
  };
  const times = seconds / measured.wallSeconds;
  return { ...measured, times, machine, ratio: times / machine.times };
}

const E_SECONDS = 30;
const root = path.resolve(import.meta.dirname, '../../..');

/** Load of the last minute, as it stands beside every figure. */
export const load = (): string => (os.loadavg()[0] ?? 0).toFixed(1);
