import path from 'node:path';
import { difference, readFrames, type Box, type Picture } from '../pictures.js';
import { fixtures } from '../presentations.js';

/** How many frames a webcam in a picture is off from the fixtures' own of that number: the nearest of five counts. */
export function webcamFramesOff(picture: Picture, box: Box, number: number): number {
  const around = [-2, -1, 0, 1, 2].filter((step) => number + step >= 0);
  const own = readFrames(
    path.join(fixtures, 'media/webcams.webm'),
    around.map((step) => number + step),
    { width: box.width, height: box.height },
  );
  const errors = own.map((frame) =>
    difference(picture, box, frame, { x: 0, y: 0, width: box.width, height: box.height }),
  );
  return Math.abs(around[errors.indexOf(Math.min(...errors))] ?? 99);
}
