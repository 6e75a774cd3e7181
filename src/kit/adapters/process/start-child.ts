import type { execa as Execute } from 'execa';
import { accessSync, constants } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import type { OperatorError } from '../../errors/operator-error.js';
import { redactText } from '../../config/redact.js';
import { cleanEnvironment } from './environment.js';
import { readStartTime, sendSignal, type ProcessIdentity } from './identity.js';
import { lineSplitter, Tail } from './lines.js';
import { processTexts } from '../../errors/process.js';

export interface ChildOptions {
  readonly file: string;
  /** One element per argument; no shell ever sees them. No secret belongs here: `ps` shows them to everybody. */
  readonly args: readonly string[];
  readonly cwd?: string;
  /** Added to the clean environment (environment.ts). */
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: 'ignore' | 'pipe';
  /** `pipe`: the caller reads `child.stdout`; a function: its lines; absent: dropped. */
  readonly stdout?: 'pipe' | ((line: string) => void);
  /** What the child writes to its file descriptor 3, as it comes; absent: it has none. */
  readonly onThird?: (chunk: Buffer) => void;
  /** Each line of stderr, as it comes, redacted. The last 100 are kept in any case. */
  readonly onStderrLine?: (line: string) => void;
  /** Aborting it stops the child (and its group). */
  readonly signal?: AbortSignal;
  /** From the polite signal to SIGKILL; 5 s by default. */
  readonly killDelayMs?: number;
  /**
   * The kernel ends the child when we die, even by SIGKILL (setpriv --pdeathsig of util-linux): politely, or
   * `at-once` for one that may not hear a polite signal.
   */
  readonly diesWithParent?: boolean | 'at-once';
  /** 0 to 19; run under nice(1). */
  readonly nice?: number;
}

interface ChildExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** We asked for it: `stop()` or the AbortSignal. ffmpeg then exits 255 with signal null: ask this first. */
  readonly stopped: boolean;
  readonly stderrTail: readonly string[];
}

export interface Child extends ProcessIdentity {
  readonly stdin: Writable | null;
  readonly stdout: Readable | null;
  /** Resolves at the end of the child, whatever it is; never rejects. */
  readonly exited: Promise<ChildExit>;
  readonly stderrTail: readonly string[];
  /** Asks the whole group to end, kills it after the delay. Safe to call twice. */
  stop(signal?: NodeJS.Signals): Promise<ChildExit>;
}

/** A hundred modules: loaded by those alone that start a program, before a time limit runs. */
export const loadStarter = () => import('execa');

/**
 * Starts a long-lived program in its own session and process group, and supervises it.
 * @throws OperatorError program-missing when it cannot be started; the signal's reason when already aborted.
 */
export async function startChild(options: ChildOptions): Promise<Child> {
  const { execa } = await loadStarter();
  options.signal?.throwIfAborted();
  const subprocess = spawnDetached(execa, options);
  const { pid } = subprocess;
  if (pid === undefined) throw await missing(options.file, subprocess);
  return supervise(options, subprocess, pid);
}

/**
 * Ours, or / where this account may not enter ours: `runuser -u bbb2pod -- bbb2pod …` as typed in /root. A program that
 * is sent there by name does not start, and the error (EACCES) looks as if it could not be run.
 */
function placeToStart(): string {
  try {
    const here = process.cwd();
    accessSync(here, constants.X_OK);
    return here;
  } catch {
    return '/';
  }
}

function spawnDetached(execa: Execa, options: ChildOptions) {
  const { file, args } = wrap(options);
  return execa(file, args, {
    cwd: options.cwd ?? placeToStart(),
    env: cleanEnvironment(options.env),
    extendEnv: false,
    stdio: [
      options.stdin ?? 'ignore',
      options.stdout === undefined ? 'ignore' : 'pipe',
      'pipe',
      ...(options.onThird === undefined ? [] : ['pipe' as const]),
    ],
    buffer: false,
    reject: false,
    detached: true,
    cleanup: false,
  });
}
type Execa = typeof Execute;
type Subprocess = ReturnType<typeof spawnDetached>;

