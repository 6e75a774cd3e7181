import { z } from 'zod';
import { secret } from '../../kit/config/sections/values.js';
import { bitrate, host, machineKeys, nodes, port, word } from '../inventory/values.js';

/** One rendition. The name is the suffix of its playlist: `direct_720.m3u8`. */
const rung = z.strictObject({
  name: word(),
  /** Passes the source through: cheap, but its key frames must fall on the segments by themselves. */
  copy: z.boolean().default(false),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  frame_rate: z.number().positive().default(25),
  video: bitrate(),
  audio: bitrate().default(128_000),
});
export type Rung = z.infer<typeof rung>;

/** As the streaming cluster of Esup-Pod's documentation encodes: three renditions that an ingest of four cores encodes in real time. */
const DEFAULT_LADDER = z.array(rung).parse([
  { name: '360', width: 640, height: 360, video: '800k', audio: '96k' },
  { name: '480', width: 854, height: 480, video: '1400k', audio: '128k' },
  { name: '720', width: 1280, height: 720, video: '2800k', audio: '128k' },
]);

const balancerNode = z.strictObject({
  ...machineKeys,
  http_port: port(80),
  https_port: port(443),
  /** Statistics page (CSV) and Prometheus metrics; 0.0.0.0 is never used: it listens on `address`. */
  stats_port: port(8404),
  /** Statistics elsewhere than `http://address:stats_port/haproxy?stats`. */
  stats_url: z.string().optional(),
  /** Runtime socket: a path on the node, or host:port. */
  socket: z.string().default('/run/haproxy/admin.sock'),
  /** Network interface that carries the virtual address. */
  interface: word().default('eth0'),
});
const ingestNode = z.strictObject({
  ...machineKeys,
  rtmp_port: port(1935),
  /** False: RTMP is off, sources come by SRT or WebRTC. */
  rtmp: z.boolean().default(true),
  srt_port: z.number().int().min(1).max(65_535).optional(),
  /** First part of what the source publishes to: rtmp://HOST/APPLICATION/STREAM. */
  application: z
    .string()
    .regex(/^[A-Za-z0-9_.\/-]*$/)
    .optional(),
  /** API of MediaMTX (:9997), OvenMediaEngine (:8081) or SRS (:1985); without it only reachability is tested. */
  api_url: z.url({ protocol: /^https?$/ }).optional(),
  api_user: z.string().optional(),
  api_password: secret().optional(),
  /** OvenMediaEngine's AccessToken. */
  api_token: secret().optional(),
  http_port: port(80),
  stat_path: z.string().startsWith('/').default('/stat'),
  /** What S20 watches when the check runs on that node: playlists (`/run/hls` when rendered), recordings. */
  directories: z.array(z.string().startsWith('/')).default([]),
});
const broadcastNode = z.strictObject({
  ...machineKeys,
  http_port: port(80),
  /** Used with media = "direct" and a certificate, which then lies on the node, too. */
  https_port: port(443),
  /** Public name of this node, when players may reach it without the balancers. */
  public_name: host().optional(),
  weight: z.number().int().min(0).max(256).default(100),
});
export type BalancerNode = z.infer<typeof balancerNode>;
export type IngestNode = z.infer<typeof ingestNode>;
export type BroadcastNode = z.infer<typeof broadcastNode>;

const DEFAULT_STREAMS = ['direct'];

