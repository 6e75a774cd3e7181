import type { FfmpegPlan } from '../ports.js';

const SIDE = 16;
/** Full white is 235; a lossy encoder strays a little. */
const WHITE = 228;

/** Key frames alone, as 16x16 grey pictures: some hundred bytes for ten seconds of video. */
export const planWhiteCheck = (file: string, output: string): FfmpegPlan => ({
  inputs: [{ options: ['-skip_frame', 'nokey', '-threads', '1'], source: file }],
  options: ['-an', '-vf', `scale=${SIDE}:${SIDE},format=gray`, '-vsync', 'passthrough', '-f', 'rawvideo'],
  output,
});

/** True when no key frame shows anything. */
export const isWhite = (pictures: Buffer): boolean =>
  pictures.length >= SIDE * SIDE && pictures.every((value) => value >= WHITE);
