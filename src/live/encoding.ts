import type { StreamTarget } from './stream-target.js';

export interface PictureSettings {
  readonly size: { readonly width: number; readonly height: number };
  readonly framerate: number;
  readonly bitrateKbps: number;
  readonly threads: number;
  readonly preset: string;
}

/** Where the encoder's picture and sound come from. */
type EncoderInput =
  /** A WebM stream on standard input. */
  | { readonly kind: 'webm' }
  /** One picture for ever, and silence. */
  | { readonly kind: 'still'; readonly file: string }
  | {
      readonly kind: 'screen';
      readonly display: string;
      readonly pulseServer: string;
      readonly source: string;
    };

export interface EncodingFacts {
  readonly input: EncoderInput;
  readonly picture: PictureSettings;
  readonly target: Pick<StreamTarget, 'url' | 'format'> | null;
  /** Whether a copy of the stream (MPEG-TS) goes to file descriptor 3, for further targets. */
  readonly copies: boolean;
  /** Matroska file written beside the stream, from the same encode; null records nothing. */
  readonly recordingFile: string | null;
}

/**
 * Arguments of the one ffmpeg of a live: constant frame rate whatever the page paints, a key frame every two
 * seconds, one encode for the stream and the recording (tee). The stream sits behind a fifo that reconnects for
 * ever, so that an RTMP outage costs neither the recording nor the process; a full disk costs only the recording, a
 * killed ffmpeg at most the recording's last second.
 * The RTMP address stands in the arguments: ffmpeg 5.1 reads it from nowhere else (docs/live.md).
 */
export function encoderArguments(facts: EncodingFacts): string[] {
  const { framerate, bitrateKbps, threads, preset, size } = facts.picture;
  const gop = framerate * 2;
  return [
    '-hide_banner',
    '-nostdin',
    '-nostats',
    '-loglevel',
    'level+info',
    '-progress',
    'pipe:1',
    '-stats_period',
    '0.5',
    '-y',
    ...inputArguments(facts),
    '-map',
    '0:v:0',
    '-map',
    facts.input.kind === 'webm' ? '0:a:0' : '1:a:0',
    '-vf',
    `scale=${size.width}:${size.height}:force_original_aspect_ratio=decrease,pad=${size.width}:${size.height}:(ow-iw)/2:(oh-ih)/2,fps=${framerate},format=yuv420p`,
    '-c:v',
    'libx264',
    '-preset',
    preset,
    '-tune',
    'zerolatency',
    '-profile:v',
    'main',
    '-g',
    String(gop),
    '-keyint_min',
    String(gop),
    '-sc_threshold',
    '0',
    '-b:v',
    `${bitrateKbps}k`,
    '-maxrate',
    `${bitrateKbps}k`,
    '-bufsize',
    `${bitrateKbps * 2}k`,
    '-threads:v',
    String(threads),
    '-c:a',
    'aac',
    '-b:a',
    '128k',
    '-ar',
    '44100',
    '-ac',
    '2',
    '-af',
    'aresample=async=1:first_pts=0',
    '-flags',
    '+global_header',
    '-f',
    'tee',
    outputs(facts).join('|'),
  ];
}

/**
 * A tab that shows a slide gives one picture a second: to guess the frame rate of twenty of them, which nobody needs, ffmpeg
 * would wait for more than five seconds before it says anything.
 */
const AT_ONCE = ['-fpsprobesize', '0', '-analyzeduration', '500000'];

function inputArguments({ input, picture }: EncodingFacts): string[] {
  if (input.kind === 'webm')
    return [
      ...['-thread_queue_size', '1024', '-fflags', '+genpts', ...AT_ONCE],
      ...['-f', 'matroska', '-i', 'pipe:0'],
    ];
  if (input.kind === 'still')
    return [
      ...['-re', '-loop', '1', '-framerate', String(picture.framerate), '-i', input.file],
      ...['-re', '-f', 'lavfi', '-i', 'anullsrc=channel_layout=stereo:sample_rate=44100'],
    ];
  const { width, height } = picture.size;
  return [
    ...['-thread_queue_size', '1024', '-f', 'x11grab', '-draw_mouse', '0'],
    ...[
      '-framerate',
      String(picture.framerate),
      '-video_size',
      `${width}x${height}`,
      '-i',
      `${input.display}+0,0`,
    ],
    ...['-thread_queue_size', '1024', '-f', 'pulse', '-server', input.pulseServer],
    ...['-ac', '2', '-ar', '44100', '-i', input.source],
  ];
}

/** A queue of its own thread: what is behind it may be slow or away, and never holds up the others. */
const QUEUE = 'queue_size=600:drop_pkts_on_overflow=1:restart_with_keyframe=1';
const RECOVERY =
  'attempt_recovery=1:recover_any_error=1:recovery_wait_time=1:max_recovery_attempts=0:' + QUEUE;

const reconnecting = (format: StreamTarget['format']): string =>
  `f=fifo:fifo_format=${format}:${RECOVERY}:` +
  `${format === 'flv' ? 'format_opts=flvflags=no_duration_filesize:' : ''}onfail=ignore`;

/** A target that takes nothing for so long is given up, and tried again. */
const HANGS_US = 10_000_000;

/**
 * Arguments of the small ffmpeg that hands the stream to one further target, as it is: its own process, so that what it
 * says is known to be of this target, and its end concerns no other. It may begin at any moment of the MPEG-TS, and ends
 * with its connection. `caFile` is the authority that the certificate of an rtmps:// target must be signed by. (Behind a tee or fifo muxer ffmpeg 5.1 keeps MPEG-TS's codec tags, which flv refuses.)
 */
export const relayArguments = (
  { url, format }: Pick<StreamTarget, 'url' | 'format'>,
  caFile: string | null,
): string[] => [
  ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'level+info'],
  ...['-progress', 'pipe:1', '-stats_period', '0.5'],
  ...['-analyzeduration', '2000000', '-probesize', '1000000', '-f', 'mpegts', '-i', 'pipe:0'],
  ...['-map', '0:v:0', '-map', '0:a:0', '-c', 'copy'],
  ...(format === 'flv'
    ? ['-bsf:a', 'aac_adtstoasc', '-flvflags', 'no_duration_filesize', '-rw_timeout', String(HANGS_US)]
    : []),
  ...(caFile !== null && url.startsWith('rtmps:') ? ['-tls_verify', '1', '-ca_file', caFile] : []),
  ...['-f', format, url],
];

function outputs({ target, copies, recordingFile }: EncodingFacts): string[] {
  return [
    ...(target === null ? [] : [`[${reconnecting(target.format)}]${escapeTee(target.url)}`]),
    ...(copies ? [`[f=fifo:fifo_format=mpegts:${QUEUE}:onfail=ignore]pipe:3`] : []),
    ...(recordingFile === null
      ? []
      : [`[f=matroska:cluster_time_limit=1000:flush_packets=1:onfail=ignore]${escapeTee(recordingFile)}`]),
    ...(target === null && recordingFile === null ? ['[f=null]-'] : []),
  ];
}

/** The tee muxer splits at `|` and unquotes `\` and `'` (av_get_token). */
export const escapeTee = (text: string): string => text.replace(/[\\'|[\]\s]/g, (c) => `\\${c}`);