function supervise(options: ChildOptions, subprocess: Subprocess, pid: number): Child {
  const startTime = readStartTime(pid) ?? 'gone';
  const tail = new Tail();
  readLines(subprocess.stderr, (line) => {
    const harmless = redactText(line);
    tail.add(harmless);
    options.onStderrLine?.(harmless);
  });
  if (typeof options.stdout === 'function') readLines(subprocess.stdout, options.stdout);
  if (options.onThird !== undefined) {
    const third = subprocess.stdio[3] as Readable | undefined;
    third?.on('data', options.onThird).on('error', () => undefined);
  }
  // A child that ends while we write to it must not end us (EPIPE).
  subprocess.stdin?.on('error', () => undefined);

  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  const exited = endOf(subprocess).then(({ code, signal }): ChildExit => {
    clearTimeout(timer);
    openGroups.delete(pid);
    options.signal?.removeEventListener('abort', onAbort);
    sendSignal(-pid, 'SIGKILL'); // what its descendants left in the group
    return { code, signal, stopped, stderrTail: tail.lines };
  });
  const stop = (signal: NodeJS.Signals = 'SIGTERM'): Promise<ChildExit> => {
    if (!stopped) {
      stopped = true;
      sendSignal(-pid, signal);
      sendSignal(-pid, 'SIGCONT'); // a stopped (SIGSTOP) child would never hear it
      timer = setTimeout(() => sendSignal(-pid, 'SIGKILL'), options.killDelayMs ?? 5000);
    }
    return exited;
  };
  const onAbort = (): void => void stop();
  options.signal?.addEventListener('abort', onAbort, { once: true });
  if (options.signal?.aborted === true) onAbort();
  killWithUs(pid);
  return {
    pid,
    startTime,
    stdin: subprocess.stdin,
    stdout: options.stdout === 'pipe' ? subprocess.stdout : null,
    exited,
    stderrTail: tail.lines,
    stop,
  };
}

function wrap({ file, args, diesWithParent, nice }: ChildOptions): { file: string; args: string[] } {
  const words = [
    ...(diesWithParent === undefined || diesWithParent === false
      ? []
      : ['setpriv', '--pdeathsig', diesWithParent === 'at-once' ? 'KILL' : 'TERM', '--']),
    ...(nice === undefined ? [] : ['nice', '-n', String(nice)]),
    file,
    ...args,
  ];
  const [first = file, ...rest] = words;
  return { file: first, args: rest };
}

function readLines(stream: Readable | null, onLine: (line: string) => void): void {
  const splitter = lineSplitter(onLine);
  stream
    ?.on('data', splitter.write)
    .on('end', splitter.end)
    .on('error', () => undefined);
}

const endOf = (subprocess: Subprocess): Promise<{ code: number | null; signal: NodeJS.Signals | null }> =>
  new Promise((resolve) => {
    let ended = false;
    const end = (code: number | null, signal: NodeJS.Signals | null): void => {
      if (ended) return;
      ended = true;
      resolve({ code, signal });
    };
    subprocess.once('close', end);
    // A grandchild that keeps our pipe open must not hide the child's end.
    subprocess.once('exit', (code, signal) => setTimeout(() => end(code, signal), 250));
  });

async function missing(program: string, subprocess: Subprocess): Promise<OperatorError> {
  const result = await subprocess;
  return processTexts.programMissing({ program, detail: result.code ?? 'it does not start' });
}

const openGroups = new Set<number>();
let watchingOurEnd = false;

/** An ordinary end of ours (return, exception, exit) takes the children with it. */
function killWithUs(pid: number): void {
  if (!watchingOurEnd)
    process.once('exit', () => openGroups.forEach((group) => sendSignal(-group, 'SIGKILL')));
  watchingOurEnd = true;
  openGroups.add(pid);
}
