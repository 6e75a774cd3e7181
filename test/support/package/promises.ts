import { spawnSync } from 'node:child_process';

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export const broken: string[] = [];

/** One line per promise; what was said is shown where it was not kept. */
export function promise(text: string, kept: boolean, told?: Outcome): void {
  process.stdout.write(`${kept ? 'kept  ' : 'BROKEN'} ${text}\n`);
  if (kept) return;
  broken.push(text);
  if (told !== undefined) process.stdout.write(`${(told.stdout + told.stderr).slice(-3000)}\n`);
}

/** Nothing of npm's or Puppeteer's own environment reaches what is proved. */
export function run(file: string, args: readonly string[], cwd = '/'): Outcome {
  const env = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    LANG: 'C.UTF-8',
    NODE_ENV: 'production',
  };
  const { status, stdout, stderr } = spawnSync(file, args, {
    cwd,
    env,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  return { status, stdout, stderr };
}
