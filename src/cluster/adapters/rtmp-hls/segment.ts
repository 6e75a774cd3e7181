import type { SegmentMedia } from '../../streaming/facts.js';
import { asMediaFile, FOREIGN_MEDIA_OPTIONS } from '../../../kit/foreign-media.js';
import { runToEnd } from '../../../kit/adapters/process/run-to-end.js';

const SYNC_BYTE = 0x47;
const PACKET_BYTES = 188;

/** Decodes a segment's beginning and measures it with ffprobe, through its standard input. */
export async function probeSegment(
  segment: { readonly bytes: Buffer; readonly totalBytes: number },
  options: { readonly ffprobe: string; readonly timeLimitMs: number; readonly signal: AbortSignal },
): Promise<SegmentMedia> {
  const { bytes, totalBytes } = segment;
  const syncByte =
    bytes[0] === SYNC_BYTE && (bytes.length <= PACKET_BYTES || bytes[PACKET_BYTES] === SYNC_BYTE);
  const none = { bytes: totalBytes, syncByte, durationSeconds: null, codecs: [], frames: null };
  if (bytes.length === 0) return { ...none, error: 'empty' };
  if (!syncByte) return { ...none, error: 'not an MPEG transport stream' };
  const { code, stdout, stderrTail } = await runToEnd({
    file: options.ffprobe,
    args: [
      ...['-v', 'error', '-f', 'mpegts', '-count_packets', '-show_entries'],
      'stream=codec_name,codec_type,nb_read_packets,duration:format=duration',
      ...['-of', 'json', '-protocol_whitelist', 'pipe', '-i', 'pipe:0'],
    ],
    input: bytes,
    timeLimitMs: options.timeLimitMs,
    signal: options.signal,
    mustSucceed: false,
  });
  if (code !== 0) return { ...none, error: stderrTail.at(-1) ?? 'ffprobe refuses it' };
  return { ...none, ...readProbe(stdout.toString('utf8')), error: null };
}

function readProbe(json: string): Pick<SegmentMedia, 'durationSeconds' | 'codecs' | 'frames'> {
  const probe = JSON.parse(json) as {
    streams?: { codec_name?: string; codec_type?: string; nb_read_packets?: string; duration?: string }[];
    format?: { duration?: string };
  };
  const streams = probe.streams ?? [];
  const video = streams.find((stream) => stream.codec_type === 'video');
  const duration = Number(video?.duration ?? probe.format?.duration ?? NaN);
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
