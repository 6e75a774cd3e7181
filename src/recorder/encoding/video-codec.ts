export const presetNames = ['fast', 'balanced', 'small'] as const;
export type PresetName = (typeof presetNames)[number];
export type FileFormat = 'mp4' | 'webm';

/** How pictures become a stream: arguments of ffmpeg, and the container of the segments. */
export interface VideoCodec {
  readonly name: string;
  readonly options: readonly string[];
  readonly segmentFormat: 'mp4' | 'webm';
}

export interface CodecFacts {
  readonly format: FileFormat;
  readonly preset: PresetName;
  /** Null: the preset's own quality. */
  readonly crf: number | null;
  readonly bitrateKbps: number | null;
  readonly threads: number;
}

const X264: Readonly<Record<PresetName, { preset: string; crf: number }>> = {
  fast: { preset: 'ultrafast', crf: 23 },
  balanced: { preset: 'veryfast', crf: 23 },
  small: { preset: 'medium', crf: 24 },
};

/** Software encoders, one thread each: segments side by side use the cores better than threads in one. */
export function planCodec({ format, preset, crf, bitrateKbps, threads }: CodecFacts): VideoCodec {
  const rate =
    bitrateKbps === null
      ? null
      : ['-b:v', `${bitrateKbps}k`, '-maxrate', `${bitrateKbps * 2}k`, '-bufsize', `${bitrateKbps * 4}k`];
  if (format === 'webm') {
    return {
      name: 'libvpx-vp9',
      segmentFormat: 'webm',
      options: [
        '-c:v',
        'libvpx-vp9',
        ...(rate ?? ['-crf', String(crf ?? 32), '-b:v', '0']),
        '-deadline',
        preset === 'small' ? 'good' : 'realtime',
        '-cpu-used',
        preset === 'small' ? '4' : '8',
        '-row-mt',
        '0',
        '-threads',
        String(threads),
        '-pix_fmt',
        'yuv420p',
      ],
    };
  }
  const x264 = X264[preset];
  return {
    name: 'libx264',
    segmentFormat: 'mp4',
    options: [
      '-c:v',
      'libx264',
      '-preset',
      x264.preset,
      ...(rate ?? ['-crf', String(crf ?? x264.crf)]),
      '-profile:v',
      'high',
      '-threads',
      String(threads),
      '-pix_fmt',
      'yuv420p',
    ],
  };
}
