import { spawnSync } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../../../..');

it('holds for what is started afterwards, and never raises', () => {
  const script = `
    import os from 'node:os';
    import { spawnSync } from 'node:child_process';
    import { lowerPriority } from '${root}/src/kit/adapters/process/lower-priority.ts';
    os.setPriority(Number(process.argv[1]));
    lowerPriority();
    console.log(spawnSync('nice', { encoding: 'utf8' }).stdout.trim());`;
  const niceOf = (before: number): number => {
    const args = ['--import', 'tsx', '--input-type=module', '-e', script, String(before)];
    return Number(spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' }).stdout);
  };
  const own = os.getPriority();
  expect([niceOf(own), niceOf(19)]).toEqual([Math.max(own, 10), 19]);
});
