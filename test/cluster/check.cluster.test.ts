import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findingsOf, exitStatusOf, summarise } from '../../src/cluster/check/verdict.js';
import { ClusterBench, badOf, type BenchSystem } from '../support/cluster/cluster-bench.js';
import { lookInPeace, proveFault, type FaultOutcome } from '../support/cluster/faults.js';
import { jitsiFaults } from '../support/cluster/jitsi-faults.js';
import { podFaults } from '../support/cluster/pod-faults.js';
import { streamingFaults } from '../support/cluster/streaming-faults.js';

const faults = [...streamingFaults, ...jitsiFaults, ...podFaults].filter(({ family }) => family === true);
const systems: readonly BenchSystem[] = ['streaming', 'jitsi', 'encoding'];
const bench = new ClusterBench(systems);
const outcomes = new Map<string, FaultOutcome>();

beforeAll(async () => {
  await bench.start();
});
afterAll(async () => {
  await bench.stop();
});

describe('cluster check on real servers', () => {
  it('finds nothing wrong on the healthy bench', async () => {
    const report = await lookInPeace(bench);
    expect(badOf(report.results)).toEqual([]);
    expect(exitStatusOf(summarise(report.results))).toBe(0);
    expect(report.results.length).toBeGreaterThan(60);
    // Two seconds on a quiet machine (`npm run bench cluster`); a loaded one must only not hang.
    expect(report.ms).toBeLessThan(15_000);
  });

  it('leaves no reply queue and no key behind', async () => {
    const client = bench.pod.client(5);
    const before = (await client.keys('*')).sort();
    await bench.check({ systems: ['encoding'], probe: true });
    expect((await client.keys('*')).sort()).toEqual(before);
    expect(await client.smembers('_kombu.binding.reply.celery.pidbox')).toEqual([]);
    client.disconnect();
  });

  it('writes nothing at all with --passive', async () => {
    const client = bench.pod.client(5);
    await client.config('RESETSTAT');
    const report = await lookInPeace(bench, { passive: true });
    expect(badOf(report.results)).toEqual([]);
    expect(report.contacts.filter(({ writes }) => writes !== null)).toEqual([]);
    const commands = await client.info('commandstats');
    client.disconnect();
    expect(commands).not.toMatch(/cmdstat_(sadd|lpush|set|del|srem)\b/);
  });

  it('keeps to the checks that are asked, with their causes', async () => {
    const report = await bench.check({ only: ['S09', 'P07'] });
    expect(new Set(report.results.map(({ check }) => check))).toEqual(new Set(['S09', 'P07']));
    expect(report.results.map(({ system }) => system)).not.toContain('jitsi');
  });
});

describe('a fault of each family names its cause first', () => {
  // The three systems are broken side by side: one after another they would take three times as long.
  beforeAll(async () => {
    await Promise.all(
      systems.map(async (system) => {
        for (const fault of faults.filter((one) => one.system === system))
          outcomes.set(fault.name, await proveFault(bench, fault));
      }),
    );
    // As long as a busy machine takes for all of them.
  }, 480_000);

  it.each(faults.map((fault) => [fault.name, fault] as const))('%s', (name, fault) => {
    const outcome = outcomes.get(name);
    expect(outcome?.said).toMatch(new RegExp(`^${fault.status} ${fault.first.source.replace(/^\^/, '')}`));
    expect(outcome?.passed).toBe(true);
  });

  it('is healthy again', async () => {
    expect(findingsOf((await bench.check()).results)).toEqual([]);
  });
});
