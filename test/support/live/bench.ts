import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runToEnd } from '../../../src/kit/adapters/process/run-to-end.js';
import { startChild, type Child } from '../../../src/kit/adapters/process/start-child.js';
import { isAlive, signalProcess } from '../../../src/kit/adapters/process/identity.js';
import { LiveDirectory } from '../../../src/live/adapters/live-store.js';
import { startBbbStandIn, type BbbStandIn } from './bbb-stand-in.js';
import { describeLives } from './describe-lives.js';
import { startNginxRtmp, type NginxRtmp } from './nginx-rtmp.js';
import { forgetBench, noteBench } from './open-benches.js';
import { startPodStandIn, type PodStandIn, type PodStandInOptions } from './pod-stand-in.js';

export { eventually, until } from './until.js';

const entry = path.resolve('bin/run.js');

interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Everything real that a live needs, on loopback, and the built command line in front of it. */
export interface LiveBench {
  readonly directory: string;
  readonly bbb: BbbStandIn;
  readonly pod: PodStandIn;
  readonly nginx: NginxRtmp;
  readonly recordings: string;
  readonly store: LiveDirectory;
  /** Writes bbb2pod.toml; `live` lines are added to (or replace) the test's own. */
  configure(live?: Record<string, string | number>, more?: string, name?: string): string;
  /** The state of another server of the same site, whose configuration is `name`. */
  storeOf(name: string): LiveDirectory;
  run(...args: string[]): Promise<CliResult>;
  /** What `run` would run, for a test that starts it itself. */
  command(...args: string[]): { file: string; args: string[]; env: Record<string, string> };
  start(...args: string[]): Promise<Child>;
  /** The same, each line of its output told. */
  listen(onLine: (line: string) => void, ...args: string[]): Promise<Child>;
  /** One of the programs of a live, by its role. @throws Error while it has none: pid 0 would be ourselves. */
  child(id: string, name: string): number;
  /** When its keeper wrote that into the log of the live, after that instant; null while it did not. */
  loggedAt(id: string, pattern: RegExp, since: number): number | null;
  /** State and logs of its lives, for whoever looks for the reason of a failure. */
  describe(): string;
  stop(): Promise<void>;
}

