// `npm run prove NAME …`: a proof that takes too long for `npm test`. Without a name: the list. What it needs of Debian
// is installed first.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';

const here = import.meta.dirname;
const root = path.resolve(here, '../..');
/** Files of this folder that only serve the proofs. */
const PARTS = new Set([
  'run.js',
  'live-ends.ts',
  'live-generations.ts',
  'live-targets.ts',
  'soak-judge.ts',
  'soak-judge.test.ts',
  'soak-watch.ts',
]);
/** A suite of `npm test` at its full length. */
const SUITES = { secrets: 'test/e2e/secrets.e2e.test.ts' };
/** What node needs to be told, by proof. */
const OPTIONS = { fuzz: ['--expose-gc'] };

const names = readdirSync(here)
  .filter((name) => /\.ts$/.test(name) && !PARTS.has(name))
  .map((name) => name.replace(/\.ts$/, ''))
  .concat(Object.keys(SUITES))
  .sort();
const [name, ...rest] = process.argv.slice(2);
if (name === undefined || !names.includes(name)) {
  console.error(`npm run prove NAME, where NAME is one of: ${names.join(', ')}`);
  process.exitCode = 2;
} else {
  const steps = [['bash', ['bin/setup', '--test']]];
  if (SUITES[name] !== undefined)
    steps.push([
      path.join(root, 'node_modules/.bin/vitest'),
      ['run', '--project', 'e2e', SUITES[name], ...rest],
    ]);
  else
    steps.push([
      process.execPath,
      [...(OPTIONS[name] ?? []), '--import', 'tsx', path.join(here, `${name}.ts`), ...rest],
    ]);
  for (const [program, words] of steps) {
    const { status } = spawnSync(program, words, {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, BBB2POD_PROVE: process.env.BBB2POD_PROVE ?? 'all' },
    });
    process.exitCode = status ?? 1;
    if (process.exitCode !== 0) break;
  }
}
