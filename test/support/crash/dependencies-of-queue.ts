import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runCli } from '../../e2e/run-cli.js';
import { until } from '../live/bench.js';
import { publishRecording, startCli, startQueueRedis } from '../queue-bench.js';
import { complaintOf, type DependencyRow } from './dependency.js';
import { startFaultProxy, type FaultMode } from './fault-proxy.js';
import { leftIn, privateTemporary, straysOf, unfinishedBelow } from './traces.js';

const JOBS = ['one', 'two', 'three'];

/** Redis taken from the enqueuer and from a worker at work, in each manner. */
export async function proveQueueDependencies(): Promise<DependencyRow[]> {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-crash-'));
  chmodSync(directory, 0o755);
  const temporary = privateTemporary();
  const redis = await startQueueRedis(path.join(directory, 'redis'), true);
  const port = Number(new URL(redis.url).port);
  const proxy = await startFaultProxy({ host: '127.0.0.1', port });
  const folders = JOBS.map((name) => publishRecording(directory, name, 6000));
  writeFileSync(
    path.join(directory, 'bbb2pod.toml'),
    `state_dir = "${directory}/state"\n[recorder]\nqueue_key = "key"\noutput = "${directory}"\nqueue = "${redis.url.replace(`:${port}`, `:${proxy.port}`)}"\n` +
      `queue_heartbeat = 1\nqueue_retry_after = 0.5\nstop_after = 0.2\n`,
    { mode: 0o600 },
  );
  const out = path.join(directory, 'out');
  const env = { TMPDIR: temporary };
  const enqueueing = ['recorder', 'convert', '--queue', '--audio-only', '--no-extras', '--output', 'out/'];
  const enqueue = () => runCli([...enqueueing, ...folders], { cwd: directory, env });
  const worker = startCli(['recorder', 'worker', '--json'], directory, env);
  const empty = (): void => {
    rmSync(out, { recursive: true, force: true });
    mkdirSync(out);
  };
  const check = async (): Promise<string[]> => {
    const files = (): string[] => readdirSync(out).filter((name) => name.endsWith('.m4a'));
    await until('every file is made', () => files().length === JOBS.length, 60_000).catch(() => undefined);
    const counts = async (): Promise<Record<string, number>> => {
      const { stdout } = await runCli(['recorder', 'status', '--json'], { cwd: directory, env });
      return (JSON.parse(stdout) as { counts: Record<string, number> }).counts;
    };
    const open = async (): Promise<number> => {
      const { queued = 0, running = 0, retrying = 0, failed = 0, missing = 0 } = await counts();
      return queued + running + retrying + failed + missing;
    };
    await until('nothing is open', async () => (await open()) === 0, 20_000).catch(() => undefined);
    const strays = await straysOf(temporary, [worker.process.pid ?? 0]);
    return [
      ...(files().length === JOBS.length ? [] : [`${files().length} files`]),
      ...((await open()) === 0 ? [] : [JSON.stringify(await counts())]),
      ...readdirSync(out).filter((name) => !files().includes(name)),
      ...unfinishedBelow(path.join(directory, 'state')),
      ...leftIn(temporary),
      ...strays.map(({ command }) => command),
    ];
  };
  const ofEnqueuer = { faults: 0, through: 0, told: 0, differences: [] as string[] };
  const ofWorker = { faults: 0, through: 0, told: 0, differences: [] as string[] };
  try {
    for (const mode of ['refuse', 'cut', 'hang', 'slow'] as FaultMode[]) {
      // From the beginning, given back when it has ended; held back, it is given back meanwhile.
      empty();
      proxy.set(mode);
      const back = mode === 'hang' ? setTimeout(() => proxy.set('through'), 1500) : undefined;
      const first = await enqueue();
      clearTimeout(back);
      proxy.set('through');
      ofEnqueuer.faults++;
      ofEnqueuer[first.status === 0 ? 'through' : 'told']++;
      const unclear = complaintOf(first);
      const second = await enqueue();
      ofEnqueuer.differences.push(
        ...[...(unclear === null ? [] : [unclear]), ...(second.status === 0 ? [] : [second.stderr])].map(
          (text) => `${mode}: ${text.slice(-300)}`,
        ),
        ...(await check()).map((what) => `${mode}, enqueuer: ${what}`),
      );
      // In the middle of the conversions, for longer than the heartbeat.
      empty();
      await enqueue();
      await new Promise((resolve) => setTimeout(resolve, 300));
      proxy.set(mode);
      await new Promise((resolve) => setTimeout(resolve, 2500));
      proxy.set('through');
      ofWorker.faults++;
      const alive = worker.process.exitCode === null && worker.process.signalCode === null;
      ofWorker[alive ? 'through' : 'told']++;
      if (!alive) ofWorker.differences.push(`${mode}: the worker ended: ${worker.stderr().slice(-300)}`);
      ofWorker.differences.push(...(await check()).map((what) => `${mode}, worker: ${what}`));
    }
    worker.process.kill('SIGTERM');
    await worker.exited;
  } finally {
    worker.process.kill('SIGKILL');
    await proxy.close();
    await redis.kill();
    for (const place of [directory, temporary])
      rmSync(place, { recursive: true, force: true, maxRetries: 5 });
  }
  return [
    { dependency: 'Redis', command: 'recorder convert --queue', ...ofEnqueuer },
    { dependency: 'Redis', command: 'recorder worker', ...ofWorker },
  ];
}