/** `[streaming]`: HAProxy in front of nginx broadcast nodes, fed by nginx-rtmp ingests (domain of the HLS cluster). */
export const streamingSection = z.strictObject({
  public_name: host(),
  /** PEM with key and chain on the balancers; without it the cluster speaks plain HTTP. */
  certificate: z.string().optional(),
  /** CA that signed it, for checks of a private authority. */
  ca_file: z.string().optional(),
  /** `address/prefix` shared by two balancers with keepalived. */
  virtual_address: z
    .string()
    .regex(/^[0-9A-Fa-f.:]+\/\d{1,3}$/, { error: 'is no address/prefix, as 192.0.2.10/24' })
    .optional(),
  virtual_router_id: z.number().int().min(1).max(255).default(51),
  streams: z
    .array(word())
    .min(1)
    .default(() => DEFAULT_STREAMS),
  ladder: z
    .array(rung)
    .min(1)
    .default(() => DEFAULT_LADDER),
  /** Program of the ingests. */
  server: z.enum(['nginx-rtmp', 'mediamtx', 'ovenmediaengine', 'srs']).default('nginx-rtmp'),
  /** What the segments are; parts of LL-HLS last `part_seconds`. */
  format: z.enum(['mpegts', 'fmp4', 'low-latency']).default('mpegts'),
  part_seconds: z.number().positive().max(5).default(0.5),
  /**
   * Where each stream's playlist is on the nodes: `/live/{stream}/index.m3u8` for MediaMTX, OvenMediaEngine, SRS or
   * nginx-rtmp with hls_nested.
   */
  playlist: z
    .string()
    .regex(/^\/\S*\{stream\}\S*$/, { error: 'is no path with {stream} in it, as /hls/{stream}.m3u8' })
    .optional(),
  segment_seconds: z.number().int().min(1).max(10).default(3),
  playlist_seconds: z.number().int().min(6).max(600).default(30),
  /** Addresses and networks that may publish; others are refused. */
  publishers: z.array(z.string().regex(/^[0-9A-Fa-f.:]+(?:\/\d{1,3})?$/)).default([]),
  /** Addresses and networks that may read /stat and the statistics page. */
  supervisors: z.array(z.string().regex(/^[0-9A-Fa-f.:]+(?:\/\d{1,3})?$/)).default(['127.0.0.1']),
  /** Media through the balancers, or straight from broadcast nodes that have a public_name. */
  media: z.enum(['balancer', 'direct']).default('balancer'),
  /** Disabled servers declared beforehand in haproxy.cfg, so that adding a node is `cluster ready spareN`. */
  spare_slots: z.number().int().min(0).max(64).default(2),
  stats_user: word().default('supervision'),
  stats_password: secret().optional(),
  record: z.boolean().default(false),
  balancers: nodes(balancerNode),
  ingests: nodes(ingestNode),
  broadcasts: nodes(broadcastNode),
  expected: z
    .strictObject({
      viewers: z.number().int().positive().optional(),
      /** Mean rate of one viewer's connection, for the number of concurrent transfers. */
      client_rate: bitrate().default(20_000_000),
      balancers: z.number().int().nonnegative().optional(),
      ingests: z.number().int().nonnegative().optional(),
      broadcasts: z.number().int().nonnegative().optional(),
    })
    .prefault({}),
  thresholds: z
    .strictObject({
      certificate_days: z.number().positive().default(21),
      /** Age of a playlist in target durations. */
      playlist_warning: z.number().positive().default(1.5),
      playlist_critical: z.number().positive().default(3),
      sequence_warning: z.number().positive().default(3),
      sequence_critical: z.number().positive().default(10),
      sessions_percent: z.number().positive().default(80),
      disk_percent: z.number().positive().max(100).default(85),
      disk_critical_percent: z.number().positive().max(100).default(97),
    })
    .prefault({}),
});
/** Application that the source publishes to, when the inventory names none. */
const APPLICATIONS = {
  'nginx-rtmp': 'ingest',
  mediamtx: 'live',
  ovenmediaengine: 'app',
  srs: 'live',
} as const;

export const applicationOfIngest = ({ server }: StreamingInventory, node: IngestNode): string =>
  node.application ?? APPLICATIONS[server];

/** Path of a stream's playlist: what cluster.toml says, else where the server has it by its own defaults. */
export function playlistPath(streaming: StreamingInventory, stream: string): string {
  const { playlist, server, ingests } = streaming;
  if (playlist !== undefined) return playlist.replaceAll('{stream}', stream);
  const [first] = Object.values(ingests);
  const application = first?.application ?? APPLICATIONS[server];
  const place = application === '' ? stream : `${application}/${stream}`;
  switch (server) {
    case 'mediamtx':
      return `/${place}/index.m3u8`;
    case 'ovenmediaengine':
      return `/${place}/llhls.m3u8`;
    case 'srs':
      return `/${place}.m3u8`;
    case 'nginx-rtmp':
      return `/hls/${stream}.m3u8`;
  }
}
/** Whether the site wrote no ladder of its own: then no rendition is missed that nobody configured. */
export const isAssumedLadder = (ladder: readonly Rung[]): boolean => ladder === DEFAULT_LADDER;
/** Whether the site named no stream: then none is missed. */
export const areAssumedStreams = (streams: readonly string[]): boolean => streams === DEFAULT_STREAMS;
export type StreamingInventory = z.infer<typeof streamingSection>;
