// `npm test`: every suite, one after another, each with its time. Arguments name suites to run alone.
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const suites = ['unit', 'databases', 'recorder', 'live', 'cluster', 'e2e'];
const chosen = process.argv.length > 2 ? process.argv.slice(2) : suites;
const lines = [];
let failed = 0;
for (const suite of chosen) {
  const startedAt = Date.now();
  const { status } = spawnSync(
    path.join(root, 'node_modules/.bin/vitest'),
    ['run', '--project', suite, '--passWithNoTests'],
    { cwd: root, stdio: 'inherit' },
  );
  if (status !== 0) failed++;
  lines.push(
    `${suite.padEnd(10)} ${status === 0 ? 'passed' : 'FAILED'} in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`,
  );
}
console.log(lines.join('\n'));
console.log(`suites: ${chosen.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
