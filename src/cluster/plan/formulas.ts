/* The formulas of capacity, one function each. Rates are bits per second, durations seconds.
   Headroom: 70 % of a link on an ordinary day, one node to spare, 90 % when that node is missing. */

/** HTTP, TLS and TCP over the media itself. */
export const OVERHEAD = 1.08;
export const HEADROOM = 0.7;
export const HEADROOM_DEGRADED = 0.9;
/** jicofo's: stress threshold 0.8 over 0.01 per participant (docs/domain/cluster.md, "Jitsi"). */
export const PARTICIPANTS_PER_BRIDGE = 80;
/** Share of the cores that encoding gets in practice. */
const ENCODING_EFFICIENCY = 0.9;

/** Ceiling that forgives the last digit of a division: 18.9 / 0.7 is 27, not 28. */
const ceiling = (value: number): number => Math.ceil(value - 1e-9);

/** What viewers draw together. `rates` are weighted by their shares. */
export const egress = (viewers: number, rates: readonly WeightedRate[]): number =>
  viewers * meanRate(rates) * OVERHEAD;

export interface WeightedRate {
  readonly rate: number;
  /** Part of the viewers, from 0 to 1. */
  readonly share: number;
}

export const meanRate = (rates: readonly WeightedRate[]): number => {
  const total = rates.reduce((sum, { share }) => sum + share, 0);
  return total === 0 ? 0 : rates.reduce((sum, { rate, share }) => sum + rate * share, 0) / total;
};

/** Nodes that carry a flow at 70 % of their link, and one more; with one missing, at 90 % at most. */
export function nodesFor(flow: number, nic: number): number {
  const ordinary = ceiling(flow / (nic * HEADROOM)) + 1;
  const degraded = ceiling(flow / (nic * HEADROOM_DEGRADED)) + 1;
  return Math.max(ordinary, degraded);
}

/** Viewers that `nodes` nodes carry when one of them is the spare. */
export const viewersCarried = (nodes: number, nic: number, rate: number): number =>
  Math.floor((Math.max(0, nodes - 1) * nic * HEADROOM) / (rate * OVERHEAD) + 1e-9);

/** Whether one balancer carries the whole flow (two with a virtual address: one works). */
export const balancerCarries = (flow: number, nic: number): boolean => nic * HEADROOM >= flow;

/** Transfers under way at one instant: each viewer fetches as fast as the client's link allows. */
export const concurrentTransfers = (viewers: number, rate: number, clientRate: number): number =>
  (viewers * rate) / clientRate;

/** Viewers that the sum of per-server connection limits lets through. */
export const viewersOfMaxconn = (maxconnSum: number, rate: number, clientRate: number): number =>
  Math.floor((maxconnSum * clientRate) / rate);

/** One playlist and one segment per segment duration. */
export const requestsPerSecond = (viewers: number, segmentSeconds: number): number =>
  (viewers * 2) / segmentSeconds;

/** What HLS is made of: segments of MPEG-TS or fragmented MP4, or parts of them (LL-HLS). */
export type HlsFormat = 'mpegts' | 'fmp4' | 'low-latency';

/**
 * How far players are behind the camera, in seconds, encoding and network aside. Segments: the one under way, and the three
 * that a player stays behind the end (RFC 8216, 6.3.3), whatever their container. Parts: the one under way, and PART-HOLD-BACK,
 * at least three parts (draft-pantos-hls-rfc8216bis, 4.4.3.8).
 */
export function delayBehind(
  format: HlsFormat,
  { segmentSeconds, partSeconds }: { readonly segmentSeconds: number; readonly partSeconds: number },
): { readonly least: number; readonly most: number } {
  const piece = format === 'low-latency' ? partSeconds : segmentSeconds;
  return { least: 3 * piece, most: 4 * piece };
}

/** LL-HLS: a blocking playlist request and a part, per part (rfc8216bis, 6.2.5.2); else one of each per segment. */
export const requestsOf = (
  viewers: number,
  format: HlsFormat,
  { segmentSeconds, partSeconds }: { readonly segmentSeconds: number; readonly partSeconds: number },
): number => requestsPerSecond(viewers, format === 'low-latency' ? partSeconds : segmentSeconds);

/** Client sockets of one balancer: two per viewer. */
export const clientSockets = (viewers: number, balancers: number): number =>
  ceiling((2 * viewers) / Math.max(1, balancers));

/** Bytes of HLS files on one ingest: live, expiring and being written. */
export const hlsBytes = (rateSum: number, playlistSeconds: number): number =>
  (rateSum * playlistSeconds * 3) / 8;

/** What one participant receives: one HD speaker and 0.2 Mb/s for each other face that is shown. */
export const receivedRate = (roomSize: number, lastN: number): number =>
  2.5e6 + 0.2e6 * (Math.min(roomSize, lastN + 1) - 2);

export const roomEgress = (roomSize: number, lastN: number): number =>
  roomSize * receivedRate(roomSize, lastN);

/** Bridges by link and by jicofo's limit, and one more. */
export const bridgesFor = (participants: number, roomSize: number, lastN: number, nic: number): number =>
  Math.max(
    ceiling((participants * receivedRate(roomSize, lastN)) / (nic * HEADROOM)),
    ceiling(participants / PARTICIPANTS_PER_BRIDGE),
  ) + 1;

/** Minutes of video that one worker encodes in an hour. `coreMinutes`: core-minutes per minute of video. */
export const minutesPerHour = (cores: number, coreMinutes: number): number =>
  (60 * cores * ENCODING_EFFICIENCY) / coreMinutes;

/** Workers for the busiest hour, and one more. */
export const workersFor = (peakMinutes: number, throughput: number): number =>
  ceiling(peakMinutes / (throughput * HEADROOM)) + 1;
