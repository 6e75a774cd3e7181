// `npm run check`: types, lint, format, what nobody uses, licences, unit tests; two at a time, the longest first, each
// with its time. What a step says is shown when it fails. Arguments name steps to run alone.
import { spawn } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const steps = ['lint', 'types', 'unit', 'format', 'unused', 'licences'];
const formatted = ['{bin,commands,src,test}/**/*.{ts,js}', '*.{ts,js,json}'];
const commands = {
  lint: 'eslint --cache --cache-location node_modules/.cache/eslint --max-warnings 0 .'.split(' '),
  types: 'tsc --noEmit --incremental --tsBuildInfoFile node_modules/.cache/types -p test/tsconfig.json'.split(
    ' ',
  ),
  unit: 'vitest run --project unit'.split(' '),
  format: [
    ...'prettier --log-level warn --cache --cache-location node_modules/.cache/prettier/.prettier-cache --check'.split(
      ' ',
    ),
    ...formatted,
  ],
  unused: 'knip --no-progress'.split(' '),
  licences: [process.execPath, 'bin/package/licences.js'],
};
const chosen = process.argv.length > 2 ? process.argv.slice(2) : steps;
const startedAt = Date.now();
let failed = 0;

const left = [...chosen];
const hand = async () => {
  for (let step = left.shift(); step !== undefined; step = left.shift()) await run(step);
};
await Promise.all(Array.from({ length: Math.min(2, os.availableParallelism()) }, hand));
console.log(
  `check: ${chosen.length - failed} of ${chosen.length} passed in ${seconds(startedAt)} s${failed === 0 ? '' : '; see above'}`,
);
process.exitCode = failed === 0 ? 0 : 1;

/** Runs a step's program, of node_modules unless it has a path. */
async function run(step) {
  const began = Date.now();
  const [program, ...words] = commands[step];
  const file = program.includes('/') ? program : path.join(root, 'node_modules/.bin', program);
  const child = spawn(file, words, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, FORCE_COLOR: process.stdout.isTTY ? '1' : '0' },
  });
  let said = '';
  child.stdout.on('data', (chunk) => (said += chunk));
  child.stderr.on('data', (chunk) => (said += chunk));
  const code = await new Promise((resolve) => {
    child.on('error', () => resolve(1));
    child.on('close', resolve);
  });
  if (code !== 0) {
    failed++;
    process.stdout.write(said);
  }
  console.log(`${step.padEnd(9)} ${code === 0 ? 'passed' : 'FAILED'} in ${seconds(began)} s`);
}

function seconds(since) {
  return ((Date.now() - since) / 1000).toFixed(1);
}
