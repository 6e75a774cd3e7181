import { Secret } from '../../kit/config/secret.js';
import type { Inventory } from '../inventory/schema.js';
import { bracket } from '../inventory/values.js';
import { authDomainOf, breweryOf, nicknameOf, type JitsiInventory } from '../jitsi/inventory.js';
import { esupRunnerTargets } from '../esup-runner/targets.js';
import { celeryNameOf, type EncodingInventory } from '../pod/inventory.js';
import {
  applicationOfIngest,
  areAssumedStreams,
  isAssumedLadder,
  playlistPath,
  type IngestNode,
  type StreamingInventory,
} from '../streaming/inventory.js';
import {
  type ClusterTargets,
  type JitsiTargets,
  type PodTargets,
  type QueueTarget,
  type StatisticsSource,
  type StreamingTargets,
} from './targets.js';

/** What this machine knows beside the inventory. */
export interface ThisMachine {
  /** Whether a host is this machine. */
  isLocal(host: string): boolean;
  /** Text of a certificate authority's file. */
  readText(file: string): string;
  /** Absolute path of a file that the inventory names. */
  resolvePath(file: string): string;
  /** Participants that one bridge carries. */
  readonly bridgeCapacity: number;
  /** Broadcast nodes that the expected audience needs; null when not planned. */
  readonly neededBroadcasts: number | null;
}

/** Turns the inventory into what one check asks, of whom. Pure but for reading authorities. */
export function targetsOf(inventory: Inventory, machine: ThisMachine): ClusterTargets {
  return {
    streaming:
      inventory.streaming === undefined
        ? null
        : streamingTargets(inventory.streaming, inventory.maintenance, machine),
    jitsi: inventory.jitsi === undefined ? null : jitsiTargets(inventory.jitsi, machine),
    pod: inventory.encoding === undefined ? null : podTargets(inventory.encoding, machine),
    runners:
      inventory.esup_runner === undefined
        ? null
        : esupRunnerTargets(inventory.esup_runner, machine, inventory.encoding?.pod_url),
    maintenance: inventory.maintenance,
  };
}

function streamingTargets(
  streaming: StreamingInventory,
  maintenance: readonly string[],
  machine: ThisMachine,
): StreamingTargets {
  const secure = streaming.certificate !== undefined;
  const streams = streaming.streams.map((name) => ({
    name,
    playlistPath: playlistPath(streaming, name),
    renditions: streaming.ladder.map((rung) => `${name}_${rung.name}`),
    assumed: areAssumedStreams(streaming.streams),
    renditionsAssumed: isAssumedLadder(streaming.ladder),
  }));
  const onAir = streams.filter(({ name }) => !maintenance.includes(name));
  const limits = streaming.thresholds;
  return {
    publicUrl: `${secure ? 'https' : 'http'}://${streaming.public_name}`,
    streams: onAir,
    frontPath: (onAir[0] ?? streams[0])?.playlistPath ?? '/',
    authorities: streaming.ca_file === undefined ? null : machine.readText(streaming.ca_file),
    virtualAddresses:
      streaming.virtual_address === undefined ? [] : [streaming.virtual_address.split('/')[0] ?? ''],
    balancers: Object.entries(streaming.balancers).map(([name, balancer]) => ({
      name,
      host: balancer.address,
      httpPort: balancer.http_port,
      httpsPort: secure ? balancer.https_port : null,
      statistics: statisticsSource(streaming, balancer, machine),
      socket: balancer.socket,
    })),
    expectedBalancers: streaming.expected.balancers ?? 2,
    broadcasts: Object.entries(streaming.broadcasts).map(([name, node]) => ({
      name,
      url: `http://${bracket(node.address)}:${node.http_port}`,
      publicName: node.public_name ?? null,
    })),
    ingests: Object.entries(streaming.ingests).map(([name, node]) => ({
      name,
      host: node.address,
      server: streaming.server,
      rtmpPort: node.rtmp_port,
      rtmp: node.rtmp,
      srtPort: node.srt_port ?? null,
      application: applicationOfIngest(streaming, node),
      outputApplication:
        streaming.server === 'nginx-rtmp' ? 'broadcast' : applicationOfIngest(streaming, node),
      statisticsUrl:
        streaming.server === 'nginx-rtmp'
          ? `http://${bracket(node.address)}:${node.http_port}${node.stat_path}`
          : (node.api_url ?? null),
      credentials: credentialsOf(node),
      directories: node.directories,
      local: machine.isLocal(node.address),
    })),
    neededBroadcasts: streaming.expected.broadcasts ?? machine.neededBroadcasts,
    thresholds: {
      certificateDays: limits.certificate_days,
      playlistWarning: limits.playlist_warning,
      playlistCritical: limits.playlist_critical,
      sequenceWarning: limits.sequence_warning,
      sequenceCritical: limits.sequence_critical,
      sessionsShare: limits.sessions_percent / 100,
      ...freeSpace(limits),
    },
  };
}

/** Basic authentication: user and password, or OvenMediaEngine's access token alone. */
function credentialsOf({
  api_user: user,
  api_password: password,
  api_token: token,
}: IngestNode): Secret | null {
  const pair = token?.reveal() ?? (user === undefined ? undefined : `${user}:${password?.reveal() ?? ''}`);
  return pair === undefined ? null : new Secret(`Basic ${Buffer.from(pair).toString('base64')}`);
}

