import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { lintFiles } from '../../../src/cli/cluster/lint.js';
import { keepValidFixes } from '../../../src/cluster/lint/keep-valid-fixes.js';
import type { LintResult } from '../../../src/cluster/lint/lint-file.js';
import { lintHaproxy } from '../../../src/cluster/lint/lint-haproxy.js';
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
/** Files of other tests that have a correction or none: what is printed for them must hold, too. */
const OLDER = ['haproxy.cfg', 'nginx.conf', 'settings_local.py', 'legacy', 'modern'].map((name) =>
  path.join('..', name),
);
const hasPrograms = existsSync('/usr/sbin/haproxy') && existsSync('/usr/sbin/nginx');

function check(place: string) {
  const given = statSync(place).isDirectory()
    ? { roots: readdirSync(place).map((node) => `${node}=${path.join(place, node)}`), files: [] }
    : { roots: [], files: [place] };
  return lintFiles(given, AbortSignal.timeout(60_000));
}

/** Findings without their lines: a correction may add some. */
const codesOf = (results: readonly LintResult[], withNotes = false): string[] =>
  results.filter(({ status }) => withNotes || status !== 'ok').map(({ code }) => code);

describe('patches', () => {
  // One test over all: whichever file has a correction, its patch is applied by patch(1) as it was printed.
  it('applied by patch -p0 as printed: their faults are gone and no other comes', async () => {
    const tried: string[] = [];
    for (const name of [...cases, ...OLDER]) {
      const own = mkdtempSync(path.join(tmpdir(), 'bbb2pod-patch-'));
      try {
        const from = path.join(FOLDER, name);
        const copy = path.join(own, path.basename(name));
        cpSync(from, copy, { recursive: true });
        const { results } = await check(copy);
        const diff = fixDiffs(results);
        if (diff === '') continue;
        tried.push(name);
        const applied = spawnSync('patch', ['-p0'], { cwd: '/', input: diff, encoding: 'utf8' });
        expect(applied.status, `${name}: ${applied.stdout}${applied.stderr}`).toBe(0);
        // A mere note may have a patch, too: what it says of is gone then.
        const before = codesOf(results, true);
        const after = codesOf((await check(copy)).results, true);
        expect(after.length, name).toBeLessThan(before.length);
        expect(
          after.filter((code) => !before.includes(code)),
          name,
        ).toEqual([]);
        // Nothing but the lines of the patch is another one.
        const again = spawnSync('patch', ['-p0', '-R'], { cwd: '/', input: diff, encoding: 'utf8' });
        expect(again.status, name).toBe(0);
        expect(textsBelow(copy)).toEqual(textsBelow(from));
      } finally {
        rmSync(own, { recursive: true, force: true });
      }
    }
    expect(tried).toEqual(
      expect.arrayContaining([
        'haproxy/shared-cookie.cfg',
        'haproxy/page-check-on-rtmp.cfg',
        'jitsi/misspelt-and-quoted',
        'jitsi/jicofo-other-domain',
        'jitsi/same-relay-id',
      ]),
    );
    // Each file goes through the programs several times.
  }, 120_000);

  it.runIf(hasPrograms)('that would break a file are not printed; the finding stays', async () => {
    const text = readFileSync(path.join(FOLDER, 'haproxy/shared-cookie.cfg'), 'utf8');
    const file = { path: path.join(FOLDER, 'haproxy/shared-cookie.cfg'), text, mode: null };
    const found = lintHaproxy(file);
    const sound = found.find(({ fix }) => fix !== null);
    if (sound?.fix == null) throw new Error('no correction to try');
    const broken = { ...sound, fix: { ...sound.fix, after: `${text}nonsense here\n` } };
    const judge = async (one: string): Promise<string[]> => (/nonsense/.test(one) ? ['nonsense'] : []);
    const kept = await keepValidFixes(file, [sound, broken], judge);
    expect(kept.map(({ fix }) => fix !== null)).toEqual([true, false]);
    expect(kept.map(({ code }) => code)).toEqual([sound.code, broken.code]);
  });
});

it.runIf(hasPrograms)("nginx's complaint has its line below a directory with a blank, too", async () => {
  const own = mkdtempSync(path.join(tmpdir(), 'bbb2pod two words '));
  try {
    const file = path.join(own, 'nginx.conf');
    writeFileSync(file, 'events {}\nhttp {\n  srever_tokens off;\n  server_nmae x;\n}\n');
    const { results } = await check(file);
    const [found] = results.filter(({ code }) => code.startsWith('S21-'));
    expect(found?.line).toBe(3);
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
});

/** All files below a place, by their path. */
function textsBelow(place: string): Record<string, string> {
  if (!statSync(place).isDirectory()) return { '': readFileSync(place, 'utf8') };
  const files = readdirSync(place, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  return Object.fromEntries(
    files.map(({ parentPath, name }) => [
      path.relative(place, path.join(parentPath, name)),
      readFileSync(path.join(parentPath, name), 'utf8'),
    ]),
  );
}

describe('configuration files in the styles of public deployments', () => {
  it('are two hundred at least, each with its verdict', () => {
    expect(cases.toSorted()).toEqual(Object.keys(verdicts).toSorted());
    expect(cases.length).toBeGreaterThanOrEqual(200);
  });
  it.each(cases)('%s', async (name) => {
    const wanted = (verdicts[name] ?? []).filter((one) => hasPrograms || !one.startsWith('S21-syntax'));
    const results = (await check(path.join(FOLDER, name))).results.filter(
      // A checkout gives files the modes of its own.
      ({ code }) => code !== 'J17-readable' && code !== 'R24-file-readable',
    );
    const bad = results.filter(({ status }) => status !== 'ok').map(({ code, line }) => `${code}:${line}`);
    expect(bad.toSorted()).toEqual(wanted.toSorted());
    if (results.some(({ status }) => status === 'critical')) expect(lintExit(results)).toBe(1);
  });
});
