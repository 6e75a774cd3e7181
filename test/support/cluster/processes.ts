import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { openSync, readFileSync, readdirSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';

/** A program of the bench: started here, stopped here, by its own pid and group. */
export class BenchProcess {
  #child: ChildProcess | null = null;

  constructor(
    readonly name: string,
    private readonly command: { file: string; args: string[]; cwd: string; env?: Record<string, string> },
  ) {}

  get pid(): number {
    if (this.#child?.pid === undefined) throw new Error(`${this.name} does not run`);
    return this.#child.pid;
  }

  get running(): boolean {
    return this.#child !== null && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  get log(): string {
    return readFileSync(this.#logFile, 'utf8');
  }

  start(): void {
    const { file, args, cwd, env } = this.command;
    const log = openSync(this.#logFile, 'a');
    this.#child = spawn(file, args, {
      cwd,
      detached: true,
      stdio: ['ignore', log, log],
      env: { PATH: process.env['PATH'] ?? '', HOME: cwd, LANG: 'C.UTF-8', ...env },
    });
  }

  /** Signals the whole group. */
  signal(name: NodeJS.Signals): void {
    if (this.running) process.kill(-this.pid, name);
  }

  async stop(name: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const child = this.#child;
    if (child === null || !this.running) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    this.signal('SIGCONT');
    this.signal(name);
    const timer = setTimeout(() => this.signal('SIGKILL'), 3000);
    await ended;
    clearTimeout(timer);
    try {
      process.kill(-(child.pid ?? 0), 'SIGKILL'); // what the group left behind (exec'd children of nginx)
    } catch {
      // nothing was left
    }
  }

  /** Pids of the children, found in /proc: the ffmpeg that an nginx started. */
  children(): number[] {
    return readdirSync('/proc')
      .filter((entry) => /^\d+$/.test(entry))
      .map(Number)
      .filter((pid) => parentOf(pid) === this.pid);
  }

  get #logFile(): string {
    return path.join(this.command.cwd, `${this.name}.log`);
  }
}

function parentOf(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return null;
  }
}

/** Waits until a condition holds; fails with the reason given. */
export async function waitFor(
  what: string,
  holds: () => boolean | Promise<boolean>,
  timeoutMs = 20_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (Date.now() < deadline) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the bench waited in vain for ${what}`);
}

export const portAnswers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = net.connect({ host: '127.0.0.1', port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });

/** Runs a program to its end and returns its output. */
export const run = (file: string, args: string[], cwd: string): string =>
  execFileSync(file, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
