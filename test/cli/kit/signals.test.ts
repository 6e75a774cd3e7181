import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { shellWord } from '../../../src/kit/output/shell.js';

/* A real terminal, of script(1), that is closed under a batch; and the same signal on purpose. */

const root = path.resolve(import.meta.dirname, '../../..');
const child = path.join(root, 'test/support/signals-child.ts');
const command = [process.execPath, '--import', 'tsx', child];

async function until(what: () => boolean): Promise<void> {
  for (let i = 0; i < 400 && !what(); i++) await sleep(50);
  expect(what()).toBe(true);
}

function begin(start: (file: string) => ChildProcess): { told: () => string; started: ChildProcess } {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-signals-'));
  const file = path.join(directory, 'told');
  const told = (): string => (existsSync(file) ? readFileSync(file, 'utf8') : '');
  const started = start(file);
  onTestFinished(() => {
    const pid = /^pid (\d+)/m.exec(told())?.[1];
    if (pid !== undefined && !told().includes('ended')) process.kill(Number(pid), 'SIGKILL');
    started.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  });
  return { told, started };
}

const pidIn = (told: string): number => Number(/^pid (\d+)/m.exec(told)?.[1]);

it('a closed terminal does not end a batch, nor does talk that nobody can hear any more; SIGTERM does', async () => {
  const { told, started } = begin((file) =>
    spawn('script', ['-qec', [...command, file].map(shellWord).join(' '), '/dev/null'], {
      cwd: root,
      stdio: 'ignore',
    }),
  );
  await until(() => told().includes('at work'));
  started.kill('SIGKILL');
  const before = told().length;
  await until(() => told().length > before + 40);
  expect(told()).not.toContain('ended');
  process.kill(pidIn(told()), 'SIGTERM');
  await until(() => told().includes('ended 143'));
}, 60_000);

it('SIGHUP on purpose ends it with 129', async () => {
  const { told, started } = begin((file) =>
    spawn(command[0]!, [...command.slice(1), file], { cwd: root, stdio: 'ignore', detached: true }),
  );
  await until(() => told().includes('at work'));
  process.kill(pidIn(told()), 'SIGHUP');
  const status = await new Promise((resolve) => started.once('close', resolve));
  expect([status, told()]).toEqual([129, expect.stringContaining('ended 129')]);
}, 60_000);
