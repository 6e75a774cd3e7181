import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '../..');
const entry = path.join(root, 'bin/run.js');

export interface CliResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const directories: string[] = [];
const removeDirectories = (): void => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
};
// Benches and proofs run without vitest, whose workers in turn are ended before they exit by themselves.
if (process.env['VITEST'] === undefined) process.once('exit', removeDirectories);
else (await import('vitest')).afterAll(removeDirectories);

/** A directory of its own for a test, with nothing in it; removed at the end of the file. */
export function emptyDirectory(): string {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-e2e-'));
  directories.push(directory);
  return directory;
}

/**
 * Runs the built command line as an operator would, 80 columns wide, without the environment of the test runner
 * (NODE_ENV=test would make oclif look for TypeScript).
 */
export function runCli(
  args: readonly string[],
  {
    cwd,
    env = {},
    input = '',
    stdin,
    onStart,
  }: {
    cwd: string;
    env?: Record<string, string>;
    input?: string;
    /** A descriptor of this process to read instead. */
    stdin?: number;
    /** Told the process: to watch it, or to end it. */
    onStart?: (child: ChildProcess) => void;
  },
): Promise<CliResult> {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [entry, ...args], {
    cwd,
    stdio: [stdin ?? 'pipe', 'pipe', 'pipe'],
    env: {
      PATH,
      HOME: cwd,
      XDG_STATE_HOME: path.join(cwd, 'state'),
      NODE_ENV: 'production',
      COLUMNS: '80',
      TZ: 'UTC',
      ...env,
    },
  });
  onStart?.(child);
  // Whatever a test started must not outlive it.
  const timer = setTimeout(() => child.kill('SIGTERM'), 100_000);
  child.once('close', () => clearTimeout(timer));
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => err.push(chunk));
  child.stdin?.end(input);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) =>
      resolve({ status, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }),
    );
  });
}

interface ManifestFlag {
  readonly name: string;
  readonly char?: string;
  readonly type: 'boolean' | 'option';
  readonly hidden?: boolean;
  readonly allowNo?: boolean;
  readonly options?: readonly string[];
  readonly multiple?: boolean;
  readonly aliases?: readonly string[];
}
interface ManifestCommand {
  readonly id: string;
  readonly hidden?: boolean;
  readonly summary?: string;
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly flags: Readonly<Record<string, ManifestFlag>>;
  readonly args: Readonly<Record<string, { readonly name: string; readonly required?: boolean }>>;
}

/** The commands of the build, as its manifest lists them. */
export const readCommands = (): ManifestCommand[] =>
  Object.values(
    (
      JSON.parse(readFileSync(path.join(root, 'oclif.manifest.json'), 'utf8')) as {
        commands: Record<string, ManifestCommand>;
      }
    ).commands,
  ).sort((a, b) => (a.id < b.id ? -1 : 1));
