import type { CursorPoint } from '../timeline/cursor-track.js';
import type { PartRun, StillEntry } from './lay-pictures.js';

/**
 * Frames of a segment that show something else than the frame before, by what we know of it: another picture, another part
 * over it, the pointer elsewhere. The first and the last are always among them: a picture lasts until the next one in its
 * file, and the last as long as one frame, so that the picture ends when the sound does.
 * @param longest no two follow each other at a greater distance, in frames: players that seek find a picture
 */
export function pictureChanges(
  stills: readonly (StillEntry & PartRun)[],
  cursor: readonly CursorPoint[],
  facts: { readonly frames: number; readonly longest: number },
): number[] {
  const changes = new Set([0, facts.frames - 1, ...cursor.map(({ frame }) => frame)]);
  let frame = 0;
  let before = '';
  for (const { file, part, frames } of stills) {
    const shown = JSON.stringify([file, part]);
    if (shown !== before) changes.add(frame);
    before = shown;
    frame += frames;
  }
  const known = [...changes].filter((change) => change >= 0 && change < facts.frames).sort((a, b) => a - b);
  return known.flatMap((change, i) => {
    const gap = (known[i + 1] ?? change) - change;
    return Array.from(
      { length: Math.max(1, Math.ceil(gap / facts.longest)) },
      (_, k) => change + k * facts.longest,
    );
  });
}

/** Expression of ffmpeg's `select`, true for these frames and no others: a tree, as those of the moves. */
export function selectFrames(frames: readonly number[]): string {
  const wanted = new Set(frames);
  // Where what is taken begins, and where it ends.
  const turns = [...new Set(frames.flatMap((frame) => [frame, frame + 1]))]
    .filter((frame) => frame > 0 && wanted.has(frame) !== wanted.has(frame - 1))
    .sort((a, b) => a - b);
  const tree = (from: number, to: number): string => {
    if (from === to) return String((from + (wanted.has(0) ? 1 : 0)) % 2);
    const middle = Math.ceil((from + to) / 2);
    return `if(lt(n,${turns[middle - 1]}),${tree(from, middle - 1)},${tree(middle, to)})`;
  };
  return tree(0, turns.length);
}
