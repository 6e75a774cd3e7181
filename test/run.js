// `npm test`: every suite, one after another, each with its time. Arguments name suites to run alone. What failed is
// repeated at the very end: of a long output often only that is kept. Streams, browsers and clusters run in real time,
// on machines that others use: a file of theirs that failed is run once more, alone. What fails twice fails; what passes
// then is said to have needed it, with its first failure.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Of each message; the state of a live comes behind the assertion. */
const MESSAGE_LINES = 40;

const REAL_TIME = new Set(['recorder', 'live', 'cluster', 'e2e']);

const root = path.resolve(import.meta.dirname, '..');
const suites = ['unit', 'databases', 'recorder', 'live', 'cluster', 'e2e'];
const chosen = process.argv.length > 2 ? process.argv.slice(2) : suites;
const reports = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-tests-'));
const lines = [];
const failures = [];
let failed = 0;
for (const suite of chosen) {
  const startedAt = Date.now();
  let result = run(suite, []);
  let verdict = result.passed ? 'passed' : 'FAILED';
  if (!result.passed && REAL_TIME.has(suite) && result.files.length > 0) {
    failures.push(...result.failures.map((failure) => `AT FIRST ${failure}`));
    result = run(suite, result.files);
    verdict = result.passed ? 'passed at the second try' : 'FAILED twice';
  }
  if (!result.passed) failed++;
  failures.push(...result.failures);
  lines.push(`${suite.padEnd(10)} ${verdict} in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
}
rmSync(reports, { recursive: true, force: true });
if (failures.length > 0) console.log(`\n${failures.join('\n\n')}\n`);
console.log(lines.join('\n'));
console.log(`suites: ${chosen.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** Runs a suite, or these files of it. */
function run(suite, files) {
  const report = path.join(reports, `${suite}-${files.length}.json`);
  const { status } = spawnSync(
    path.join(root, 'node_modules/.bin/vitest'),
    [
      ...['run', '--project', suite, '--passWithNoTests'],
      ...['--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
      ...files,
    ],
    { cwd: root, stdio: 'inherit' },
  );
  return status === 0
    ? { passed: true, files: [], failures: [] }
    : { passed: false, ...failuresIn(suite, report) };
}

/** The files that failed, and each failed test with its message, from vitest's own report. */
function failuresIn(suite, report) {
  let results;
  try {
    results = JSON.parse(readFileSync(report, 'utf8')).testResults;
  } catch {
    return { files: [], failures: [`FAILED ${suite}: it ended without a report`] };
  }
  const shown = (file, name, message) =>
    `FAILED ${suite}: ${path.relative(root, file)} > ${name}\n${message
      .split('\n')
      .slice(0, MESSAGE_LINES)
      .map((line) => `  ${line}`)
      .join('\n')}`;
  const failures = results.flatMap(({ name: file, status, message, assertionResults }) => {
    const tests = assertionResults.filter((test) => test.status === 'failed');
    if (tests.length === 0 && status === 'failed') return [shown(file, '(the file)', message ?? '')];
    return tests.map(({ fullName, failureMessages }) => shown(file, fullName, failureMessages[0] ?? ''));
  });
  return { files: results.filter(({ status }) => status === 'failed').map(({ name }) => name), failures };
}
