import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Redis } from 'ioredis';
import { startSampleServer, type SampleServer } from '../../src/bbb-server/sample/sample-server.js';
import { runCli } from '../e2e/run-cli.js';
import { listedRecordings, startQueueRedis, type QueueRedis } from '../support/queue-bench.js';
import { elapsed, type Bench } from './bench.js';

const RECORDINGS = 1000;

interface Site {
  readonly directory: string;
  readonly bbb: SampleServer;
  readonly redis: QueueRedis;
}

/** The whole command, from the listing of BBB to the journal and Redis. */
export const benches: Bench[] = [
  {
    name: `enqueue ${RECORDINGS} conversions`,
    unit: 'ms/recording',
    runs: 3,
    begin: async (): Promise<Site> => {
      const directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-bench-'));
      mkdirSync(path.join(directory, 'out'));
      const ids = Array.from(
        { length: RECORDINGS },
        (_, i) => `${i.toString(16).padStart(40, '0')}-${1_700_000_000_000 - i * 3_600_000}`,
      );
      const bbb = await startSampleServer({
        secret: 'bench',
        recordings: await listedRecordings(ids, directory),
        directory: path.join(directory, 'published'),
      });
      const redis = await startQueueRedis(path.join(directory, 'redis'), true);
      writeFileSync(
        path.join(directory, 'bbb2pod.toml'),
        `state_dir = "${directory}/state"\n[bbb]\nurl = "${bbb.url}"\nsecret = "bench"\n[recorder]\nqueue = "${redis.url}"\nqueue_key = "key"\noutput = "${directory}"\n`,
        { mode: 0o600 },
      );
      return { directory, bbb, redis };
    },
    run: async (state) => {
      const { directory, redis } = state as Site;
      await redis.cli('flushdb');
      rmSync(path.join(directory, 'state'), { recursive: true, force: true });
      const words = ['recorder', 'convert', '--queue', '--output', 'out/'];
      let told = '';
      const ms = await elapsed(async () => {
        const { status, stdout, stderr } = await runCli(words, { cwd: directory });
        told = status === 0 ? stdout : stderr;
      });
      if (!told.includes(`${RECORDINGS} enqueued`)) throw new Error(told);
      return ms / RECORDINGS;
    },
    baseline: {
      name: 'one awaited SET each, in the same Redis that syncs every write',
      run: async (state) => {
        const client = new Redis((state as Site).redis.url);
        try {
          const ms = await elapsed(async () => {
            for (let i = 0; i < RECORDINGS; i++) await client.set(`bench-${i}`, 'x'.repeat(500));
          });
          return ms / RECORDINGS;
        } finally {
          client.disconnect();
        }
      },
    },
    end: async (state) => {
      const { directory, bbb, redis } = state as Site;
      await bbb.close();
      await redis.kill();
      rmSync(directory, { recursive: true, force: true });
    },
  },
];
