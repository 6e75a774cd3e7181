import type { CheckPorts } from '../../cluster/check/run-check.js';
import { lookAtBroker } from '../../cluster/adapters/celery/look-at-broker.js';
import {
  parseMetrics,
  parseStatisticsCsv,
  readRuntimeSocket,
} from '../../cluster/adapters/haproxy/statistics.js';
import { readHealth, readJicofo, readStatistics } from '../../cluster/adapters/jitsi/rest.js';
import { loginAsBridge } from '../../cluster/adapters/jitsi/xmpp-login.js';
import { readRunnerHost } from '../../cluster/adapters/machine/runner-host.js';
import { readBridgeKernel } from '../../cluster/adapters/machine/identity.js';
import {
  findMissingPrograms,
  isThere,
  readDisk,
  readShare,
  writeSentinel,
} from '../../cluster/adapters/machine/share.js';
import { attempt, AdapterError } from '../../kit/adapters/network/attempt.js';
import { watchStrain } from '../../cluster/adapters/machine/strain.js';
import { isOverloaded } from '../../cluster/check/excuse-timeouts.js';
import { probeUdp } from '../../cluster/adapters/network/udp-probe.js';
import {
  askWeb,
  askWebSocket,
  loadWeb,
  readCertificate,
  resolveAddresses,
} from '../../cluster/adapters/network/web.js';
import { parsePlaylist } from '../../cluster/adapters/rtmp-hls/playlist.js';
import { connectRtmp } from '../../cluster/adapters/rtmp-hls/rtmp-connect.js';
import { readStatistics as readServerStatistics } from '../../cluster/adapters/rtmp-hls/server-apis.js';
import { greetSrt } from '../../cluster/adapters/network/srt-handshake.js';
import { probeDuration, probeSegment } from '../../cluster/adapters/rtmp-hls/segment.js';
import type { Outcome } from '../../kit/outcome.js';
import type { PodRunnerTables } from '../../cluster/esup-runner/facts.js';
import type { StatisticsSource } from '../../cluster/check/targets.js';
import type { HaproxyFacts } from '../../cluster/streaming/facts.js';
import { readTextFile } from '../../kit/adapters/files/read-named-file.js';
import path from 'node:path';
import { loadStarter } from '../../kit/adapters/process/start-child.js';
import { loadRedis } from '../../kit/adapters/redis/connect.js';
import { pause } from '../../kit/pause.js';

export interface PortSettings {
  /** The whole check's limit. */
  readonly timeoutMs: number;
  readonly ffprobe: string;
  readonly signal: AbortSignal;
  /** Pod's own tables of esup-runner; absent: no database of Pod is configured. */
  readonly podRunnerTables?: () => Promise<PodRunnerTables>;
  /** `allow_hosts`: hosts of the inside that a playlist may lead to. */
  readonly allowHosts?: readonly string[];
}

/** Shares of the whole time that single steps may take, so that two silent steps in a row still fit. */
const STEP_SHARE = 0.3;
const LONGEST_STEP_MS = 3000;
const UDP_WAIT_MS = 400;
/** Kept for what follows the last answer. */
const LAST_MS = 300;
/** The second attempt may take so many times as long as the first. */
const AGAIN_FACTOR = 2;
const INSPECT_MS = 1500;
const LISTEN_MS = 2600;

