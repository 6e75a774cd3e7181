import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { lintFiles } from '../../../src/cli/cluster/lint.js';
import { lintExit } from '../../../src/cluster/lint/render-lint.js';

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

function check(name: string) {
  const place = path.join(FOLDER, name);
  const given = statSync(place).isDirectory()
    ? { roots: readdirSync(place).map((node) => `${node}=${path.join(place, node)}`), files: [] }
    : { roots: [], files: [place] };
  return lintFiles(given, AbortSignal.timeout(60_000));
}

describe('configuration files in the styles of public deployments', () => {
  it('are forty at least, each with its verdict', () => {
    expect(cases.toSorted()).toEqual(Object.keys(verdicts).toSorted());
    expect(cases.length).toBeGreaterThanOrEqual(40);
  });
  it.each(cases)('%s', async (name) => {
    const wanted = (verdicts[name] ?? []).filter((one) => hasPrograms || !one.startsWith('S21-syntax'));
    const { results } = await check(name);
    const bad = results.filter(({ status }) => status !== 'ok').map(({ code, line }) => `${code}:${line}`);
    expect(bad.toSorted()).toEqual(wanted.toSorted());
    if (results.some(({ status }) => status === 'critical')) expect(lintExit(results)).toBe(1);
  });
});
