import { describe, expect, it } from 'vitest';
import {
  concatList,
  cursorMoves,
  layParts,
  moveCommands,
} from '../../../src/recorder/encoding/lay-pictures.js';

describe('concatList', () => {
  it('gives each frame one tick, and repeats long stills', () => {
    const list = concatList(
      [
        { file: 'a.png', frames: 100 },
        { file: 'b.png', frames: 1 },
      ],
      15,
    );
    const durations = [...list.matchAll(/duration ([\d.]+)/g)].map((match) => Number(match[1]));
    expect(durations).toEqual([75 / 25, 25 / 25, 1 / 25]);
    expect(list.trimEnd().endsWith(`file 'b.png'`)).toBe(true);
  });

  it('has a picture that goes on read once', () => {
    const still = { file: 'a.png', frames: 10 };
    expect(concatList([still, still, still], 15)).toBe(
      "ffconcat version 1.0\nfile 'a.png'\nduration 1.20\nfile 'a.png'\n",
    );
  });
});

describe('moveCommands', () => {
  it('moves just before the frame and away when hidden', () => {
    expect(
      moveCommands(
        'pointer',
        cursorMoves([
          { frame: 0, dot: null },
          { frame: 15, dot: { x: 100, y: 50, radius: 4 } },
        ]),
        15,
      ),
    ).toBe(
      '0.0000 overlay@pointer x -10000, overlay@pointer y 0;\n0.9833 overlay@pointer x 52, overlay@pointer y 2;',
    );
  });
});

describe('layParts', () => {
  it('lays each part where it belongs, and none where the whole picture is right', () => {
    const part = (file: string, x: number) => ({ file, x, y: 2 });
    expect(
      layParts([
        { part: null, frames: 5 },
        { part: part('one.png', 10), frames: 2 },
        { part: part('two.png', 10), frames: 2 },
        { part: null, frames: 1 },
        { part: part('three.png', 30), frames: 4 },
      ]),
    ).toEqual({
      entries: [
        { file: 'one.png', frames: 5 },
        { file: 'one.png', frames: 2 },
        { file: 'two.png', frames: 2 },
        { file: 'two.png', frames: 1 },
        { file: 'three.png', frames: 4 },
      ],
      moves: [
        { frame: 0, to: null },
        { frame: 5, to: { x: 10, y: 2 } },
        { frame: 9, to: null },
        { frame: 10, to: { x: 30, y: 2 } },
      ],
    });
    expect(layParts([{ part: null, frames: 5 }])).toBeNull();
  });
});
