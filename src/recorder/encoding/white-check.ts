import type { FfmpegPlan } from '../ports.js';

const SIDE = 16;
/** Full white is 235; a lossy encoder strays a little. */
const WHITE = 228;

/** Moments of a recording that are looked at first: a webcam is seen in one of them, nearly always in the first. */
export const WHITE_CHECK_SHARES = [0.5, 0.1, 0.9, 0.3, 0.7] as const;

/** The key frame before one moment as a 16x16 grey picture. */
export const planWhiteGlance = (file: string, seconds: number, output: string): FfmpegPlan => ({
  inputs: [
    {
      options: ['-noaccurate_seek', '-ss', seconds.toFixed(3), '-threads', '1'],
      source: file,
      foreign: true,
    },
  ],
  options: [
    ...['-frames:v', '1', '-an', '-vf', `scale=${SIDE}:${SIDE},format=gray`],
    ...['-fps_mode', 'passthrough', '-f', 'rawvideo'],
  ],
  output,
});

/** Key frames alone, as 16x16 grey pictures: some hundred bytes for ten seconds of video. */
export const planWhiteCheck = (file: string, output: string): FfmpegPlan => ({
  inputs: [{ options: ['-skip_frame', 'nokey', '-threads', '1'], source: file, foreign: true }],
  options: ['-an', '-vf', `scale=${SIDE}:${SIDE},format=gray`, '-fps_mode', 'passthrough', '-f', 'rawvideo'],
  output,
});

/** True when no key frame shows anything. */
export const isWhite = (pictures: Buffer): boolean =>
  pictures.length >= SIDE * SIDE && pictures.every((value) => value >= WHITE);
