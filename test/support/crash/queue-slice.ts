import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startSampleServer } from '../../../src/bbb-server/sample/sample-server.js';
import type { QueueSurvey } from '../../../src/recorder/queue/survey-queue.js';
import { until } from '../live/bench.js';
import {
  listedRecordings,
  publishRecording,
  startCli,
  startQueueRedis,
  type StartedCli,
} from '../queue-bench.js';
import type { CrashTally } from './scenario.js';
import { leftIn, privateTemporary, straysOf, unfinishedBelow } from './traces.js';

const JOBS = 4;
const LENGTH_MS = 6000;
/** Who is killed, in turn. */
const VICTIMS = [['worker'], ['enqueuer'], ['redis'], ['worker', 'redis'], ['enqueuer', 'worker']] as const;

export interface QueueEffort {
  readonly kills: number;
  readonly seconds?: number;
  /** Whether Redis writes to disk first; else it forgets what waited. */
  readonly persistent: boolean;
}

/** Two workers on one Redis; workers, enqueuer and Redis are killed at random. In the end: one file of each job. */
export async function proveQueue({
  kills: wanted,
  seconds = Infinity,
  persistent,
}: QueueEffort): Promise<CrashTally> {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-crash-'));
  chmodSync(directory, 0o755);
  const temporary = privateTemporary();
  const out = path.join(directory, 'out');
  const ids = Array.from(
    { length: JOBS },
    (_, i) => `${createHash('sha1').update(`crash ${i}`).digest('hex')}-${1_700_000_000_000 - i}`,
  );
  for (const id of ids) publishRecording(path.join(directory, 'published'), id, LENGTH_MS);
  const bbb = await startSampleServer({
    secret: 'crash',
    recordings: await listedRecordings(ids, directory),
    directory: path.join(directory, 'published'),
    protection: 'scalelite',
  });
  const redis = await startQueueRedis(path.join(directory, 'redis'), persistent);
  writeFileSync(
    path.join(directory, 'bbb2pod.toml'),
    `state_dir = "${directory}/state"\n[bbb]\nurl = "${bbb.url}"\nsecret = "crash"\n[recorder]\nqueue = "${redis.url}"\nqueue_key = "key"\noutput = "${directory}"\n` +
      `queue_heartbeat = 1\nqueue_retry_after = 0.5\nqueue_takeovers = 20\nstop_after = 0.2\n`,
    { mode: 0o600 },
  );
  const run = (...args: string[]): StartedCli => startCli(args, directory, { TMPDIR: temporary });
  const enqueue = (...more: string[]): StartedCli =>
    run('recorder', 'convert', '--queue', '--audio-only', '--no-extras', '--output', 'out/', ...more);
  const work = (): StartedCli => run('recorder', 'worker', '--json');
  const workers = [work(), work()];
  const files = (): string[] => readdirSync(out).filter((name) => name.endsWith('.m4a'));
  const status = async (): Promise<QueueSurvey> => {
    const { exited, stdout, stderr } = run('recorder', 'status', '--json');
    if ((await exited) !== 0) throw new Error(`recorder status: ${stderr().slice(-200)}`);
    return JSON.parse(stdout()) as QueueSurvey;
  };
  const differences: string[] = [];
  const tally = { kills: 0, tooLate: 0 };
  const count = (hit: boolean): void => {
    tally[hit ? 'kills' : 'tooLate']++;
  };

  const killWorker = async (): Promise<void> => {
    const i = Math.floor(Math.random() * workers.length);
    const victim = workers[i]!;
    victim.process.kill('SIGKILL');
    await victim.exited;
    count(victim.process.signalCode === 'SIGKILL');
    workers[i] = work();
  };
  const killRedis = async (): Promise<void> => {
    await redis.kill();
    await pause(300);
    await redis.start();
    count(true);
  };

  const round = async (victims: readonly string[]): Promise<void> => {
    rmSync(out, { recursive: true, force: true });
    mkdirSync(out);
    const first = enqueue();
    if (victims.includes('enqueuer')) {
      await pause(300 + 900 * Math.random());
      first.process.kill('SIGKILL');
      await first.exited;
      count(first.process.signalCode === 'SIGKILL');
      const second = enqueue();
      const ended = await second.exited;
      if (ended !== 0) throw new Error(`enqueued again: ${String(ended)} ${second.stderr().slice(-200)}`);
    } else if ((await first.exited) !== 0) throw new Error(`enqueued: ${first.stderr().slice(-200)}`);
    const strikes = victims.map(async (victim) => {
      await pause(2000 * Math.random());
      if (victim === 'worker') await killWorker();
      if (victim === 'redis') await killRedis();
    });
    await Promise.all(strikes);
    if (victims.includes('redis') && !persistent) {
      // What waited is forgotten: the operator is told so, and types what he is told.
      const resumed = enqueue('--resume', 'last');
      const ended = await resumed.exited;
      if (ended !== 0) throw new Error(`--resume last: ${String(ended)} ${resumed.stderr().slice(-200)}`);
    }
    await until('every file is made', () => files().length === JOBS, 60_000);
    let counts: Partial<QueueSurvey['counts']> = {};
    await until(
      'the queue is done',
      async () => {
        ({ counts } = await status());
        const { queued = 1, running = 1, retrying = 1 } = counts;
        return queued + running + retrying === 0;
      },
      30_000,
    ).catch(() => undefined);
    const { queued = -1, running = -1, retrying = -1, failed = -1, missing = -1 } = counts;
    if (queued + running + retrying + failed + missing !== 0)
      throw new Error(`recorder status: ${JSON.stringify(counts)}`);
    const wrong = files().filter(
      (name) => Math.abs(secondsOf(path.join(out, name)) - LENGTH_MS / 1000) > 0.2,
    );
    if (wrong.length > 0) throw new Error(`not whole: ${wrong.join(', ')}`);
    const strays = await straysOf(
      temporary,
      workers.map(({ process: { pid = 0 } }) => pid),
    );
    const left = [
      ...readdirSync(out).filter((name) => !files().includes(name)),
      ...unfinishedBelow(path.join(directory, 'state')),
      ...leftIn(temporary),
      ...strays.map(({ command }) => command),
    ];
    if (files().length !== JOBS || left.length > 0)
      throw new Error(`${files().length} files; left: ${left.join(', ')}`);
  };

  const startedAt = Date.now();
  try {
    for (let i = 0; tally.kills < wanted && Date.now() - startedAt < seconds * 1000; i++) {
      const victims = VICTIMS[i % VICTIMS.length]!;
      await round(victims).catch((error: unknown) => {
        differences.push(`${victims.join('+')}: ${error instanceof Error ? error.message : String(error)}`);
      });
    }
    for (const { process: child } of workers) child.kill('SIGTERM');
    for (const { exited } of workers) await exited;
    const strays = await straysOf(temporary);
    if (strays.length > 0) differences.push(`after the end: ${JSON.stringify(strays)}`);
  } finally {
    for (const { process: child } of workers) child.kill('SIGKILL');
    await bbb.close();
    await redis.kill();
    for (const place of [directory, temporary])
      rmSync(place, { recursive: true, force: true, maxRetries: 5 });
  }
  return { name: `queue, Redis ${persistent ? 'with' : 'without'} a file`, ...tally, differences };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const secondsOf = (file: string): number =>
  Number(
    execFileSync('ffprobe', ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', file], {
      encoding: 'utf8',
    }),
  );
