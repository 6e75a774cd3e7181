import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadInventory } from '../../../src/cluster/inventory/load.js';
import { bandwidthTable } from '../../../src/cluster/plan/bandwidth-table.js';
import { compareWithInventory, sayComparison } from '../../../src/cluster/plan/compare.js';
import { demandsOf } from '../../../src/cluster/plan/demand.js';
import { asciiDiagram, mermaidDiagram } from '../../../src/cluster/plan/diagram.js';
import * as f from '../../../src/cluster/plan/formulas.js';
import { planEncoding, planJitsi, planStreaming } from '../../../src/cluster/plan/plan-capacity.js';
import { renderPlan } from '../../../src/cluster/plan/render-plan.js';

const all = (rate: number) => [{ rate, share: 1 }];
const example = () =>
  loadInventory(
    { path: 'cluster.toml', text: readFileSync('config/cluster.example.toml', 'utf8') },
    () => 'secret',
  );
const only = { streaming: null, jitsi: null, encoding: null };

describe('streaming', () => {
  it('draws 18.9 Gb/s for 5000 viewers at 3.5 Mb/s, overhead included', () => {
    expect(f.egress(5000, all(3.5e6))).toBeCloseTo(18.9e9, 0);
  });
  it('takes 4 nodes of 10 Gb/s, or 28 of 1 Gb/s', () => {
    expect(f.nodesFor(18.9e9, 10e9)).toBe(4);
    expect(f.nodesFor(18.9e9, 1e9)).toBe(28);
  });
  it('keeps N-1 nodes below 90 % of their link', () => {
    for (const flow of [1e9, 6.3e9, 18.9e9, 27e9]) {
      const nodes = f.nodesFor(flow, 10e9);
      expect(flow / ((nodes - 1) * 10e9)).toBeLessThanOrEqual(0.9);
    }
  });
  it('says that a 10 Gb/s balancer does not carry it', () => {
    expect(f.balancerCarries(18.9e9, 10e9)).toBe(false);
    expect(f.balancerCarries(18.9e9, 40e9)).toBe(true);
  });
  it('counts transfers, requests, sockets and what maxconn lets through', () => {
    expect(f.concurrentTransfers(5000, 3.5e6, 20e6)).toBeCloseTo(875);
    expect(Math.floor(f.requestsPerSecond(5000, 3))).toBe(3333);
    expect(f.clientSockets(5000, 2)).toBe(5000);
    expect(f.viewersOfMaxconn(4 * 20, 3.5e6, 20e6)).toBe(457);
    expect(f.viewersOfMaxconn(4 * 20, 3.5e6, 10e6)).toBe(228);
  });
  it('weighs rates by the shares of viewers', () => {
    const rates = [
      { rate: 1e6, share: 20 },
      { rate: 3e6, share: 80 },
    ];
    expect(f.meanRate(rates)).toBeCloseTo(2.6e6);
  });
  it('sizes the HLS files: rates x playlist x 3 / 8', () => {
    expect(f.hlsBytes(5e6, 60)).toBe(112_500_000);
  });
});

describe("the page's table", () => {
  it('is regenerated right, and marks its two doubled cells', () => {
    const cells = bandwidthTable();
    expect(cells.map((row) => row.map(({ flow }) => flow / 1e6))).toEqual([
      [1, 100, 1000, 5000],
      [2, 200, 2000, 10_000],
      [3.5, 350, 3500, 17_500],
      [5, 500, 5000, 25_000],
    ]);
    const doubled = cells.flat().filter(({ printed }) => printed !== null);
    expect(doubled.map(({ flow, printed }) => [flow, printed])).toEqual([
      [17.5e9, 35e9],
      [25e9, 50e9],
    ]);
    for (const { flow, printed } of doubled) expect(printed).toBe(flow * 2);
  });
  it('explains them in words', () => {
    const text = renderPlan(only, [], { table: true });
    expect(text).toContain('17.5 Gb/s *');
    expect(text.replaceAll(/\s+/g, ' ')).toContain(
      'the page of 2021 prints 35 Gb/s, which is that of 10,000 viewers',
    );
  });
  it('would have bought 7 nodes of 10 Gb/s instead of 4', () => {
    expect(f.nodesFor(35e9 * f.OVERHEAD, 10e9)).toBe(7);
  });
});

describe('Jitsi', () => {
  it('gives the egress of rooms of 3, 20 and 80', () => {
    expect(f.roomEgress(3, 20)).toBeCloseTo(8.1e6, 0);
    expect(f.roomEgress(20, 20)).toBeCloseTo(122e6, 0);
    expect(f.roomEgress(80, 20) / 1e6).toBeCloseTo(504);
  });
  it('takes 5 bridges for 300 participants in rooms of 20 on 1 Gb/s', () => {
    expect(planJitsi({ participants: 300, roomSize: 20, lastN: 20, nic: 1e9 })).toMatchObject({
      bridges: 5,
      roomFits: true,
    });
  });
  it('says when a room fits no bridge', () => {
    expect(planJitsi({ participants: 300, roomSize: 120, lastN: 20, nic: 1e9 }).roomFits).toBe(false);
  });
});

describe('encoding', () => {
  it('gives 108 minutes per hour to 8 cores', () => {
    expect(f.minutesPerHour(8, 4)).toBeCloseTo(108);
  });
  it('adds one worker to what 70 % of the throughput takes', () => {
    expect(planEncoding({ peakMinutesPerHour: 60, cores: 8, coreMinutes: 4 }).workers).toBe(2);
    expect(planEncoding({ peakMinutesPerHour: 200, cores: 8, coreMinutes: 4 }).workers).toBe(4);
  });
});

describe('the inventory', () => {
  it('is compared with the plan: one node short for 5000 viewers', () => {
    const inventory = example();
    const demand = demandsOf({ viewers: 5000, rates: all(2.4e6) }, inventory).streaming!;
    const plans = { ...only, streaming: planStreaming(demand) };
    const broadcast = compareWithInventory(plans, inventory).find(({ role }) => role === 'broadcast')!;
    expect(broadcast).toMatchObject({ available: 2, needed: 3, spare: -1 });
    expect(sayComparison(broadcast)).toBe('one broadcast node short for 5000 viewers: 2 available, 3 needed');
  });
  it('does not count nodes in maintenance', () => {
    const inventory = { ...example(), maintenance: ['jvb2'] };
    const plans = { ...only, jitsi: planJitsi(demandsOf({}, inventory).jitsi!) };
    expect(compareWithInventory(plans, inventory)).toMatchObject([{ role: 'jvb', present: 2, available: 1 }]);
  });
  it('takes the worst case from the ladder when no rate is given', () => {
    expect(demandsOf({}, example()).streaming).toMatchObject({
      viewers: 1000,
      rates: [{ rate: 2_928_000, share: 1 }],
      nics: [{ nic: 10e9 }],
    });
  });
  it('is drawn within 80 columns and in Mermaid', () => {
    const drawing = asciiDiagram(example());
    expect(Math.max(...drawing.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(drawing).toContain('| broadcast1 | | broadcast2 |');
    const mermaid = mermaidDiagram(example());
    expect(mermaid).toMatch(/^flowchart TB\n/);
    expect(mermaid.match(/---\|"http, HLS"\|/g)).toHaveLength(4);
  });
});
