import type { MediaFacts } from '../../ports.js';
import { runToEnd } from '../../../kit/adapters/process/run-to-end.js';
import { asMediaFile, FOREIGN_MEDIA_OPTIONS } from '../../../kit/foreign-media.js';
import { isExecutable } from '../../../kit/adapters/files/is-executable.js';
import { texts } from '../../texts.js';

interface ProbedStream {
  readonly codec_type?: string;
  readonly codec_name?: string;
  readonly width?: number;
  readonly height?: number;
  readonly avg_frame_rate?: string;
  readonly r_frame_rate?: string;
  readonly nb_read_packets?: string;
  readonly channels?: number;
}
interface Probed {
  readonly format?: { readonly duration?: string };
  readonly streams?: readonly ProbedStream[];
}

/**
 * What ffprobe says of a file; packets are counted, which reads the whole file.
 * @throws OperatorError ffmpeg-missing, media-broken
 */
export async function probeMedia(
  ffprobe: string,
  file: string,
  options: { readonly signal: AbortSignal; readonly countPackets?: boolean },
): Promise<MediaFacts> {
  if (!isExecutable(ffprobe)) throw texts.ffmpegMissing({ path: ffprobe });
  const { code, stdout, stderrTail } = await runToEnd({
    file: ffprobe,
    args: [
      '-v',
      'error',
      '-of',
      'json',
      '-show_format',
      '-show_streams',
      ...(options.countPackets === true ? ['-count_packets'] : []),
      ...FOREIGN_MEDIA_OPTIONS,
      '-i',
      asMediaFile(file),
    ],
    signal: options.signal,
    mustSucceed: false,
    timeLimitMs: 600_000,
  });
  const probed = code === 0 ? (JSON.parse(stdout.toString('utf8')) as Probed) : undefined;
  if (probed === undefined) {
    throw texts.mediaBroken({ file, detail: stderrTail.at(-1) ?? 'ffprobe refuses it' });
  }
  const stream = (kind: string): ProbedStream | undefined =>
    probed.streams?.find(({ codec_type }) => codec_type === kind);
  const [video, audio] = [stream('video'), stream('audio')];
  const seconds = Number(probed.format?.duration);
  return {
    durationMs: Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : null,
    video:
      video === undefined
        ? null
        : {
            codec: video.codec_name ?? '',
            width: video.width ?? 0,
            height: video.height ?? 0,
            fps: rateOf(video.avg_frame_rate) ?? rateOf(video.r_frame_rate) ?? 15,
            frames: counted(video),
          },
    audio:
      audio === undefined
        ? null
        : { codec: audio.codec_name ?? '', channels: audio.channels ?? 1, packets: counted(audio) },
  };
}

const counted = ({ nb_read_packets: packets }: ProbedStream): number | null =>
  packets === undefined ? null : Number(packets);

function rateOf(text: string | undefined): number | null {
  const [above = 0, below = 1] = (text ?? '').split('/').map(Number);
  const rate = above / below;
  return Number.isFinite(rate) && rate > 0 && rate < 1000 ? rate : null;
}

/**
 * Decodes every key frame of the picture, or the sound: a file that passes both can be played from any key frame.
 * @throws OperatorError media-broken
 */
export async function decodeMedia(
  ffmpeg: string,
  file: string,
  of: 'picture' | 'sound',
  signal: AbortSignal,
): Promise<void> {
  const [before, map] = of === 'picture' ? [['-skip_frame', 'nokey', '-an'], '0:v?'] : [['-vn'], '0:a?'];
  const { code, stderrTail } = await runToEnd({
    file: ffmpeg,
    args: [
      ...['-nostdin', '-v', 'error', '-xerror', ...before, ...FOREIGN_MEDIA_OPTIONS],
      ...['-i', asMediaFile(file), '-map', map, '-f', 'null', '-'],
    ],
    signal,
    mustSucceed: false,
    timeLimitMs: 3_600_000,
    diesWithParent: true,
  });
  if (code !== 0) throw texts.mediaBroken({ file, detail: stderrTail.at(-1) ?? `status ${code ?? '?'}` });
}
