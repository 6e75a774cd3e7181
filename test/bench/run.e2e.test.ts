import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';

const directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-bench-test-'));
afterAll(() => rmSync(directory, { recursive: true }));

const bench = (name: string, run: string, more = ''): string =>
  `{ name: '${name}', unit: 'ms', runs: 1, goal: 1, ${more} run: async () => { ${run} } }`;

it('a bench that fails, hangs, or takes its process along costs its own line only', () => {
  const files = path.join(directory, 'benches');
  mkdirSync(files);
  const file = (name: string, ...benches: string[]): void =>
    writeFileSync(path.join(files, `${name}.bench.ts`), `export const benches = [${benches.join(',')}];`);
  file('a', bench('fails', "throw new Error('no server')"), bench('after it', 'return 0.5'));
  file('b', bench('hangs', 'await new Promise((r) => setTimeout(r, 60000))', 'limitSeconds: 0.5,'));
  file('c', bench('leaves', 'process.exit(7)'), bench('after leaving', 'return 2'));
  writeFileSync(path.join(files, 'd.bench.ts'), 'throw new Error("does not load")');

  const history = path.join(directory, 'history.jsonl');
  const { status, stdout } = spawnSync(
    process.execPath,
    ['--import', 'tsx', 'test/bench/run.ts', '--files', files, '--history', history],
    { encoding: 'utf8' },
  );
  expect(stdout).toMatch(/^fails .*FAILED$/m);
  expect(stdout).toMatch(/^after it +0\.50 +≤ 1\.00 .*met$/m);
  expect(stdout).toContain('FAILED hangs: given up after 0.5 s');
  expect(stdout).toContain('FAILED leaves: its process ended with 7');
  expect(stdout).toMatch(/^after leaving +2\.00 .*MISSED$/m);
  expect(stdout).toContain('FAILED d.bench.ts: its process ended with 1');
  expect(stdout).toMatch(/1 goals? met, 1 missed, 4 failed/);
  expect(status).toBe(1);
  const kept = JSON.parse(readFileSync(history, 'utf8')) as { results: { name: string }[] };
  expect(kept.results.map(({ name }) => name)).toEqual([
    'fails',
    'after it',
    'hangs',
    'leaves',
    'after leaving',
    'd.bench.ts',
  ]);
});
