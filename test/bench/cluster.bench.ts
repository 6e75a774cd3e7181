import net from 'node:net';
import { readFileSync } from 'node:fs';
import { ClusterBench } from '../support/cluster/cluster-bench.js';
import { elapsed, type Bench } from './bench.js';

const TIMEOUT_MS = 8000;

/** Every port of the inventory leads to a socket that accepts and never says a word. */
async function silence(bench: ClusterBench): Promise<{ bench: ClusterBench; server: net.Server }> {
  const server = net.createServer((socket) => socket.on('error', () => undefined));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  const text = readFileSync(bench.inventoryFile, 'utf8');
  bench.writeInventory(() =>
    text.replaceAll(/(_port = )\d+/g, `$1${port}`).replaceAll(/(127\.0\.0\.1:)\d+/g, `$1${port}`),
  );
  return { bench, server };
}

export const benches: Bench[] = [
  {
    name: 'cluster check, three healthy systems',
    unit: 'ms',
    runs: 5,
    goal: 3000,
    begin: async () => {
      const bench = new ClusterBench();
      await bench.start();
      return bench;
    },
    run: (state) => elapsed(() => (state as ClusterBench).check()),
    end: (state) => (state as ClusterBench).stop(),
  },
  {
    name: 'cluster check, every target accepts and never answers',
    unit: 'ms',
    runs: 3,
    goal: TIMEOUT_MS,
    begin: async () => {
      const bench = new ClusterBench();
      await bench.start();
      return silence(bench);
    },
    run: (state) =>
      elapsed(() => (state as { bench: ClusterBench }).bench.check({ timeoutMs: TIMEOUT_MS - 700 })),
    end: async (state) => {
      const { bench, server } = state as { bench: ClusterBench; server: net.Server };
      server.close();
      await bench.stop();
    },
  },
];
