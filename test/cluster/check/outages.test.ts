import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { findMount, readShare } from '../../../src/cluster/adapters/machine/share.js';
import type { ClusterResult } from '../../../src/cluster/check/cluster-result.js';
import { targetsOf } from '../../../src/cluster/check/targets-of-inventory.js';
import { loadInventory } from '../../../src/cluster/inventory/load.js';
import { judgeJitsi } from '../../../src/cluster/jitsi/judge.js';
import type { JitsiRunFacts } from '../../../src/cluster/jitsi/run-facts.js';
import { judgeStreaming } from '../../../src/cluster/streaming/judge.js';
import type { StreamingFacts } from '../../../src/cluster/streaming/run-facts.js';
import type { Fault, Outcome } from '../../../src/kit/outcome.js';

const targets = (text: string, isLocal = (host: string) => host.startsWith('127.')) =>
  targetsOf(
    loadInventory({ path: 'cluster.toml', text }, () => ''),
    {
      isLocal,
      readText: () => '',
      resolvePath: (file) => file,
      bridgeCapacity: 80,
      neededBroadcasts: null,
    },
  );
const jitsi = (jicofo: string, rest: string): string =>
  `[jitsi]\ndomain = "visio.test"\njms = { address = "visio.test", jicofo_url = "${jicofo}" }\n` +
  `[jitsi.jvbs.jvb1]\naddress = "jvb1.test"\nrest_url = "${rest}"\n`;
const failed = <T>(fault: Fault): Outcome<T> => ({ ok: false, fault, detail: `it says ${fault}`, ms: 1 });
const said = (results: readonly ClusterResult[]): string[] =>
  results
    .filter(({ status }) => status !== 'ok')
    .map(({ code, status, node }) => `${status} ${code} ${node}`);

/** A Jitsi whose REST interfaces fail as given; the rest of it does not answer either. */
const judge = (text: string, fault: Fault, statistics: Fault = fault): string[] => {
  const all = targets(text);
  if (all.jitsi === null) throw new Error('no Jitsi');
  const healthy = { ok: true as const, ms: 1, value: { healthy: true, status: 200, reason: '' } };
  const facts: JitsiRunFacts = {
    at: 0,
    addresses: { ok: true, ms: 1, value: ['192.0.2.1'] },
    page: failed('refused'),
    certificate: failed('refused'),
    config: failed('refused'),
    bosh: failed('refused'),
    webSocket: failed('refused'),
    login: null,
    xmpp: null,
    jicofo: all.jitsi.jicofoUrl === null ? null : failed(fault),
    bridges: all.jitsi.bridges.map(({ name, restUrl }) => ({
      name,
      addresses: { ok: true, ms: 1, value: ['192.0.2.2'] },
      health: restUrl === null ? null : fault === statistics ? failed(fault) : healthy,
      statistics: restUrl === null ? null : failed(statistics),
      media: { ok: true, ms: 1, value: 'open-or-filtered' },
      kernel: null,
    })),
  };
  return said(judgeJitsi(facts, all.jitsi, all)).filter((line) => !line.includes('J01'));
};

it('tells a configured REST that refuses, and asks a tunnel', () => {
  const open = jitsi('http://visio.test:8888', 'http://jvb1.test:8080');
  expect(judge(open, 'refused')).toEqual(['critical J05-jicofo-silent jms', 'critical J07-silent jvb1']);
  // Closed by its configuration: it answers, but not to this.
  expect(judge(open, 'missing')).toEqual(['warning J05-jicofo-silent jms', 'warning J07-silent jvb1']);
  expect(judge(open, 'denied', 'missing')).toEqual(['warning J05-jicofo-silent jms', 'warning J08-off jvb1']);
  const tunnel = jitsi('http://127.0.0.1:18888', 'http://127.0.0.1:18080');
  expect(judge(tunnel, 'refused')).toContain('critical J05-jicofo-silent jms');
  // The loopback of another machine, as the example configuration writes it, cannot be asked from here.
  expect(judge(jitsi('http://127.0.0.1:8888', 'http://127.0.0.1:8080'), 'refused')).toEqual([]);
});

it('counts no node that HAProxy does not call up itself', () => {
  const all = targets(
    '[streaming]\npublic_name = "live.test"\n[streaming.balancers.lb1]\naddress = "192.0.2.1"\n' +
      '[streaming.broadcasts.b1]\naddress = "192.0.2.2"\n[streaming.broadcasts.b2]\naddress = "192.0.2.3"\n',
  );
  if (all.streaming === null) throw new Error('no streaming');
  const { streaming } = all;
  const spare = (...states: readonly [string, string][]): string | undefined => {
    const rows = states.flatMap(([b1, b2]) => [
      ['b1', b1],
      ['b2', b2],
    ]);
    const facts: StreamingFacts = {
      at: 0,
      balancers: [
        {
          name: 'lb1',
          http: null,
          https: null,
          certificate: null,
          stickiness: null,
          exposures: [],
          statistics: {
            ok: true,
            ms: 1,
            value: {
              info: {},
              rows: rows.map(([server = '', status = ''], i) => ({
                ...{
                  proxy: `p${i}`,
                  server,
                  status,
                  lastCheck: '',
                  checkStatus: '',
                  cookie: '',
                  address: '',
                },
                values: {},
              })),
            },
          },
        },
      ],
      broadcasts: [],
      ingests: [],
      publicAddresses: null,
    };
    return judgeStreaming(facts, streaming, all).find(({ check }) => check === 'S06')?.code;
  };
  // Each node also stands, unchecked, in a backend of its own name.
  const alone: [string, string] = ['no check', 'no check'];
  expect(spare(['UP', 'UP'], alone)).toBe('S06');
  expect(spare(['DOWN', 'DOWN'], alone)).toBe('S06-no-spare');
  expect(spare(['UP', 'DRAIN'], alone)).toBe('S06-no-spare');
  expect(spare(alone)).toBe('S06-no-spare');
});

it('looks a mount up by its real path', async () => {
  const home = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-mount-'));
  try {
    mkdirSync(path.join(home, 'real'));
    // /proc is a mount of its own everywhere: what a link to it says must be said of it.
    symlinkSync('/proc', path.join(home, 'link'));
    expect((await readShare(path.join(home, 'link'))).mountPoint).toBe('/proc');
    expect((await readShare(path.join(home, 'link'))).fileSystem).toBe('proc');
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
  expect(findMount('1 0 0:1 / /srv ro - nfs nas:/media rw', '/srv/media')?.readOnly).toBe(true);
});