/** A runtime socket that is a path can only be opened on the balancer itself. */
function statisticsSource(
  streaming: StreamingInventory,
  balancer: StreamingInventory['balancers'][string],
  machine: ThisMachine,
): StatisticsSource {
  const csv: StatisticsSource = {
    kind: 'csv',
    url: balancer.stats_url ?? `http://${bracket(balancer.address)}:${balancer.stats_port}/haproxy?stats;csv`,
    user: streaming.stats_user,
    password: streaming.stats_password ?? null,
  };
  if (/\/metrics$/.test(csv.url)) return { kind: 'metrics', url: csv.url };
  if (balancer.stats_url !== undefined || streaming.stats_password !== undefined) return csv;
  const tcp = /^([^/]+):(\d+)$/.exec(balancer.socket);
  if (tcp !== null) return { kind: 'socket', host: tcp[1] ?? '', port: Number(tcp[2]) };
  return machine.isLocal(balancer.address) ? { kind: 'socket', path: balancer.socket } : csv;
}

function jitsiTargets(jitsi: JitsiInventory, machine: ThisMachine): JitsiTargets {
  const limits = jitsi.thresholds;
  // The default port on a loopback that is not ours is that node's own; another one is a tunnel, and is asked.
  const reachable = (url: string, host: string, usualPort: string): string | null =>
    machine.isLocal(new URL(url).hostname) && new URL(url).port === usualPort && !machine.isLocal(host)
      ? null
      : url;
  return {
    name: jitsi.domain,
    host: jitsi.jms.address,
    httpsPort: jitsi.jms.https_port,
    xmppPort: jitsi.jms.xmpp_port,
    authDomain: authDomainOf(jitsi),
    brewery: breweryOf(jitsi),
    username: jitsi.jvb_user,
    jicofoUrl: reachable(jitsi.jms.jicofo_url, jitsi.jms.address, '8888'),
    bridges: Object.entries(jitsi.jvbs).map(([name, jvb]) => ({
      name,
      host: jvb.address,
      nickname: nicknameOf(name, jvb),
      mediaPort: jvb.media_port,
      restUrl: reachable(jvb.rest_url, jvb.address, '8080'),
      // Written as figures an address resolves to itself: nothing to compare.
      expectedAddresses: /^[\d.]+$|:/.test(jvb.address)
        ? []
        : [jvb.public_address, jvb.private_address].filter(isGiven),
      xmppPassword: jitsi.jvb_password ?? null,
      local: machine.isLocal(jvb.address),
    })),
    authorities: jitsi.ca_file === undefined ? null : machine.readText(jitsi.ca_file),
    expectedAddress: jitsi.jms.public_address ?? null,
    expectedBridges: jitsi.expected.jvbs ?? null,
    peakParticipants: jitsi.expected.participants ?? null,
    bridgeCapacity: machine.bridgeCapacity,
    thresholds: {
      certificateDays: limits.certificate_days,
      iceFailureWarning: limits.ice_failed_warning_percent / 100,
      iceFailureCritical: limits.ice_failed_critical_percent / 100,
      stressWarning: limits.stress_warning,
      stressCritical: limits.stress_critical,
    },
  };
}

const KINDS: Readonly<Record<string, QueueTarget['kind']>> = {
  encoding: 'encoding',
  transcripting: 'transcripting',
  xapi: 'xapi',
};

function podTargets(encoding: EncodingInventory, machine: ThisMachine): PodTargets {
  const limits = encoding.thresholds;
  const workers = Object.entries(encoding.workers);
  const local = workers.filter(([, { address }]) => machine.isLocal(address));
  const brokers = Object.values(encoding.brokers);
  const cores = workers.flatMap(([, worker]) => (worker.cores === undefined ? [] : [worker.cores]));
  const expected = (queue: string): number =>
    encoding.expected.workers[queue] ?? workers.filter(([, worker]) => worker.queue === queue).length;
  return {
    queues: brokers.flatMap(({ url, queues, sentinel_master: sentinelMaster }) =>
      queues.map((queue) => ({
        queue,
        kind: KINDS[queue] ?? 'main',
        broker: url,
        sentinelMaster,
        expectedWorkers: Math.max(1, expected(queue)),
      })),
    ),
    workers: workers.map(([name, worker]) => ({
      name: celeryNameOf(name, worker),
      node: name,
      queue: worker.queue,
      local: machine.isLocal(worker.address),
    })),
    shares:
      local.length === 0
        ? []
        : [
            { name: 'backend', path: encoding.media_root, side: 'backend' as const },
            ...local.flatMap(([name, { media_root: path }]) =>
              path === undefined ? [] : [{ name, path, side: 'worker' as const }],
            ),
          ],
    api: encoding.pod_url === undefined ? null : { url: encoding.pod_url, token: encoding.pod_token ?? null },
    lrs:
      encoding.lrs_url === undefined
        ? null
        : {
            url: encoding.lrs_url,
            user: encoding.lrs_login ?? null,
            password: encoding.lrs_password ?? null,
          },
    localRoles: [...new Set(local.map(([, { queue }]) => KINDS[queue] ?? 'main'))],
    settingsFile: encoding.settings_file === undefined ? null : machine.resolvePath(encoding.settings_file),
    encodingFactor: encoding.expected.core_minutes,
    coresPerWorker: cores.length === 0 ? 4 : cores.reduce((sum, count) => sum + count, 0) / cores.length,
    authorities: encoding.ca_file === undefined ? null : machine.readText(encoding.ca_file),
    thresholds: {
      backlogWarningMinutes: limits.backlog_warning_hours * 60,
      backlogCriticalMinutes: limits.backlog_critical_hours * 60,
      jobHours: limits.task_hours,
      redeliveryMinutes: limits.unacked_minutes,
      ...freeSpace(limits),
    },
  };
}

const freeSpace = (limits: { disk_percent: number; disk_critical_percent: number }) => ({
  freeSpaceWarning: 1 - limits.disk_percent / 100,
  freeSpaceCritical: 1 - limits.disk_critical_percent / 100,
});

const isGiven = (address: string | undefined): address is string => address !== undefined;
