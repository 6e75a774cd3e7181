import { runToEnd } from '../../src/kit/adapters/process/run-to-end.js';
import { openLiveBench, until, type LiveBench } from '../support/live/bench.js';
import { cpuSeconds, latencySeconds } from '../support/live/measures.js';
import type { Bench } from './bench.js';

/* What a minute costs when nothing is live, and what one short live costs on each backend (640x360, 15 fps). */

const usage = `import resource,subprocess,sys
subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL)
u=resource.getrusage(resource.RUSAGE_CHILDREN)
print(u.ru_utime+u.ru_stime, u.ru_maxrss/1024)`;

interface Idle {
  readonly bench: LiveBench;
  readonly config: string;
}

const begin = async (): Promise<Idle> => {
  const bench = await openLiveBench({ generation: 'both' });
  return { bench, config: bench.configure() };
};
const end = async (state: unknown): Promise<void> => (state as Idle).bench.stop();

/** CPU seconds and peak memory of one idle pass, as the unit and the crontab line start it. */
const idlePass = (state: unknown): Promise<{ cpu: number; rss: number }> =>
  usageOf(['bin/run.js', 'live', 'run', '--config', (state as Idle).config]);

const PICTURE = { size: '640x360', framerate: 15, bitrate_kbps: 800 };

const bareNode = { name: 'node -e 0', run: () => usageOf(['-e', '0']) };

async function usageOf(words: readonly string[]): Promise<{ cpu: number; rss: number }> {
  const { stdout } = await runToEnd({
    file: 'python3',
    args: ['-c', usage, process.execPath, ...words],
    env: { NODE_ENV: 'production', NODE_OPTIONS: '--max-semi-space-size=2' },
  });
  const [cpu = 0, rss = 0] = stdout.toString().split(' ').map(Number);
  return { cpu, rss };
}

/** From the start of a pass to the stream on air, told to Pod. */
async function timeToAir(state: unknown, backend: 'tab' | 'x11'): Promise<number> {
  const { bench } = state as Idle;
  bench.configure({ backend, ...PICTURE });
  const meetingId = `m-${Date.now()}`;
  bench.bbb.createMeeting({ meetingId, name: 'Amphi', toneHz: 440, colour: '#204080' });
  const id = bench.pod.addLive({ meetingId, name: 'Amphi' });
  const startedAt = Date.now();
  await bench.run('live', 'run');
  const ms = Date.now() - startedAt;
  if (bench.pod.livestreams.get(id)?.['status'] !== 1)
    throw new Error(`Pod is not told\n${bench.describe()}`);
  bench.pod.livestreams.get(id)!['status'] = 2;
  await bench.run('live', 'run');
  await until('it stopped', () => bench.store.list().every(({ keeperAlive }) => !keeperAlive));
  await bench.run('live', 'run');
  return ms / 1000;
}

/** One live on air, 640x360 at 15 fps. */
async function onAir(backend: 'tab' | 'x11'): Promise<Idle> {
  const bench = await openLiveBench({ generation: 'bbb' });
  const config = bench.configure({ backend, ...PICTURE });
  bench.bbb.createMeeting({ meetingId: 'm', name: 'Amphi', toneHz: 440, colour: '#204080' });
  bench.pod.addLive({ meetingId: 'm', name: 'Amphi' });
  await bench.run('live', 'run');
  await until('on air', () => bench.store.list()[0]?.status?.phase === 'on-air');
  await pause(3000);
  return { bench, config };
}

/** Keeper, browser, encoder, screen and sound server together, over four seconds. */
async function cpuPercent(state: unknown): Promise<number> {
  const { bench } = state as Idle;
  const [at, before] = [performance.now(), cpuSeconds(bench)];
  await pause(4000);
  return (100 * (cpuSeconds(bench) - before)) / ((performance.now() - at) / 1000);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export const benches: Bench[] = [
  {
    name: 'live idle pass, CPU',
    unit: 's',
    runs: 5,
    begin,
    run: async (state) => (await idlePass(state)).cpu,
    baseline: { name: bareNode.name, run: async () => (await bareNode.run()).cpu },
    goal: 0.5,
    end,
  },
  {
    name: 'live idle pass, memory',
    unit: 'MB',
    runs: 5,
    begin,
    run: async (state) => (await idlePass(state)).rss,
    baseline: { name: bareNode.name, run: async () => (await bareNode.run()).rss },
    goal: 120,
    end,
  },
  ...(['tab', 'x11'] as const).flatMap((backend): Bench[] => [
    {
      name: `live ${backend}, from the pass to Pod told`,
      unit: 's',
      runs: 2,
      begin,
      run: (state) => timeToAir(state, backend),
      end,
    },
    {
      name: `live ${backend}, CPU of one live`,
      unit: '% of a CPU',
      runs: 3,
      begin: () => onAir(backend),
      run: cpuPercent,
      end,
    },
    {
      name: `live ${backend}, from the page to HLS`,
      unit: 's',
      runs: 3,
      begin: () => onAir(backend),
      run: async (state) => {
        await pause(4500); // the last flash has passed, and the segment that held its end
        return latencySeconds((state as Idle).bench);
      },
      end,
    },
  ]),
];
