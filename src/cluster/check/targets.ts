import type { Secret } from '../../kit/config/secret.js';
import type { EsupRunnerTargets } from '../esup-runner/targets.js';

/** Where HAProxy tells its statistics: the page's CSV, the Prometheus exporter, or the runtime socket. */
export type StatisticsSource =
  | {
      readonly kind: 'csv';
      readonly url: string;
      readonly user: string | null;
      readonly password: Secret | null;
    }
  | { readonly kind: 'metrics'; readonly url: string }
  | { readonly kind: 'socket'; readonly path: string }
  | { readonly kind: 'socket'; readonly host: string; readonly port: number };

export interface BalancerTarget {
  readonly name: string;
  readonly host: string;
  readonly httpPort: number | null;
  readonly httpsPort: number | null;
  readonly statistics: StatisticsSource | null;
  /** Its runtime socket, as one types it there. */
  readonly socket: string;
}

export interface BroadcastTarget {
  readonly name: string;
  /** Its own base URL, without the balancers. */
  readonly url: string;
  /** The public name of the node, which the certificate should cover; null when it has none. */
  readonly publicName: string | null;
}

/** Program that takes the stream in. */
export type IngestServer = 'nginx-rtmp' | 'mediamtx' | 'ovenmediaengine' | 'srs';

export interface IngestTarget {
  readonly name: string;
  readonly host: string;
  readonly server: IngestServer;
  readonly rtmpPort: number;
  /** False: sources come by SRT or WebRTC, and RTMP is off. */
  readonly rtmp: boolean;
  readonly srtPort: number | null;
  readonly application: string;
  readonly outputApplication: string;
  /** The page of nginx-rtmp, or the base URL of the server's API; null: none is configured. */
  readonly statisticsUrl: string | null;
  /** Value of the Authorization header of that API. */
  readonly credentials: Secret | null;
  /** Directories on that node; looked at only when the node is this machine. */
  readonly directories: readonly string[];
  readonly local: boolean;
}

/** One stream that is on the air, and what must be published of it. */
export interface StreamTarget {
  readonly name: string;
  /** `/hls/mire.m3u8`. */
  readonly playlistPath: string;
  /** Names of the renditions: `mire_720`, `mire_360`. */
  readonly renditions: readonly string[];
  /** The site named no stream: the usual one is looked at, and not missed. */
  readonly assumed: boolean;
  /** The site configured no ladder: renditions are those that are there, and none is missed. */
  readonly renditionsAssumed: boolean;
}

export interface StreamingTargets {
  /** `https://live.example.org`: what viewers type; null when there are no balancers. */
  readonly publicUrl: string | null;
  /** Streams in maintenance are left out. */
  readonly streams: readonly StreamTarget[];
  /** What the balancers are asked for. */
  readonly frontPath: string;
  /** PEM text of a private authority. */
  readonly authorities: string | null;
  /** Addresses that the public name may resolve to beside the balancers' own: a virtual address. */
  readonly virtualAddresses: readonly string[];
  readonly balancers: readonly BalancerTarget[];
  readonly expectedBalancers: number;
  readonly broadcasts: readonly BroadcastTarget[];
  readonly ingests: readonly IngestTarget[];
  /** Broadcast nodes that the expected audience needs; null when unknown. */
  readonly neededBroadcasts: number | null;
  readonly thresholds: StreamingThresholds;
}

export interface WorkerTarget {
  /** The name after `celery inspect`: `encode1@host`, or a prefix of it (`encode1`). */
  readonly name: string;
  /** The node of the inventory. */
  readonly node: string;
  readonly queue: string;
  readonly local: boolean;
}

export interface QueueTarget {
  readonly queue: string;
  readonly kind: 'encoding' | 'transcripting' | 'xapi' | 'main';
  readonly broker: Secret;
  /** Name of the set when the broker's URL is sentinel://. */
  readonly sentinelMaster: string;
  /** How many workers must consume it; null: at least one. */
  readonly expectedWorkers: number | null;
}

export interface ShareTarget {
  readonly name: string;
  /** Where this machine sees the share as that node does. */
  readonly path: string;
  readonly side: 'backend' | 'worker';
}

export interface PodTargets {
  readonly queues: readonly QueueTarget[];
  readonly workers: readonly WorkerTarget[];
  readonly shares: readonly ShareTarget[];
  readonly api: { readonly url: string; readonly token: Secret | null } | null;
  readonly lrs: {
    readonly url: string;
    readonly user: string | null;
    readonly password: Secret | null;
  } | null;
  /** Programs looked for when this machine is a worker: `encoding`, `transcripting`. */
  readonly localRoles: readonly QueueTarget['kind'][];
  readonly settingsFile: string | null;
  /** Core-minutes per minute of video; plan's default is 4. */
  readonly encodingFactor: number;
  readonly coresPerWorker: number;
  readonly authorities: string | null;
  readonly thresholds: EncodingThresholds;
}

export interface BridgeTarget {
  readonly name: string;
  readonly host: string;
  readonly nickname: string;
  readonly mediaPort: number;
  /** Base URL of the private REST, when it can be reached from here. */
  readonly restUrl: string | null;
  /** What its name may resolve to; empty: not known. */
  readonly expectedAddresses: readonly string[];
  readonly xmppPassword: Secret | null;
  readonly local: boolean;
}

export interface JitsiTargets {
  readonly name: string;
  readonly host: string;
  readonly httpsPort: number;
  readonly xmppPort: number;
  readonly authDomain: string;
  readonly brewery: string;
  readonly username: string;
  readonly jicofoUrl: string | null;
  readonly bridges: readonly BridgeTarget[];
  readonly authorities: string | null;
  readonly expectedAddress: string | null;
  readonly peakParticipants: number | null;
  /** Bridges that the site wants at work; null: only N+1 is asked for. */
  readonly expectedBridges: number | null;
  /** Participants that one bridge carries. */
  readonly bridgeCapacity: number;
  readonly thresholds: JitsiThresholds;
}

/** Limits of the streaming cluster beyond which a value is worth a warning or an alarm. */
export interface StreamingThresholds {
  readonly certificateDays: number;
  /** Age of a playlist in target durations (RFC 8216, 6.2.2: a sound one is younger than 1.5). */
  readonly playlistWarning: number;
  readonly playlistCritical: number;
  readonly sequenceWarning: number;
  readonly sequenceCritical: number;
  /** Sessions over their limit. */
  readonly sessionsShare: number;
  readonly freeSpaceWarning: number;
  readonly freeSpaceCritical: number;
}

export interface JitsiThresholds {
  readonly certificateDays: number;
  readonly iceFailureWarning: number;
  readonly iceFailureCritical: number;
  readonly stressWarning: number;
  readonly stressCritical: number;
}

export interface EncodingThresholds {
  readonly backlogWarningMinutes: number;
  readonly backlogCriticalMinutes: number;
  readonly jobHours: number;
  readonly redeliveryMinutes: number;
  readonly freeSpaceWarning: number;
  readonly freeSpaceCritical: number;
}

/** All that one check looks at. A system that the site has not is null. */
export interface ClusterTargets {
  readonly streaming: StreamingTargets | null;
  readonly jitsi: JitsiTargets | null;
  readonly pod: PodTargets | null;
  readonly runners: EsupRunnerTargets | null;
  /** Nodes taken out on purpose: what is down there is no alarm. */
  readonly maintenance: readonly string[];
}
