export const presetNames = ['fast', 'balanced', 'small'] as const;
export type PresetName = (typeof presetNames)[number];
export type FileFormat = 'mp4' | 'webm';

/** What makes H.264 of pictures; VA-API needs to know its device. */
export type Encoder =
  { readonly name: 'software' | 'nvenc' | 'qsv' } | { readonly name: 'vaapi'; readonly device: string };
export type EncoderName = Encoder['name'];

/** How pictures become a stream: arguments of ffmpeg, and the container of the segments. */
export interface VideoCodec {
  readonly name: string;
  readonly options: readonly string[];
  readonly segmentFormat: 'mp4' | 'webm';
  /** Before the first input: opens the device. */
  readonly deviceOptions: readonly string[];
  /** Behind the last filter, with its comma: hands pictures over to the device. */
  readonly filter: string;
}

export interface CodecFacts {
  readonly format: FileFormat;
  readonly preset: PresetName;
  /** Null: the preset's own quality. */
  readonly crf: number | null;
  readonly bitrateKbps: number | null;
  readonly threads: number;
  readonly encoder: Encoder;
  /** Nothing but what we draw is seen. */
  readonly drawn?: boolean;
}

/**
 * Settings of x264 by measure, not by name. A lecture is a picture that stands still beside a small one that moves:
 * looking ahead and macroblock trees cost half of veryfast's time there, and a quality that varies (CRF) needs a
 * second, smaller encode of each frame, a fifth of the time. A constant quantizer (QP) without all that, key frames at
 * what we know to be new (and finer ones: ipratio) keep the slides sharper, thin strokes in their colour, and the
 * webcam as it is by veryfast at CRF 23 (test/recorder/quality.recorder.test.ts; npm run prove recorder).
 */
const STILL = 'rc-lookahead=0:mbtree=0:scenecut=0:weightp=0:bframes=0';
/**
 * What we draw stays or moves by whole pixels. To look between them takes a fifth of the time, for planes of the whole
 * frame, and finds nothing there; a webcam moves by parts of a pixel, and takes twice the bits without.
 */
const WHOLE_PIXELS = ':subme=0';
const X264: Readonly<
  Record<PresetName, { preset: string; quality: readonly string[]; params: string | null }>
> = {
  fast: { preset: 'ultrafast', quality: ['-qp', '21'], params: 'scenecut=0:ipratio=2.5' },
  balanced: {
    preset: 'superfast',
    quality: ['-qp', '24'],
    params: `${STILL}:ipratio=3:chroma-qp-offset=-3`,
  },
  small: { preset: 'medium', quality: ['-crf', '24'], params: null },
};

/** One thread each: segments side by side use the cores better than threads in one. */
export function planCodec(facts: CodecFacts): VideoCodec {
  if (facts.format === 'webm') return { ...NO_DEVICE, ...planVp9(facts) };
  switch (facts.encoder.name) {
    case 'software':
      return { ...NO_DEVICE, ...planX264(facts) };
    case 'nvenc':
      return { ...NO_DEVICE, ...planNvenc(facts) };
    case 'qsv':
      return { ...NO_DEVICE, filter: ',format=nv12', ...planQsv(facts) };
    case 'vaapi':
      return {
        deviceOptions: [
          ...['-init_hw_device', `vaapi=gpu:${facts.encoder.device}`],
          ...['-filter_hw_device', 'gpu'],
        ],
        filter: ',format=nv12,hwupload',
        ...planVaapi(facts),
      };
  }
}

const NO_DEVICE = { deviceOptions: [], filter: '' };
type Coding = Pick<VideoCodec, 'name' | 'options' | 'segmentFormat'>;

const rateOf = ({ bitrateKbps }: CodecFacts): string[] | null =>
  bitrateKbps === null
    ? null
    : ['-b:v', `${bitrateKbps}k`, '-maxrate', `${bitrateKbps * 2}k`, '-bufsize', `${bitrateKbps * 4}k`];

function planX264(facts: CodecFacts): Coding {
  const { preset, quality, params } = X264[facts.preset];
  return {
    name: 'libx264',
    segmentFormat: 'mp4',
    options: [
      ...['-c:v', 'libx264', '-preset', preset],
      ...(rateOf(facts) ?? (facts.crf === null ? quality : ['-crf', String(facts.crf)])),
      ...(params === null ? [] : ['-x264-params', params + (facts.drawn === true ? WHOLE_PIXELS : '')]),
      ...['-profile:v', 'high', '-threads', String(facts.threads), '-pix_fmt', 'yuv420p'],
    ],
  };
}

function planVp9(facts: CodecFacts): Coding {
  const small = facts.preset === 'small';
  return {
    name: 'libvpx-vp9',
    segmentFormat: 'webm',
    options: [
      ...['-c:v', 'libvpx-vp9', ...(rateOf(facts) ?? ['-crf', String(facts.crf ?? 32), '-b:v', '0'])],
      ...['-deadline', small ? 'good' : 'realtime', '-cpu-used', small ? '4' : '8'],
      ...['-row-mt', '0', '-threads', String(facts.threads), '-pix_fmt', 'yuv420p'],
    ],
  };
}

/** Devices count quality much like x264 does; their B-frames are left out, as ours are. */
const HARDWARE_QUALITY: Readonly<Record<PresetName, number>> = { fast: 27, balanced: 24, small: 26 };
const qualityOf = ({ preset, crf }: CodecFacts): string => String(crf ?? HARDWARE_QUALITY[preset]);

function planNvenc(facts: CodecFacts): Coding {
  const preset = { fast: 'p2', balanced: 'p4', small: 'p6' }[facts.preset];
  return {
    name: 'h264_nvenc',
    segmentFormat: 'mp4',
    options: [
      ...['-c:v', 'h264_nvenc', '-preset', preset, '-rc', 'vbr'],
      ...(rateOf(facts) ?? ['-cq', qualityOf(facts), '-b:v', '0']),
      ...['-profile:v', 'high', '-bf', '0', '-forced-idr', '1', '-pix_fmt', 'yuv420p'],
    ],
  };
}

function planQsv(facts: CodecFacts): Coding {
  const preset = { fast: 'veryfast', balanced: 'medium', small: 'slower' }[facts.preset];
  return {
    name: 'h264_qsv',
    segmentFormat: 'mp4',
    options: [
      ...['-c:v', 'h264_qsv', '-preset', preset],
      ...(rateOf(facts) ?? ['-global_quality', qualityOf(facts)]),
      ...['-profile:v', 'high', '-bf', '0', '-forced_idr', '1'],
    ],
  };
}

function planVaapi(facts: CodecFacts): Coding {
  return {
    name: 'h264_vaapi',
    segmentFormat: 'mp4',
    options: [
      ...['-c:v', 'h264_vaapi', ...(rateOf(facts) ?? ['-rc_mode', 'CQP', '-qp', qualityOf(facts)])],
      ...['-profile:v', 'high', '-bf', '0'],
    ],
  };
}
