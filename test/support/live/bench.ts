import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runToEnd } from '../../../src/adapters/process/run-to-end.js';
import { startChild, type Child } from '../../../src/adapters/process/start-child.js';
import { signalProcess } from '../../../src/adapters/process/identity.js';
import { LiveDirectory } from '../../../src/adapters/state/live-store.js';
import { startBbbStandIn, type BbbStandIn } from './bbb-stand-in.js';
import { startNginxRtmp, type NginxRtmp } from './nginx-rtmp.js';
import { startPodStandIn, type PodStandIn, type PodStandInOptions } from './pod-stand-in.js';

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
  start(...args: string[]): Promise<Child>;
  /** The same, each line of its output told. */
  listen(onLine: (line: string) => void, ...args: string[]): Promise<Child>;
  stop(): Promise<void>;
}

export async function openLiveBench(pod: PodStandInOptions): Promise<LiveBench> {
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
  let config = '';
  const bench: LiveBench = {
    directory,
    bbb,
    pod: standIn,
    nginx,
    recordings,
    store,
    configure: (live = {}, more = '', name = 'bbb2pod.toml') => {
      const values: Record<string, string | number> = {
        backend: 'tab',
        size: '640x360',
        framerate: 15,
        bitrate_kbps: 800,
        preset: 'ultrafast',
        rtmp_url: nginx.rtmpUrl,
        hls_url: nginx.hlsUrl,
        hls_path: nginx.hlsDirectory,
        stat_url: nginx.statUrl,
        recordings_path: recordings,
        poll_interval: 1,
        watch_interval: 1,
        start_wait: 30,
        audio_wait: 6,
        stall: 3,
        backoff: 0.3,
        backoff_max: 2,
        kill_delay: 3,
        claim_timeout: 4,
        keeper_silence: 15,
        ...live,
      };
      config = path.join(directory, name);
      const stateDirectory = name === 'bbb2pod.toml' ? state : `${config}.state`;
      const lines = Object.entries(values).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
      writeFileSync(
        config,
        `state_dir = ${JSON.stringify(stateDirectory)}\n[bbb]\nurl = "${bbb.url}"\nsecret = "${bbb.secret}"\n` +
          `[pod]\nurl = "${standIn.url}"\ntoken = "${standIn.token}"\n[live]\n${lines.join('\n')}\n${more}\n`,
        { mode: 0o600 },
      );
      return config;
    },
    storeOf: (name) => new LiveDirectory(path.join(directory, `${name}.state`)),
    run: async (...args) => {
      const { code, stdout, stderrTail } = await runToEnd({
        ...command(args, config),
        mustSucceed: false,
        timeLimitMs: 90_000,
      });
      return { code, stdout: stdout.toString(), stderr: stderrTail.join('\n') };
    },
    start: (...args) => startChild({ ...command(args, config), diesWithParent: true }),
    listen: (stdout, ...args) => startChild({ ...command(args, config), stdout, diesWithParent: true }),
    stop: async () => {
      const stores = readdirSync(directory)
        .filter((name) => name.endsWith('.state'))
        .map((name) => new LiveDirectory(path.join(directory, name)));
      for (const each of [store, ...stores])
        for (const { job } of each.list()) {
          const keeper = each.keeper(job.id);
          if (keeper !== null) signalProcess(keeper, 'SIGKILL', 'group');
        }
      await Promise.all([nginx.stop(), bbb.stop(), standIn.stop()]);
      if (process.env['KEEP_BENCH'] === undefined)
        rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
      else console.log(`kept ${directory}`);
    },
  };
  return bench;
}

const command = (args: readonly string[], config: string) => ({
  file: process.execPath,
  args: [entry, ...args, ...(args.includes('--config') ? [] : ['--config', config])],
  env: { NODE_ENV: 'production', NO_COLOR: '1' },
});

/** Waits for a condition, and says what it waited for when it never comes. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  timeoutMs = 20_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
