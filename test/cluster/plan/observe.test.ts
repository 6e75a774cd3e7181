import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { targetsOf } from '../../../src/cluster/check/targets-of-inventory.js';
import type { Outcome } from '../../../src/kit/outcome.js';
import { loadInventory } from '../../../src/cluster/inventory/load.js';
import { compareWithInventory, sayComparison } from '../../../src/cluster/plan/compare.js';
import { demandsOf } from '../../../src/cluster/plan/demand.js';
import { observeRunning, type ObservePorts } from '../../../src/cluster/plan/observe.js';
import { planEncoding, planJitsi, planStreaming } from '../../../src/cluster/plan/plan-capacity.js';
import { renderPlan } from '../../../src/cluster/plan/render-plan.js';
import type { HaproxyRow } from '../../../src/cluster/streaming/facts.js';
import { maxconnOf } from '../../../src/cluster/streaming/servers.js';

const inventory = loadInventory(
  { path: 'cluster.toml', text: readFileSync('config/cluster.example.toml', 'utf8') },
  () => 'secret',
);
const targets = targetsOf(inventory, {
  isLocal: () => false,
  readText: () => '',
  resolvePath: (file) => file,
  bridgeCapacity: 80,
  neededBroadcasts: null,
});
const row = (proxy: string, server: string, status: string, slim?: number): HaproxyRow => ({
  ...{ proxy, server, status, lastCheck: '', checkStatus: '', cookie: '', address: '' },
  values: slim === undefined ? {} : { slim },
});
const good = <T>(value: T): Promise<Outcome<T>> => Promise.resolve({ ok: true, value, ms: 1 });
const refused = (): Promise<Outcome<never>> =>
  Promise.resolve({ ok: false, fault: 'refused', detail: 'connection refused', ms: 1 });
const silent: ObservePorts = {
  web: refused,
  haproxyStatistics: refused,
  rtmpConnect: refused,
  jicofo: refused,
  bridgeStatistics: refused,
  broker: async () => ({
    ...{ broker: 'redis://redis:6379/5', host: 'redis', database: 5, queues: ['encoding'] },
    ...{ workers: null, heartbeats: null, contents: null, waitingConsumers: null, open: null, write: null },
    state: { ok: false, fault: 'timeout', detail: 'no answer in 2 s', ms: 2000 },
  }),
};
const answering = (rows: HaproxyRow[]): ObservePorts => ({
  ...silent,
  web: ({ url }) =>
    good({ url, status: 200, headers: {}, body: Buffer.from(''), totalBytes: 0, protocol: null }),
  haproxyStatistics: () => good({ rows, info: {} }),
});
const media = [
  row('media', 'broadcast1', 'UP', 20),
  row('media', 'broadcast2', 'DOWN', 20),
  row('media', 'spare1', 'MAINT', 20),
  row('node_broadcast1', 'broadcast1', 'UP'),
];
const plans = () => {
  const { streaming, jitsi, encoding } = demandsOf(
    { viewers: 5000, rates: [{ rate: 2.4e6, share: 1 }], participants: 100, minutesPerHour: 60 },
    inventory,
  );
  return {
    streaming: planStreaming(streaming!),
    jitsi: planJitsi(jitsi!),
    encoding: planEncoding(encoding!),
  };
};

describe('the running cluster', () => {
  it('is one node shorter than the inventory while a node is down', async () => {
    const running = await observeRunning(targets, answering(media));
    expect(running.broadcast).toMatchObject({ ok: true, count: 1, names: ['broadcast1'] });
    const broadcast = compareWithInventory(plans(), inventory, running).find(
      ({ role }) => role === 'broadcast',
    )!;
    expect(broadcast).toMatchObject({ available: 1, needed: 3, spare: -2, missing: ['broadcast2'] });
    expect(sayComparison(broadcast)).toBe(
      'two broadcast nodes short for 5000 viewers: 1 up of 2, 3 needed (not up: broadcast2; HAProxy of lb1, lb2)',
    );
  });
  it('counts a slot in reserve that was readied', async () => {
    const rows = [...media.slice(0, 2), row('media', 'spare1', 'UP', 20)];
    expect((await observeRunning(targets, answering(rows))).broadcast).toMatchObject({ count: 2 });
  });
  it('is not what maintenance takes out', async () => {
    const away = { ...targets, maintenance: ['broadcast1'] };
    expect((await observeRunning(away, answering(media))).broadcast).toMatchObject({ count: 0 });
  });
  it('gives way to the inventory, said aloud, when nobody answers', async () => {
    const running = await observeRunning(targets, silent);
    const comparison = compareWithInventory(plans(), inventory, running);
    const say = (role: string) => sayComparison(comparison.find((one) => one.role === role)!);
    expect(say('broadcast')).toBe(
      'one broadcast node short for 5000 viewers: 2 listed, 3 needed. Only the inventory speaks: lb1: connection refused; lb2: connection refused',
    );
    expect(say('worker (encoding)')).toContain(
      'Only the inventory speaks: redis://redis:6379/5: no answer in 2 s',
    );
    // What answers no connection at all is not up: that needs nobody's word.
    expect(comparison.find(({ role }) => role === 'ingest')).toMatchObject({
      available: 0,
      by: { running: true },
    });
  });
  it('counts bridges as jicofo does: a draining one takes nobody', async () => {
    const bridge = (nickname: string, draining: boolean) => ({
      ...{
        nickname,
        healthy: true,
        operational: true,
        draining,
        version: null,
      },
    });
    const ports: ObservePorts = {
      ...silent,
      jicofo: () =>
        good({
          health: { healthy: true, status: 200, reason: '' },
          ...{ operationalCount: 2, lostBridges: 0, versionCount: 1, participants: 0 },
          bridges: [bridge('JVB1', false), bridge('jvb2', true)],
        }),
    };
    const there = { ...targets, jitsi: { ...targets.jitsi!, jicofoUrl: 'http://jms:8888' } };
    expect((await observeRunning(there, ports)).jvb).toMatchObject({
      count: 1,
      names: ['jvb1'],
      by: 'jicofo',
    });
  });
  it('tells which maxconn lets too few in: 4 servers of 20 carry 457 viewers at 3.5 Mb/s', async () => {
    const four = [1, 2, 3, 4].map((n) => row('broadcast', `broadcast${n}`, 'UP', 20));
    expect(maxconnOf(four, ['broadcast1', 'broadcast2', 'broadcast3', 'broadcast4'])).toBe(80);
    const demand = demandsOf({ viewers: 5000, rates: [{ rate: 3.5e6, share: 1 }], maxconnSum: 80 }, null);
    const text = renderPlan(
      { streaming: planStreaming(demand.streaming!), jitsi: null, encoding: null },
      [],
      { table: false },
    );
    expect(text).toMatch(/viewers that maxconn allows\s+457 \(servers' maxconn: 80\): TOO FEW for 5,000/);
  });
  it('takes servers without a limit for no limit, and those that are down for none', () => {
    expect(maxconnOf(media, ['broadcast1', 'broadcast2'])).toBe(20);
    expect(maxconnOf([row('media', 'broadcast1', 'UP')], ['broadcast1'])).toBeNull();
    expect(maxconnOf(media, ['other'])).toBeNull();
  });
});
