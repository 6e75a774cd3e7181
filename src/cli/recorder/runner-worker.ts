import os from 'node:os';
import path from 'node:path';
import { bytesOf } from '../../kit/config/sections/values.js';
import type { RunnerSettings } from '../../recorder/adapters/esup-runner/take-tasks.js';
import { runnerTexts } from '../../recorder/esup-runner/texts.js';
import type { TakeJobs } from '../../recorder/queue/work-on-queue.js';
import type { ConvertOptions } from '../../recorder/convert-options.js';
import type { Context } from '../kit/context.js';
import { required } from '../kit/missing-key.js';
import { conversionDefaults } from './open.js';
import { managerToken, openManager } from './runner-manager.js';

const DAY_MS = 86_400_000;

/**
 * The other side of esup-runner: this worker as one of the manager's runners.
 * @throws OperatorError manager-…, runner-one-job, runner-address-unusable, config-key-missing
 */
export async function openRunnerJobs(
  context: Context,
  { jobs, port: asked, stopTimeoutMs }: { jobs: number; port: number | undefined; stopTimeoutMs: number },
): Promise<{ takeJobs: TakeJobs; directory: string }> {
  if (jobs > 1) throw runnerTexts.runnerOneJob({ jobs });
  const { recorder, bbb } = context.configuration;
  const [{ openTakeTasks }, { RUNNER_INTERVALS }, { TELLING_INTERVALS }] = await Promise.all([
    import('../../recorder/adapters/esup-runner/take-tasks.js'),
    import('../../recorder/adapters/esup-runner/stay-registered.js'),
    import('../../recorder/adapters/esup-runner/tell-ends.js'),
  ]);
  const url = new URL(required(context, 'recorder', 'runner_url', recorder.runner_url));
  if (asked !== undefined) url.port = String(asked);
  const port = Number(url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : url.port);
  // The stop must not cut what is still to be told: its own signal ends with the command.
  const closing = new AbortController();
  context.closeWith(() => closing.abort());
  const manager = await openManager(context, closing.signal);
  const directory = path.join(
    recorder.runner_directory ?? path.join(context.stateDirectory, 'runner'),
    ...(recorder.runner_directory === undefined || asked !== undefined ? [String(port)] : []),
  );
  const heartbeatMs = recorder.runner_heartbeat * 1000;
  const scale = heartbeatMs / RUNNER_INTERVALS.heartbeatMs;
  const options: Omit<ConvertOptions, 'cores'> & { cores?: number } = { ...conversionDefaults(context) };
  delete options.cores;
  const settings: RunnerSettings = {
    id: `bbb2pod-${os.hostname()}-${port}`,
    url: url.origin,
    listen: listenOf(recorder.runner_listen, url.hostname.replace(/^\[|\]$/g, ''), port, asked),
    directory,
    room: {
      directories: [directory, ...(recorder.work_dir === undefined ? [] : [recorder.work_dir])],
      leastBytes: bytesOf(recorder.runner_min_free),
      everyMs: heartbeatMs,
    },
    token: managerToken(context),
    rules: {
      taskType: recorder.task_type,
      bbbHosts: new Set(
        Object.values(bbb).flatMap((one) => (one.url === undefined ? [] : [new URL(one.url).host])),
      ),
      otherHosts: new Set(recorder.task_hosts.map((host) => host.toLowerCase())),
      defaults: options,
    },
    takeovers: recorder.queue_takeovers,
    keepMs: recorder.runner_keep_days * DAY_MS,
    retryAfterMs: recorder.queue_retry_after * 1000,
    stopTimeoutMs,
    intervals: {
      heartbeatMs,
      registerMs: RUNNER_INTERVALS.registerMs * scale,
      longestMs: RUNNER_INTERVALS.longestMs * scale,
    },
    telling: { againMs: TELLING_INTERVALS.againMs * scale, longestMs: TELLING_INTERVALS.longestMs * scale },
    onTrouble: (text) => context.log('warn', `esup-runner: ${text}`),
    onRegistered: () => context.log('info', `esup-runner: registered with ${manager.url} as ${url.origin}`),
  };
  return { takeJobs: await openTakeTasks(manager, settings), directory };
}

/** `[recorder] runner_listen`, else the host and port of runner_url, as RUNNER_HOST is both for esup-runner's own runner. */
function listenOf(
  listen: string | undefined,
  host: string,
  port: number,
  asked: number | undefined,
): { host: string; port: number } {
  const [, at, named] = /^(.*):(\d+)$/.exec(listen ?? '') ?? [];
  return {
    host: at?.replace(/^\[|\]$/g, '') ?? host,
    port: asked ?? (named === undefined ? port : Number(named)),
  };
}
