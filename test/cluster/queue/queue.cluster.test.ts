import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Context } from '../../../src/cli/kit/context.js';
import { prepareDrain } from '../../../src/cli/cluster/drain.js';
import { lookAtQueues } from '../../../src/cli/cluster/queue.js';
import { renderQueues } from '../../../src/cluster/queue/render-queue.js';
import { PodBench } from '../../support/cluster/pod-bench.js';
import { freePorts } from '../../../src/kit/adapters/network/free-ports.js';

const HOST = os.hostname();

/** Real Redis, real Celery workers with Pod's names: what `celery inspect` hides must show. */
describe('cluster queue, drain and ready of workers', () => {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-queue-'));
  const inventory = path.join(directory, 'cluster.toml');
  const bench = new PodBench(directory);
  const context = new Context({
    configFile: undefined,
    configurationRequired: false,
    logLevel: 'error',
    logFile: undefined,
    signal: new AbortController().signal,
  });
  let video = '';

  beforeAll(async () => {
    const [port = 0] = await freePorts(1);
    bench.redisPort = port;
    await bench.startRedis();
    bench.startWorker({ name: 'encode1', jobSeconds: 2, prefetch: 4 });
    bench.startWorker({ name: 'encode2', jobSeconds: 300, prefetch: 1 });
    video = path.join(directory, 'media', 'videos', 'a.mp4');
    const source = ['-f', 'lavfi', '-t', '600', '-i', 'color=size=32x32:rate=1', '-c:v', 'libx264', video];
    execFileSync('/usr/bin/ffmpeg', ['-nostdin', '-loglevel', 'error', ...source]);
    writeFileSync(
      inventory,
      [
        `[encoding.brokers.main]\nurl = "${bench.brokerUrl(5)}"\nqueues = ["encoding"]`,
        ...['encode1', 'encode2'].map(
          (name) =>
            `[encoding.workers.${name}]\naddress = "127.0.0.1"\nqueue = "encoding"\ncores = 8\nnode_name = "${name}@${HOST}"`,
        ),
      ].join('\n'),
    );
    await bench.waitForSubscribers(5, 2);
  });
  afterAll(async () => {
    await Promise.all([...bench.workers.values()].map(({ celery }) => celery.stop('SIGKILL')));
    await bench.redis.stop('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  });

  const look = async () => {
    const { brokers } = await lookAtQueues(context, { inventory, waitMs: 2000, peek: 100 });
    const [broker] = brokers;
    const queue = broker!.queues[0]!;
    return { broker: broker!, queue };
  };
  const until = async (holds: () => Promise<boolean>, limitMs = 60_000): Promise<void> => {
    const startedAt = Date.now();
    while (!(await holds())) {
      if (Date.now() - startedAt > limitMs) throw new Error('waited in vain');
      await pause(200);
    }
  };
  const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  const change = async (direction: 'drain' | 'ready', node: string, belowPlan = false): Promise<string[]> => {
    const said: string[] = [];
    await prepareDrain(context, direction, {
      inventory,
      node,
      address: undefined,
      waitSeconds: 20,
      belowPlan,
      say: (line) => said.push(line),
    }).apply();
    return said;
  };

  it('shows an empty queue with its workers', async () => {
    const { broker, queue } = await look();
    expect(queue).toMatchObject({ active: 0, reserved: 0, waiting: 0, orphaned: 0, endsAtSeconds: null });
    expect([...queue.workers].sort()).toEqual([`encode1@${HOST}`, `encode2@${HOST}`]);
    expect(broker).toMatchObject({ silentWorkers: 0, sharedNames: [], strangers: [] });
  });

  it('counts every job once: what runs, what was prefetched and what lies in Redis', async () => {
    for (let id = 1; id <= 12; id++) await bench.enqueue(id, video);
    let { queue } = await look();
    // While a worker takes a job, it is in Redis no more and with the worker not yet.
    await until(async () => {
      ({ queue } = await look());
      return queue.active === 2 && queue.active + queue.reserved + queue.waiting >= 12;
    });
    expect(queue.active + queue.reserved + queue.waiting).toBe(12);
    // `celery inspect reserved` would give the first figure alone.
    expect(queue.reserved).toBeLessThan(queue.reserved + queue.waiting);
    expect(queue.orphaned).toBe(0);
    expect(new Set(queue.tasks.map(({ videoId }) => videoId)).size).toBe(12);
    const [first] = queue.tasks;
    expect(first).toMatchObject({ state: 'active', file: video });
    expect(first!.durationSeconds).toBeCloseTo(600, 0);
    expect(first!.ageSeconds).toBeGreaterThanOrEqual(0);
    // 600 s of media, 8 cores, factor 4: 333 s of work each; twelve jobs on two workers take six turns.
    const left = queue.endsAtSeconds! - Date.now() / 1000;
    expect(left).toBeGreaterThan(333 * 5);
    expect(left).toBeLessThan(333 * 7);
    const text = renderQueues([(await look()).broker], { limit: 30, clock: () => '12:00' });
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('drains a worker: its job ends, it takes no other, and its prefetched jobs are said', async () => {
    const said = await change('drain', 'encode1');
    expect(said[0]).toContain('no longer consuming from encoding');
    expect(said.at(-1)).toMatch(/encode1@\S+ is idle/);
    const { queue } = await look();
    expect(queue.workers).toEqual([`encode2@${HOST}`]);
    await expect(change('drain', 'encode2')).rejects.toMatchObject({ code: 'cluster-below-plan' });
    expect((await look()).queue.workers).toEqual([`encode2@${HOST}`]);
  });

  it('takes it back', async () => {
    expect((await change('ready', 'encode1')).at(-1)).toContain('takes jobs of encoding again');
    expect((await look()).queue.workers).toHaveLength(2);
  });

  it('finds the jobs that a killed worker held', async () => {
    const before = (await look()).queue;
    const held = before.tasks.filter(
      ({ state, worker }) => state === 'reserved' && worker === `encode2@${HOST}`,
    );
    expect(held.length).toBeGreaterThan(0);
    await bench.workers.get('encode2')!.celery.stop('SIGKILL');
    const { broker, queue } = await look();
    expect(queue.orphaned).toBeGreaterThanOrEqual(held.length);
    const orphans = queue.tasks.filter(({ state }) => state === 'orphaned').map(({ videoId }) => videoId);
    for (const { videoId } of held) expect(orphans).toContain(videoId);
    const text = renderQueues([broker], { limit: 30, clock: () => '12:00' });
    expect(text).toContain('delivered to a worker that is gone');
  });

  it('tells a worker that hears and does not answer', async () => {
    const { celery } = bench.workers.get('encode1')!;
    celery.signal('SIGSTOP');
    try {
      const { broker } = await look();
      expect(broker.silentWorkers).toBe(1);
    } finally {
      celery.signal('SIGCONT');
    }
  });

  it('refuses to drain a name that two workers share', async () => {
    bench.startWorker({ name: 'twin', nodeName: 'encode1@%h' });
    await bench.waitForSubscribers(5, 2);
    expect((await look()).broker.sharedNames).toEqual([`encode1@${HOST}`]);
    await expect(change('drain', 'encode1', true)).rejects.toMatchObject({ code: 'cluster-name-shared' });
    expect((await look()).queue.workers).toHaveLength(2);
  });

  it('leaves nothing behind in Redis', async () => {
    const client = bench.client(5);
    expect(await client.keys('*reply*')).toEqual([]);
    client.disconnect();
  });
});
