import type { SegmentMedia } from '../../streaming/facts.js';
import { asMediaFile, FOREIGN_MEDIA_OPTIONS } from '../../../kit/foreign-media.js';
import { runToEnd } from '../../../kit/adapters/process/run-to-end.js';
import { words } from '../../words.js';

const SYNC_BYTE = 0x47;
const PACKET_BYTES = 188;

/** What the first bytes of a segment say that it is. */
function containerOf(bytes: Buffer): 'mpegts' | 'mp4' | 'packed' | 'text' | null {
  if (bytes[0] === SYNC_BYTE && (bytes.length <= PACKET_BYTES || bytes[PACKET_BYTES] === SYNC_BYTE))
    return 'mpegts';
  // A box of ISO 14496-12: size, then its name.
  if (/^(?:ftyp|styp|moof|sidx|emsg|prft|moov|free|mdat)$/.test(bytes.toString('latin1', 4, 8))) return 'mp4';
  // Packed audio (RFC 8216, 3.4): an ID3 tag, or ADTS frames at once.
  if (bytes.toString('latin1', 0, 3) === 'ID3') return 'packed';
  if (bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xe0) === 0xe0) return 'packed';
  return /^\uFEFF?WEBVTT/.test(bytes.toString('utf8', 0, 9)) ? 'text' : null;
}

/**
 * Decodes a segment and measures it with ffprobe, through its standard input.
 * @param init the initialisation section of fragmented MP4, which no fragment can be read without.
 */
export async function probeSegment(
  segment: { readonly bytes: Buffer; readonly totalBytes: number; readonly init: Buffer | null },
  options: { readonly ffprobe: string; readonly timeLimitMs: number; readonly signal: AbortSignal },
): Promise<SegmentMedia> {
  const { bytes, totalBytes, init } = segment;
  const none = { bytes: totalBytes, durationSeconds: null, codecs: [], frames: null };
  if (bytes.length === 0) return { ...none, error: 'empty' };
  const container = containerOf(bytes);
  if (container === null) return { ...none, error: 'neither MPEG transport stream nor fragmented MP4' };
  if (container === 'text') return { ...none, codecs: ['webvtt'], error: null };
  if (container === 'mp4' && init === null && !bytes.subarray(0, 4096).includes('moov'))
    return { ...none, error: 'fragmented MP4, and the playlist announces no EXT-X-MAP' };
  const { code, stdout, stderrTail } = await runToEnd({
    file: options.ffprobe,
    args: [
      ...['-v', 'error', ...(container === 'packed' ? [] : ['-f', container === 'mp4' ? 'mov' : 'mpegts'])],
      ...['-count_packets', ...(container === 'mp4' ? ['-show_packets'] : [])],
      ...['-show_entries', ENTRIES, '-of', 'json', '-protocol_whitelist', 'pipe', '-i', 'pipe:0'],
    ],
    input: init === null ? bytes : Buffer.concat([init, bytes]),
    timeLimitMs: options.timeLimitMs,
    signal: options.signal,
    mustSucceed: false,
  });
  if (code !== 0) return { ...none, error: stderrTail.at(-1) ?? words.ffprobeRefuses() };
  const probe = readProbe(stdout.toString('utf8'));
  // ffprobe opens an initialisation section without any sample that fits it, too.
  if (probe.codecs.length === 0 || (container === 'mp4' && probe.durationSeconds === null))
    return { ...none, error: 'nothing in it can be decoded' };
  return { ...none, ...probe, error: null };
}

const ENTRIES =
  'stream=index,codec_name,codec_type,nb_read_packets,duration:format=duration:packet=stream_index,dts_time,duration_time';

interface Probe {
  readonly streams?: {
    readonly index?: number;
    readonly codec_name?: string;
    readonly codec_type?: string;
    readonly nb_read_packets?: string;
    readonly duration?: string;
  }[];
  readonly packets?: {
    readonly stream_index?: number;
    readonly dts_time?: string;
    readonly duration_time?: string;
  }[];
  readonly format?: { readonly duration?: string };
}

function readProbe(json: string): Pick<SegmentMedia, 'durationSeconds' | 'codecs' | 'frames'> {
  const { streams = [], packets, format } = JSON.parse(json) as Probe;
  const video = streams.find((stream) => stream.codec_type === 'video');
  const measured = video ?? streams[0];
  // A fragment begins where the stream is: only its packets tell how long it is.
  const own = (packets ?? []).filter((packet) => packet.stream_index === measured?.index);
  const first = Number(own[0]?.dts_time);
  const last = Number(own.at(-1)?.dts_time) + Number(own.at(-1)?.duration_time ?? 0);
  const duration = packets === undefined ? Number(video?.duration ?? format?.duration ?? NaN) : last - first;
  return {
    durationSeconds: Number.isFinite(duration) ? duration : null,
    codecs: streams.map((stream) => stream.codec_name ?? '?'),
    frames: video?.nb_read_packets === undefined ? null : Number(video.nb_read_packets),
  };
}

/** How long a media file plays, in seconds; null when ffprobe cannot tell. */
export async function probeDuration(
  file: string,
  options: { readonly ffprobe: string; readonly timeLimitMs: number; readonly signal: AbortSignal },
): Promise<number | null> {
  const { code, stdout } = await runToEnd({
    file: options.ffprobe,
    args: [
      '-v',
      'error',
      '-show_entries',
      'format=duration',
      '-of',
      'csv=p=0',
      ...FOREIGN_MEDIA_OPTIONS,
      '-i',
      asMediaFile(file),
    ],
    timeLimitMs: options.timeLimitMs,
    signal: options.signal,
    mustSucceed: false,
  });
  const seconds = Number(stdout.toString('utf8').trim());
  return code === 0 && Number.isFinite(seconds) && seconds > 0 ? seconds : null;
}
