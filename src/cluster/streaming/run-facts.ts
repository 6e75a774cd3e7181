import type { Outcome } from '../../kit/outcome.js';
import type { CertificateFacts, WebAnswer } from '../check/web-facts.js';
import type { HaproxyFacts, PlaylistText, RtmpConnectFacts, RtmpStatFacts, SegmentMedia } from './facts.js';

/** One reading of a media playlist; its age is Date minus Last-Modified, both of one server's clock. */
export interface PlaylistPoll {
  readonly answer: Outcome<WebAnswer>;
  readonly playlist: PlaylistText | null;
  readonly ageSeconds: number | null;
}

export interface RenditionFacts {
  /** `mire_720`, `720/index`: the playlist's path from the master's directory, without its extension. */
  readonly name: string;
  /** The address that was asked. */
  readonly url: string;
  /** As the master writes it; null for one that only the inventory expects. */
  readonly uri: string | null;
  readonly kind: 'video' | 'audio' | 'subtitles' | 'i-frames';
  readonly first: PlaylistPoll;
  /** Asked only when the first one looked stale, or does not tell its age. */
  readonly second: PlaylistPoll | null;
  readonly oldest: Outcome<WebAnswer> | null;
  readonly newest: Outcome<WebAnswer> | null;
  /** The initialisation section of the newest segment. */
  readonly init: Outcome<WebAnswer> | null;
  /** The key of AES-128 or SAMPLE-AES; null: none, or one of a DRM. */
  readonly key?: Outcome<WebAnswer> | null;
  readonly media: Outcome<SegmentMedia> | null;
}

/** One stream on one node. */
export interface BroadcastFacts {
  readonly name: string;
  readonly stream: string;
  readonly master: Outcome<WebAnswer>;
  readonly playlist: PlaylistText | null;
  readonly renditions: readonly RenditionFacts[];
}

/** Which nodes answered without the cookie, and with it. */
export interface StickinessFacts {
  readonly cookie: string | null;
  readonly nodesWithCookie: readonly string[];
  readonly nodesWithout: readonly string[];
}

export interface ExposureFacts {
  readonly path: string;
  readonly kind: 'rtmp-stat' | 'control' | 'api' | 'statistics' | 'default-password';
  readonly open: boolean;
}

export interface BalancerFacts {
  readonly name: string;
  readonly http: Outcome<WebAnswer> | null;
  readonly https: Outcome<WebAnswer> | null;
  readonly certificate: Outcome<CertificateFacts> | null;
  readonly stickiness: StickinessFacts | null;
  readonly statistics: Outcome<HaproxyFacts> | null;
  readonly exposures: readonly ExposureFacts[];
}

export interface DiskFacts {
  readonly directory: string;
  readonly freeBytes: number;
  readonly totalBytes: number;
  readonly freeInodes: number;
  readonly totalInodes: number;
}

export interface IngestFacts {
  readonly name: string;
  /** Null: RTMP is off. */
  readonly rtmp: Outcome<RtmpConnectFacts> | null;
  /** Null: no SRT is configured. */
  readonly srt: Outcome<true> | null;
  readonly first: Outcome<RtmpStatFacts> | null;
  readonly second: Outcome<RtmpStatFacts> | null;
  readonly disks: readonly Outcome<DiskFacts>[];
}

/** All that one look at a streaming cluster brought back. */
export interface StreamingFacts {
  readonly at: number;
  readonly balancers: readonly BalancerFacts[];
  readonly broadcasts: readonly BroadcastFacts[];
  readonly ingests: readonly IngestFacts[];
  readonly publicAddresses: Outcome<readonly string[]> | null;
}
