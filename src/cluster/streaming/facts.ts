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

/** A stream as nginx-rtmp counts it: only its bytes decide (docs/domain/cluster.md, "nginx-rtmp"). */
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
  /** EXT-X-I-FRAME-STREAM-INF: single pictures for winding, no stream of its own. */
  readonly iFramesOnly: boolean;
}

/** EXT-X-MEDIA with a playlist of its own: another sound track, subtitles. */
export interface AlternativeFacts {
  readonly kind: 'video' | 'audio' | 'subtitles';
  readonly uri: string;
}

/** A part of a resource (EXT-X-BYTERANGE). */
export interface ByteRange {
  readonly length: number;
  readonly offset: number;
}

export interface SegmentFacts {
  readonly uri: string;
  readonly durationSeconds: number;
  readonly discontinuity: boolean;
  readonly byteRange: ByteRange | null;
  /** The initialisation section that it needs (EXT-X-MAP, fragmented MP4). */
  readonly map: { readonly uri: string; readonly byteRange: ByteRange | null } | null;
  /** EXT-X-GAP: announced as absent. */
  readonly gap: boolean;
}

/** A media playlist as parsed. */
export interface MediaPlaylistFacts {
  readonly sequence: number;
  readonly targetDurationSeconds: number;
  readonly segments: readonly SegmentFacts[];
  /** Segments that a delta update leaves out (EXT-X-SKIP). */
  readonly skipped?: number;
  readonly ended: boolean;
  /** AES-128, SAMPLE-AES, SAMPLE-AES-CTR; null: readable as it is. */
  readonly encryption: string | null;
  /** Where players fetch the key of the newest segment; absent or null: readable as it is, or a DRM has it. */
  readonly keyUri?: string | null;
  readonly iFramesOnly: boolean;
  /** Advertisement or splice marks: its discontinuities are meant. */
  readonly spliced: boolean;
  /** Changes whenever something was added: sequence, last segment, last part. */
  readonly position: string;
}

export type PlaylistText =
  | {
      readonly kind: 'master';
      readonly variants: readonly VariantFacts[];
      readonly alternatives: readonly AlternativeFacts[];
    }
  | { readonly kind: 'media'; readonly playlist: MediaPlaylistFacts }
  | { readonly kind: 'invalid'; readonly reason: string };

/** What ffprobe makes of a segment. */
export interface SegmentMedia {
  readonly bytes: number;
  readonly durationSeconds: number | null;
  readonly codecs: readonly string[];
  readonly frames: number | null;
  readonly error: string | null;
}
