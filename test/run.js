// `npm test`: every suite, one after another, each with its time. Arguments name suites to run alone. What failed is
// repeated at the very end: of a long output often only that is kept. Nothing runs twice: a failure is a failure.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Of each message; the state of a live comes behind the assertion. */
const MESSAGE_LINES = 40;

const root = path.resolve(import.meta.dirname, '..');
const suites = ['unit', 'databases', 'recorder', 'live', 'cluster', 'e2e'];
const chosen = process.argv.length > 2 ? process.argv.slice(2) : suites;
const reports = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-tests-'));
const lines = [];
const failures = [];
let failed = 0;
for (const suite of chosen) {
  const startedAt = Date.now();
  const result = run(suite);
  if (!result.passed) failed++;
  failures.push(...result.failures);
  lines.push(
    `${suite.padEnd(10)} ${result.passed ? 'passed' : 'FAILED'} in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`,
  );
}
rmSync(reports, { recursive: true, force: true });
if (failures.length > 0) console.log(`\n${failures.join('\n\n')}\n`);
console.log(lines.join('\n'));
console.log(`suites: ${chosen.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** Runs a suite. */
function run(suite) {
  const report = path.join(reports, `${suite}.json`);
  const { status } = spawnSync(
    path.join(root, 'node_modules/.bin/vitest'),
    [
      ...['run', '--project', suite, '--passWithNoTests'],
      ...['--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    ],
    { cwd: root, stdio: 'inherit' },
  );
  return status === 0
    ? { passed: true, failures: [] }
    : { passed: false, failures: failuresIn(suite, report) };
}

/** Each failed test with its message, from vitest's own report. */
function failuresIn(suite, report) {
  let results;
  try {
    results = JSON.parse(readFileSync(report, 'utf8')).testResults;
  } catch {
    return [`FAILED ${suite}: it ended without a report`];
  }
  const shown = (file, name, message) =>
    `FAILED ${suite}: ${path.relative(root, file)} > ${name}\n${message
      .split('\n')
      .slice(0, MESSAGE_LINES)
      .map((line) => `  ${line}`)
      .join('\n')}`;
  return results.flatMap(({ name: file, status, message, assertionResults }) => {
    const tests = assertionResults.filter((test) => test.status === 'failed');
    if (tests.length === 0 && status === 'failed') return [shown(file, '(the file)', message ?? '')];
    return tests.map(({ fullName, failureMessages }) => shown(file, fullName, failureMessages[0] ?? ''));
  });
}
