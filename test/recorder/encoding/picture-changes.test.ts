import { describe, expect, it } from 'vitest';
import { pictureChanges, selectFrames } from '../../../src/recorder/encoding/picture-changes.js';

const still = (file: string, frames: number, part: string | null = null) => ({
  file,
  frames,
  part: part === null ? null : { file: part, x: 2, y: 4, cut: { x: 8, y: 8, width: 20, height: 10 } },
});

describe('pictureChanges', () => {
  it('names every frame with another picture, part or place of the pointer, the first and the last', () => {
    const stills = [still('a', 10), still('a', 10), still('a', 5, 'p'), still('a', 5, 'p'), still('b', 20)];
    const cursor = [
      { frame: 0, dot: null },
      { frame: 33, dot: { x: 1, y: 1, radius: 4 } },
    ];
    expect(pictureChanges(stills, cursor, { frames: 50, longest: 100 })).toEqual([0, 20, 30, 33, 49]);
  });

  it('leaves no long time without a picture', () => {
    expect(pictureChanges([still('a', 250)], [], { frames: 250, longest: 100 })).toEqual([0, 100, 200, 249]);
    expect(pictureChanges([still('a', 201)], [], { frames: 201, longest: 100 })).toEqual([0, 100, 200]);
    expect(pictureChanges([still('a', 1)], [], { frames: 1, longest: 100 })).toEqual([0]);
  });
});

describe('selectFrames', () => {
  it('is true for the frames and for no others', () => {
    const frames = [0, 1, 2, 9, 40, 41, 99];
    const chosen = selectFrames(frames);
    expect(Array.from({ length: 120 }, (_, n) => n).filter((n) => valueAt(chosen, n) === 1)).toEqual(frames);
  });

  it('fits into an argument of a program when every other frame changes', () => {
    expect(selectFrames(Array.from({ length: 450 }, (_, i) => 2 * i)).length).toBeLessThan(30_000);
  });
});

/** The expression as ffmpeg's libavutil/eval.c reads it. */
function valueAt(expression: string, n: number): number {
  const [, at = '', rest = ''] = /^if\(lt\(n,(\d+)\),(.*)\)$/.exec(expression) ?? [];
  if (rest === '') return Number(expression);
  let depth = 0;
  const comma = rest.split(/(?:)/).findIndex((sign) => {
    depth += Number(sign === '(') - Number(sign === ')');
    return sign === ',' && depth === 0;
  });
  return valueAt(n < Number(at) ? rest.slice(0, comma) : rest.slice(comma + 1), n);
}