/** @param temporary TMPDIR of the commands and of the keepers that they start */
export async function openLiveBench(
  pod: PodStandInOptions,
  { temporary }: { temporary?: string } = {},
): Promise<LiveBench> {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-live-'));
  const state = path.join(directory, 'state');
  const recordings = path.join(directory, 'pod-bbb');
  mkdirSync(recordings);
  mkdirSync(path.join(directory, 'nginx'));
  const [nginx, bbb, standIn] = await Promise.all([
    startNginxRtmp(path.join(directory, 'nginx')),
    startBbbStandIn(),
    startPodStandIn(pod),
  ]);
  const store = new LiveDirectory(state);
  const stores = (): LiveDirectory[] => [
    store,
    ...readdirSync(directory)
      .filter((name) => name.endsWith('.state'))
      .map((name) => new LiveDirectory(path.join(directory, name))),
  ];
  let config = '';
  let stopping: Promise<void> | undefined;
  const started: Child[] = [];
  const closing = new AbortController();
  const start = async (options: Parameters<typeof startChild>[0]): Promise<Child> => {
    const child = await startChild({ ...options, diesWithParent: true });
    started.push(child);
    return child;
  };
  const end = async (): Promise<void> => {
    // Supervisors first: they would start each keeper again.
    closing.abort();
    await Promise.all(started.map((child) => child.stop()));
    await endKeepers(stores());
    await Promise.all([nginx.stop(), bbb.stop(), standIn.stop()]);
    if (process.env['KEEP_BENCH'] === undefined)
      rmSync(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    else console.log(`kept ${directory}`);
    forgetBench(bench);
  };
  const more = temporary === undefined ? {} : { TMPDIR: temporary };
  const command = (...args: string[]) => ({
    file: process.execPath,
    args: [entry, ...args, ...(args.includes('--config') ? [] : ['--config', config])],
    env: { NODE_ENV: 'production', NO_COLOR: '1', ...more },
  });
  const bench: LiveBench = {
    command,
    directory,
    bbb,
    pod: standIn,
    nginx,
    recordings,
    store,
    configure: (live = {}, sections = '', name = 'bbb2pod.toml') => {
      const values: Record<string, string | number> = {
        backend: 'tab',
        // Small: several are filmed at once on two cores.
        size: '320x180',
        framerate: 10,
        bitrate_kbps: 400,
        preset: 'ultrafast',
        rtmp_url: nginx.rtmpUrl,
        hls_url: nginx.hlsUrl,
        hls_path: nginx.hlsDirectory,
        stat_url: nginx.statUrl,
        recordings_path: recordings,
        poll_interval: 1,
        watch_interval: 1,
        start_wait: 30,
        audio_wait: 10,
        stall: 6,
        backoff: 0.3,
        backoff_max: 2,
        kill_delay: 5,
        claim_timeout: 4,
        keeper_silence: 30,
        ...live,
      };
      config = path.join(directory, name);
      const stateDirectory = name === 'bbb2pod.toml' ? state : `${config}.state`;
      const lines = Object.entries(values).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
      writeFileSync(
        config,
        `state_dir = ${JSON.stringify(stateDirectory)}\n[bbb]\nurl = "${bbb.url}"\nsecret = "${bbb.secret}"\n` +
          `[pod]\nurl = "${standIn.url}"\ntoken = "${standIn.token}"\n[live]\n${lines.join('\n')}\n${sections}\n`,
        { mode: 0o600 },
      );
      return config;
    },
    child: (id, name) => {
      const pid = store.status(id)?.children[name];
      if (pid === undefined) throw new Error(`${id} has no ${name} now\n${bench.describe()}`);
      return pid;
    },
    loggedAt: (id, pattern, since) => {
      const lines = readFileSync(store.logFile(id), 'utf8').split('\n');
      const found = lines.find((line) => pattern.test(line) && Date.parse(line.slice(0, 24)) >= since);
      return found === undefined ? null : Date.parse(found.slice(0, 24));
    },
    storeOf: (name) => new LiveDirectory(path.join(directory, `${name}.state`)),
    run: async (...args) => {
      try {
        const { code, stdout, stderrTail } = await runToEnd({
          ...command(...args),
          mustSucceed: false,
          timeLimitMs: 150_000,
          signal: closing.signal,
        });
        return { code, stdout: stdout.toString(), stderr: stderrTail.join('\n') };
      } catch (error) {
        // Whoever still waits for it is being ended, too.
        if (closing.signal.aborted) return new Promise(() => undefined);
        throw error;
      }
    },
    start: (...args) => start(command(...args)),
    listen: (stdout, ...args) => start({ ...command(...args), stdout }),
    stop: () => (stopping ??= end()),
    describe: () => describeLives(stores(), path.join(directory, 'nginx', 'error.log')),
  };
  noteBench(bench);
  return bench;
}

/** First politely, so that browsers and their profiles go, too; then by force. */
async function endKeepers(stores: readonly LiveDirectory[]): Promise<void> {
  const family = stores.flatMap((store) =>
    store.list().flatMap(({ job }) => {
      const keeper = store.keeper(job.id);
      return [...(keeper === null ? [] : [keeper]), ...store.children(job.id)];
    }),
  );
  const keepers = stores.flatMap((store) => store.list().flatMap(({ job }) => store.keeper(job.id) ?? []));
  const running = keepers.filter((keeper) => signalProcess(keeper, 'SIGTERM'));
  const deadline = Date.now() + 3500;
  while (running.some(({ pid, startTime }) => isAlive(pid, startTime)) && Date.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 50));
  for (const each of family) signalProcess(each, 'SIGKILL', 'group');
}
