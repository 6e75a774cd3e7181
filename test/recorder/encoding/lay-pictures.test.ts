import { describe, expect, it } from 'vitest';
import {
  cursorMoves,
  cutFilters,
  fromItsFrame,
  inOrder,
  layParts,
  moveExpressions,
} from '../../../src/recorder/encoding/lay-pictures.js';

describe('inOrder', () => {
  it('has a picture that goes on there once, and the last one once more behind the end', () => {
    const [one, two] = [
      { file: 'a.png', frames: 10 },
      { file: 'b.png', frames: 1 },
    ];
    expect(inOrder([one, one, two, one])).toEqual({
      files: ['a.png', 'b.png', 'a.png', 'a.png'],
      starts: [0, 20, 21, 31],
    });
    expect(inOrder([])).toEqual({ files: [], starts: [] });
  });
});

describe('fromItsFrame', () => {
  it('gives each picture its frame', () => {
    expect(fromItsFrame({ file: 'a.png', starts: [0, 20, 21, 31] })).toBe(
      "setpts='if(lt(N,2),if(lt(N,1),0,20),if(lt(N,3),21,31))'",
    );
  });
});

describe('moveExpressions', () => {
  it('has it where it is from its frame on, and away when hidden', () => {
    expect(
      moveExpressions(
        cursorMoves([
          { frame: 0, dot: null },
          { frame: 15, dot: { x: 100, y: 50, radius: 4 } },
        ]),
        15,
      ),
    ).toEqual({ x: 'if(lt(t,0.983),-10000,52)', y: 'if(lt(t,0.983),0,2)' });
  });

  it('gives what a search from frame to frame gives, in a text that one argument of a program holds', () => {
    const moves = Array.from({ length: 900 }, (_, frame) => ({
      frame,
      to: frame % 7 === 3 ? null : { x: 1000.126 + frame / 3, y: 700 - frame * 1.017 },
    }));
    const { x, y } = moveExpressions(moves, 60);
    for (const frame of [0, 1, 3, 4, 449, 450, 898, 899]) {
      const to = moves[frame]?.to;
      expect(valueAt(x, frame / 60)).toBe(to ? Math.round(to.x * 100) / 100 : -10_000);
      expect(valueAt(y, frame / 60)).toBe(to ? Math.round(to.y * 100) / 100 : 0);
    }
    // The most that one can be: a part of a sheet and a dot of another size with each frame. The kernel takes 131,072
    // bytes (MAX_ARG_STRLEN).
    const rows = moves.map(({ frame }) => ({ frame, y: frame % 8 === 0 ? 8 : 232 * (frame % 8) + 8 }));
    const sheet = cutFilters({ x: 8, width: 384, height: 216, rows }, 60);
    const dots = fromItsFrame({ file: 'a.pam', starts: moves.map(({ frame }) => frame) });
    expect(2 * (x.length + y.length) + sheet.length + dots.length).toBeLessThan(128_000);
  });
});

/** The expression as ffmpeg's libavutil/eval.c reads it. */
function valueAt(expression: string, t: number): number {
  const parts = /^if\(lt\(t,([\d.-]+)\),(.*)\)$/.exec(expression);
  if (parts === null) return Number(expression);
  const [, at = '', rest = ''] = parts;
  let depth = 0;
  const comma = rest.split(/(?:)/).findIndex((sign) => {
    depth += Number(sign === '(') - Number(sign === ')');
    return sign === ',' && depth === 0;
  });
  return valueAt(t < Number(at) ? rest.slice(0, comma) : rest.slice(comma + 1), t);
}

describe('layParts', () => {
  it('lays each part where it belongs, and none where the whole picture is right', () => {
    const part = (file: string, x: number, row = 0) => ({
      ...{ file, x, y: 2 },
      cut: { x: 8, y: 8 + 116 * row, width: 200, height: 100 },
    });
    expect(
      layParts([
        { part: null, frames: 5 },
        { part: part('one.png', 10), frames: 2 },
        { part: part('two.png', 10), frames: 2 },
        { part: part('two.png', 10, 1), frames: 3 },
        { part: null, frames: 1 },
        { part: part('three.png', 30), frames: 4 },
      ]),
    ).toEqual({
      entries: [
        { file: 'one.png', frames: 5 },
        { file: 'one.png', frames: 2 },
        { file: 'two.png', frames: 2 },
        { file: 'two.png', frames: 3 },
        { file: 'two.png', frames: 1 },
        { file: 'three.png', frames: 4 },
      ],
      moves: [
        { frame: 0, to: null },
        { frame: 5, to: { x: 10, y: 2 } },
        { frame: 12, to: null },
        { frame: 13, to: { x: 30, y: 2 } },
      ],
      cut: {
        ...{ x: 8, width: 200, height: 100 },
        rows: [
          { frame: 0, y: 8 },
          { frame: 9, y: 124 },
          { frame: 13, y: 8 },
        ],
      },
    });
    expect(layParts([{ part: null, frames: 5 }])).toBeNull();
  });
});
