import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { elapsed, type Bench } from './bench.js';

const entry = path.resolve(import.meta.dirname, '../../bin/run.js');
const env = { PATH: process.env['PATH'] ?? '', HOME: '/tmp', NODE_ENV: 'production' };
const node = (...args: string[]): Promise<number> =>
  elapsed(() => spawnSync(process.execPath, args, { env, cwd: '/tmp' }));

const baseline = { name: 'node -e 0', run: () => node('-e', '0') };

export const benches: Bench[] = [
  { name: 'bbb2pod --help', unit: 'ms', runs: 20, run: () => node(entry, '--help'), baseline, goalRatio: 3 },
  {
    name: 'bbb2pod --version',
    unit: 'ms',
    runs: 20,
    run: () => node(entry, '--version'),
    baseline,
    goalRatio: 3,
  },
  {
    name: 'bbb2pod doctor --help',
    unit: 'ms',
    runs: 20,
    run: () => node(entry, 'doctor', '--help'),
    baseline,
    goalRatio: 3.5,
  },
];
