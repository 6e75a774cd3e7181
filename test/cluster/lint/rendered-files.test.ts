import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadTemplates } from '../../../src/cli/cluster/render.js';
import { loadInventory } from '../../../src/cluster/inventory/load.js';
import { lintHaproxy } from '../../../src/cluster/lint/lint-haproxy.js';
import { lintJitsi } from '../../../src/cluster/lint/lint-jitsi.js';
import { lintNginx } from '../../../src/cluster/lint/lint-nginx.js';
import { lintSettings } from '../../../src/cluster/lint/lint-settings.js';
import type { LintFile, LintResult } from '../../../src/cluster/lint/lint-file.js';
import { renderCluster } from '../../../src/cluster/render/render-cluster.js';
import { readPythonConstants } from '../../../src/kit/config/init/read-python.js';

const text = readFileSync('config/cluster.example.toml', 'utf8')
  .replaceAll(/^#(\w+_file = )/gm, '$1')
  .replaceAll('redis://redis', 'redis://:secret@redis');
const files = renderCluster(
  loadInventory({ path: 'cluster.toml', text }, () => 's3cret #word'),
  loadTemplates(),
);
const asFile = ({ node, path, text: content, mode }: (typeof files)[number]): LintFile => ({
  path: `${node}/${path}`,
  text: content,
  mode,
});
const bad = (results: readonly LintResult[]): string[] =>
  results.filter(({ status }) => status !== 'ok').map(({ code, file, line }) => `${code} ${file}:${line}`);
const ending = (end: string) => files.filter(({ path }) => path.endsWith(end)).map(asFile);

describe('what cluster render writes passes cluster check --file and --root', () => {
  it('haproxy.cfg', () => {
    expect(ending('haproxy.cfg').length).toBeGreaterThan(0);
    expect(ending('haproxy.cfg').flatMap((file) => bad(lintHaproxy(file)))).toEqual([]);
  });
  it('nginx.conf of ingests and broadcast nodes', () => {
    const nginx = files.filter(({ path }) => /nginx/.test(path) && /\.conf$/.test(path)).map(asFile);
    expect(nginx.length).toBeGreaterThan(1);
    expect(nginx.flatMap((file) => bad(lintNginx(file)))).toEqual([]);
  });
  it('jvb.conf and jicofo.conf', () => {
    const nodes = [
      ...new Set(files.filter(({ path }) => /jitsi|prosody/.test(path)).map(({ node }) => node)),
    ];
    const trees = nodes.map((node) => ({
      node,
      files: files.filter((file) => file.node === node).map(asFile),
    }));
    const hash = (secret: string): string => createHash('sha256').update(secret).digest('hex');
    expect(trees.length).toBeGreaterThan(2);
    expect(bad(lintJitsi(trees, hash))).toEqual([]);
  });
  it('settings of the workers', () => {
    const settings = ending('settings_local.py');
    expect(settings.length).toBeGreaterThan(1);
    expect(settings.flatMap((file) => bad(lintSettings(file, readPythonConstants(file.text))))).toEqual([]);
  });
});
