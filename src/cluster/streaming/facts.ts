/** One row of HAProxy's statistics, by the names of its CSV; whatever the version brings is kept. */
export interface HaproxyRow {
  readonly proxy: string;
  /** FRONTEND, BACKEND or the server's name. */
  readonly server: string;
  readonly status: string;
  readonly lastCheck: string;
  readonly checkStatus: string;
  readonly values: Readonly<Record<string, number>>;
  readonly cookie: string;
  readonly address: string;
}

export interface HaproxyFacts {
  readonly rows: readonly HaproxyRow[];
  /** From `show info`, when asked through the socket. */
  readonly info: Readonly<Record<string, string>>;
}

/** A stream as nginx-rtmp counts it. `bw_*` are windows of 10 s and lie after a stop: only bytes decide. */
export interface RtmpStream {
  readonly application: string;
  readonly name: string;
  readonly bytesIn: number;
  /** As nginx measures it, over some seconds. */
  readonly bitsInPerSecond: number;
  readonly publishing: boolean;
  readonly clients: number;
  readonly droppedFrames: number;
  readonly avSyncMs: number | null;
  readonly publisherAddress: string | null;
  readonly video: {
    readonly codec: string;
    readonly width: number;
    readonly height: number;
    readonly frameRate: number;
  } | null;
  readonly audio: { readonly codec: string; readonly sampleRate: number } | null;
}

export interface RtmpStatFacts {
  readonly at: number;
  readonly uptimeSeconds: number;
  readonly applications: readonly string[];
  readonly streams: readonly RtmpStream[];
}

/** What `connect(app)` gave after a complete handshake. */
export interface RtmpConnectFacts {
  readonly accepted: boolean;
  /** The server's own code, or `closed` when it hung up: an unknown application. */
  readonly code: string;
}

export interface VariantFacts {
  readonly uri: string;
  readonly bandwidth: number | null;
  readonly codecs: string | null;
  readonly resolution: string | null;
  readonly frameRate: number | null;
}

export interface SegmentFacts {
  readonly uri: string;
  readonly durationSeconds: number;
  readonly discontinuity: boolean;
}

/** A media playlist as parsed, with the two instants that tell its age by one clock. */
export interface MediaPlaylistFacts {
  readonly sequence: number;
  readonly targetDurationSeconds: number;
  readonly segments: readonly SegmentFacts[];
  readonly ended: boolean;
  readonly encrypted: boolean;
}

export type PlaylistText =
  | { readonly kind: 'master'; readonly variants: readonly VariantFacts[] }
  | { readonly kind: 'media'; readonly playlist: MediaPlaylistFacts }
  | { readonly kind: 'invalid'; readonly reason: string };

/** What ffprobe makes of a segment. */
export interface SegmentMedia {
  readonly bytes: number;
  readonly syncByte: boolean;
  readonly durationSeconds: number | null;
  readonly codecs: readonly string[];
  readonly frames: number | null;
  readonly error: string | null;
}
