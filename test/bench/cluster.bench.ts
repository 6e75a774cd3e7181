import { spawn, spawnSync } from 'node:child_process';
import net from 'node:net';
import path from 'node:path';
import { readFileSync } from 'node:fs';
import { ClusterBench } from '../support/cluster/cluster-bench.js';
import { elapsed, type Bench } from './bench.js';

const TIMEOUT_SECONDS = 8;

interface Silence {
  readonly bench: ClusterBench;
  readonly server: net.Server;
  readonly port: number;
}

async function start(): Promise<ClusterBench> {
  const bench = new ClusterBench();
  await bench.start();
  return bench;
}

/** Every port of the inventory leads to a socket that accepts and never says a word. */
async function silence(): Promise<Silence> {
  const bench = await start();
  const server = net.createServer((socket) => socket.on('error', () => undefined));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  const text = readFileSync(bench.inventoryFile, 'utf8');
  bench.writeInventory(() =>
    text.replaceAll(/(_port = )\d+/g, `$1${port}`).replaceAll(/(127\.0\.0\.1:)\d+/g, `$1${port}`),
  );
  return { bench, server, port };
}

const seconds = async (work: () => unknown): Promise<number> => (await elapsed(work)) / 1000;

/** What Pod's administrators type today for a part of one of the three systems. */
function celeryPing(bench: ClusterBench): void {
  const { status, stderr } = spawnSync(
    '/usr/bin/python3',
    ['-m', 'celery', '-A', 'pod.video_encode_transcript.encoding_tasks', 'inspect', 'ping'],
    {
      cwd: bench.directory,
      env: {
        ...process.env,
        PYTHONPATH: path.resolve(import.meta.dirname, '../support/cluster/workers'),
        PYTHONDONTWRITEBYTECODE: '1',
        C_FORCE_ROOT: '1',
        BENCH_BROKER: bench.pod.brokerUrl(5),
      },
      encoding: 'utf8',
    },
  );
  if (status !== 0) throw new Error(`celery inspect ping: ${stderr.slice(-300)}`);
}

/** Ends when curl has given up. */
const curl = (words: readonly string[]): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const child = spawn('curl', ['-s', '-o', '/dev/null', ...words], { stdio: 'ignore' });
    child.on('error', reject);
    child.on('close', resolve);
  });

export const benches: Bench[] = [
  {
    name: 'cluster check, three healthy systems',
    unit: 's',
    runs: 5,
    goal: 2,
    begin: start,
    run: (state) => seconds(() => (state as ClusterBench).check()),
    baseline: {
      name: 'celery inspect ping, alone',
      run: (state) => seconds(() => celeryPing(state as ClusterBench)),
    },
    end: (state) => (state as ClusterBench).stop(),
  },
  {
    name: 'cluster check, all targets silent',
    unit: 's',
    runs: 3,
    goal: 3,
    begin: silence,
    run: (state) =>
      seconds(() => (state as Silence).bench.check({ timeoutMs: TIMEOUT_SECONDS * 1000 - 700 })),
    baseline: {
      name: `curl --max-time ${TIMEOUT_SECONDS}, one of those targets`,
      runs: 1,
      run: (state) => {
        const { port } = state as Silence;
        // Not spawnSync: the silent server lives in this process.
        return seconds(() => curl(['--max-time', String(TIMEOUT_SECONDS), `http://127.0.0.1:${port}/`]));
      },
    },
    end: async (state) => {
      const { bench, server } = state as Silence;
      server.close();
      await bench.stop();
    },
  },
];