/** Opens the ports of `cluster check`: every question is bounded by its step, and all by the whole check. */
export function openCheckPorts({
  timeoutMs,
  ffprobe,
  signal,
  podRunnerTables,
  allowHosts = [],
}: PortSettings): CheckPorts {
  const deadline = performance.now() + timeoutMs;
  const watched = watchStrain();
  // A watch (--watch) opens ports for each look: what belongs to one ends with it.
  signal.addEventListener('abort', () => watched.stop(), { once: true });
  const stepMs = Math.min(LONGEST_STEP_MS, timeoutMs * STEP_SHARE);
  const web = loadWeb();
  const step = async <T>(ask: (own: AbortSignal) => Promise<T>, ms = stepMs): Promise<Outcome<T>> => {
    // What loads here is no delay of whom we ask.
    await web;
    const first = await attempt({ timeoutMs: ms, signal }, ask);
    const leftMs = deadline - performance.now() - LAST_MS;
    // A machine that starves asks again before it blames anybody, as far as its time allows.
    const again = !first.ok && first.fault === 'timeout' && leftMs > LAST_MS && isOverloaded(watched.read());
    return again && !signal.aborted
      ? attempt({ timeoutMs: Math.min(leftMs, ms * AGAIN_FACTOR), signal }, ask)
      : first;
  };
  return {
    web: (request) => step((own) => askWeb(request, own, allowHosts)),
    webSocket: (request) => step((own) => askWebSocket(request, own)),
    certificate: ({ authorities, ...target }) =>
      step((own) => readCertificate(authorities === null ? target : { ...target, authorities }, own)),
    addresses: (name) => step(() => resolveAddresses(name)),
    haproxyStatistics: (source) => step((own) => readHaproxy(source, own)),
    rtmpConnect: (target) => step((own) => connectRtmp(target, own)),
    ingestStatistics: (request) =>
      step((own) => readServerStatistics(request, (asked) => askWeb(asked, own), Date.now)),
    srt: (host, port) => step((own) => greetSrt({ host, port }, own)),
    parsePlaylist,
    segment: async ({ body, totalBytes }, init) => {
      await loadStarter();
      return step((own) =>
        probeSegment(
          { bytes: body, totalBytes, init: init?.body ?? null },
          { ffprobe, timeLimitMs: stepMs, signal: own },
        ),
      );
    },
    disk: (directory) => step(() => readDisk(directory)),
    login: (account) => step((own) => loginAsBridge(account, own)),
    jicofo: (url) => step((own) => readJicofo(url, own)),
    bridgeHealth: (url) => step((own) => readHealth(url, own)),
    bridgeStatistics: (url) => step((own) => readStatistics(url, own)),
    udp: (host, port) => step((own) => probeUdp({ host, port, waitMs: UDP_WAIT_MS }, own)),
    kernelLimits: readBridgeKernel,
    broker: async (targets, options) => {
      await loadRedis();
      return lookAtBroker(targets, {
        ...options,
        connectMs: stepMs,
        inspectMs: Math.min(INSPECT_MS, stepMs),
        listenMs: Math.min(LISTEN_MS, timeoutMs / 2),
        signal,
      });
    },
    share: (directory) => step(() => readShare(directory)),
    sentinel: (written, read) => probeShare(written, read, step),
    file: async (file) => {
      if (!(await isThere(file))) return { exists: false, durationSeconds: null };
      await loadStarter();
      const duration = await step((own) =>
        probeDuration(file, { ffprobe, timeLimitMs: stepMs, signal: own }),
      );
      return { exists: true, durationSeconds: duration.ok ? duration.value : null };
    },
    text: (file) => step((own) => readTextFile(file, own)),
    missingPrograms: findMissingPrograms,
    podRunnerTables: async () => (podRunnerTables === undefined ? null : step(podRunnerTables)),
    runnerHost: readRunnerHost,
    pause: (ms) => pause(ms, signal),
    strain: () => {
      const strain = watched.read();
      watched.stop();
      return strain;
    },
    now: Date.now,
  };
}

async function readHaproxy(source: StatisticsSource, signal: AbortSignal): Promise<HaproxyFacts> {
  if (source.kind === 'socket')
    return readRuntimeSocket('path' in source ? { path: source.path } : source, signal);
  const headers: Record<string, string> =
    source.kind === 'csv' && source.password !== null
      ? {
          authorization: `Basic ${Buffer.from(`${source.user ?? ''}:${source.password.reveal()}`).toString('base64')}`,
        }
      : {};
  const { status, body } = await askWeb({ url: source.url, headers }, signal);
  if (status === 401) throw new AdapterError('denied', 'the statistics page refuses user and password');
  if (status !== 200) throw new AdapterError('invalid', `the statistics page answers ${status}`);
  const text = body.toString('utf8');
  return { rows: source.kind === 'metrics' ? parseMetrics(text) : parseStatisticsCsv(text), info: {} };
}

type Step = <T>(ask: (own: AbortSignal) => Promise<T>) => Promise<Outcome<T>>;

async function probeShare(written: string, read: readonly string[], step: Step): Promise<Outcome<boolean>[]> {
  const sentinel = await step(() => writeSentinel(written));
  if (!sentinel.ok) return read.map(() => sentinel);
  try {
    return await Promise.all(
      read.map((directory) => step(() => isThere(path.join(directory, sentinel.value.name)))),
    );
  } finally {
    await sentinel.value.remove().catch(() => undefined);
  }
}
