import type { ConvertOptions } from '../convert-options.js';
import type { FfmpegPlan, MediaFacts } from '../ports.js';
import { planCodec } from './video-codec.js';

const RIGHT = {
  mp4: { video: ['h264'], audio: ['aac', 'mp3'] },
  webm: { video: ['vp8', 'vp9', 'av1'], audio: ['opus', 'vorbis'] },
} as const;

/** Copies the streams that the container takes, encodes the others. */
export function planVideo(
  file: string,
  facts: MediaFacts,
  options: ConvertOptions,
  output: string,
): FfmpegPlan {
  const right = RIGHT[options.format];
  // A part begins at any frame, and copied streams at key frames only.
  const part = [
    ...(options.fromMs === null ? [] : ['-ss', String(options.fromMs / 1000)]),
    ...(options.toMs === null ? [] : ['-to', String(options.toMs / 1000)]),
  ];
  const whole = part.length === 0;
  const copiesVideo =
    whole && facts.video !== null && (right.video as readonly string[]).includes(facts.video.codec);
  const copiesAudio =
    whole && facts.audio !== null && (right.audio as readonly string[]).includes(facts.audio.codec);
  const video = options.audioOnly
    ? ['-vn']
    : copiesVideo
      ? ['-map', '0:v:0?', '-c:v', 'copy']
      : [
          '-map',
          '0:v:0?',
          ...planCodec({ ...options, threads: options.cores, encoder: { name: 'software' } }).options,
        ];
  const audio = copiesAudio
    ? ['-c:a', 'copy']
    : ['-c:a', options.format === 'webm' ? 'libopus' : 'aac', '-b:a', '96k'];
  return {
    inputs: [{ options: ['-fflags', '+genpts', ...part], source: file, foreign: true }],
    options: [
      ...video,
      '-map',
      '0:a:0?',
      ...audio,
      '-map_metadata',
      '0',
      ...(options.format === 'mp4' ? ['-movflags', '+faststart'] : []),
      '-f',
      options.format,
    ],
    output,
  };
}
