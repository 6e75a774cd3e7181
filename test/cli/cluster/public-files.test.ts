import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { lintFiles } from '../../../src/cli/cluster/lint.js';
import type { LintResult } from '../../../src/cluster/lint/lint-file.js';
import { fixDiffs, lintExit } from '../../../src/cluster/lint/render-lint.js';

/* Files in the styles of public deployments, written for this test. verdicts.json says of each what is to be found:
   `CODE:line`, nothing for a sound one. A folder is a set of trees (`--root`), one per node. */

const FOLDER = 'fixtures/cluster/public';
const verdicts = JSON.parse(readFileSync(path.join(FOLDER, 'verdicts.json'), 'utf8')) as Record<
  string,
  readonly string[]
>;
const kinds = readdirSync(FOLDER).filter((name) => statSync(path.join(FOLDER, name)).isDirectory());
const cases = kinds.flatMap((kind) => readdirSync(path.join(FOLDER, kind)).map((name) => `${kind}/${name}`));
const hasPrograms = existsSync('/usr/sbin/haproxy') && existsSync('/usr/sbin/nginx');

function check(place: string) {
  const given = statSync(place).isDirectory()
    ? { roots: readdirSync(place).map((node) => `${node}=${path.join(place, node)}`), files: [] }
    : { roots: [], files: [place] };
  return lintFiles(given, AbortSignal.timeout(60_000));
}

/** Findings without their lines: a correction may add some. */
const codesOf = (results: readonly LintResult[]): string[] =>
  results.filter(({ status }) => status !== 'ok').map(({ code }) => code);

describe('patches of those files', () => {
  const fixable = ['haproxy/shared-cookie.cfg', 'jitsi/misspelt-and-quoted', 'jitsi/bridge-asks-itself'];
  it.each(fixable)(
    '%s: applied by patch -p0 as printed, its faults are gone and no other comes',
    async (name) => {
      const own = mkdtempSync(path.join(tmpdir(), 'bbb2pod-patch-'));
      try {
        cpSync(path.join(FOLDER, name), path.join(own, name), { recursive: true });
        const { results } = await check(path.join(own, name));
        const diff = fixDiffs(results);
        expect(diff).not.toBe('');
        const applied = spawnSync('patch', ['-p0'], { cwd: '/', input: diff, encoding: 'utf8' });
        expect(applied.status, applied.stdout + applied.stderr).toBe(0);
        const fixed = results.filter(({ fix }) => fix !== null).map(({ code }) => code);
        const left = codesOf(results).filter((code) => !fixed.includes(code as (typeof fixed)[number]));
        expect(fixed.length).toBeGreaterThan(0);
        const after = codesOf((await check(path.join(own, name))).results);
        expect(after).toEqual(left);
      } finally {
        rmSync(own, { recursive: true, force: true });
      }
    },
  );
});

describe('configuration files in the styles of public deployments', () => {
  it('are forty at least, each with its verdict', () => {
    expect(cases.toSorted()).toEqual(Object.keys(verdicts).toSorted());
    expect(cases.length).toBeGreaterThanOrEqual(40);
  });
  it.each(cases)('%s', async (name) => {
    const wanted = (verdicts[name] ?? []).filter((one) => hasPrograms || !one.startsWith('S21-syntax'));
    const results = (await check(path.join(FOLDER, name))).results.filter(
      // A checkout gives files the modes of its own.
      ({ code }) => code !== 'J17-readable',
    );
    const bad = results.filter(({ status }) => status !== 'ok').map(({ code, line }) => `${code}:${line}`);
    expect(bad.toSorted()).toEqual(wanted.toSorted());
    if (results.some(({ status }) => status === 'critical')) expect(lintExit(results)).toBe(1);
  });
});
