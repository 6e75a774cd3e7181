import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { difference, readFrames, ssim, type Box, type Picture } from '../support/pictures.js';
import { fixtures, type Kind } from '../support/presentations.js';
import { drawState } from '../support/recorder/draw-state.js';

/*
 * Each kind of drawing of each generation against pictures of the real player (bbb-playback 5.1.3 in Chromium, made outside
 * of this repository): its content area, without the bars. Only still pictures are drawn.
 */

/** Where the player's content stands at 1280x720 with its bars: 60 above, 50 below. */
const CONTENT: Box = { x: 320, y: 60, width: 960, height: 610 };

function at(x: number, y: number, width: number, height: number): Box {
  return { x, y, width, height };
}

/** The player's pictures have DejaVu's Hebrew, as Debian 12 has; Liberation 2 of Debian 13 brings letters of its own. */
const isPicturedHebrew = !execFileSync('fc-list', [':lang=he', 'family'], { encoding: 'utf8' }).includes(
  'Liberation',
);

interface Drawn {
  readonly name: string;
  readonly base: Kind;
  readonly seconds: number;
  /** What is drawn, in pixels of the content area; how alike it is at least. */
  readonly shapes: Readonly<Record<string, readonly [box: Box, alike: number, differsBy?: number]>>;
}

const DRAWN: readonly Drawn[] = [
  {
    name: 'classic-texts',
    base: 'classic',
    seconds: 4.2,
    shapes: {
      'a text of two lines': [at(34, 130, 160, 56), 0.95],
      'Arabic words': [at(34, 288, 166, 28), 0.95],
      'emoji and signs': [at(34, 322, 190, 30), 0.95],
      'a text that its box cuts': [at(34, 372, 180, 36), 0.95],
      'the results of a poll': [at(670, 358, 290, 218), 0.95],
    },
  },
  { name: 'gaps', base: 'classic', seconds: 7.5, shapes: {} },
  // The slide after the empty picture that BBB writes while the screen is shared.
  { name: 'share-picture', base: 'tldraw2', seconds: 5.5, shapes: {} },
  {
    name: 'shapes',
    base: 'tldraw1',
    seconds: 1.5,
    shapes: {
      'a sticky note': [at(22, 117, 143, 143), 0.95],
      'a note of another colour and font': [at(169, 117, 143, 143), 0.95],
      'a text of three lines': [at(320, 122, 120, 62), 0.95],
      'sans serif': [at(320, 196, 90, 24), 0.95],
      serif: [at(320, 232, 120, 34), 0.95],
      'letters of one width': [at(320, 285, 60, 40), 0.95],
      'a scaled text': [at(320, 372, 90, 40), 0.95],
      'a turned rectangle with words': [at(500, 104, 120, 95), 0.95],
      'a dashed and filled rectangle': [at(630, 118, 130, 75), 0.95],
      'a dotted ellipse': [at(765, 118, 112, 74), 0.95],
      'a triangle': [at(500, 202, 118, 98), 0.95],
      'an arrow with words': [at(636, 204, 130, 92), 0.95],
      'an arc with two heads': [at(772, 200, 155, 105), 0.95],
      'a dotted line': [at(500, 315, 146, 26), 0.95],
      'a dashed line': [at(662, 315, 144, 26), 0.95],
      'a stroke': [at(22, 294, 140, 40), 0.95],
      'a dashed stroke': [at(22, 356, 136, 36), 0.95],
      'a filled stroke': [at(22, 400, 80, 52), 0.97],
      'a dot': [at(166, 347, 14, 14), 0.95],
    },
  },
  {
    name: 'aligns',
    base: 'tldraw1',
    seconds: 1.5,
    shapes: {
      start: [at(200, 138, 170, 58), 0.95],
      middle: [at(200, 238, 190, 58), 0.95],
      end: [at(200, 338, 200, 58), 0.95],
      justify: [at(200, 438, 170, 60), 0.95],
      'a long arrow with words': [at(530, 228, 275, 80), 0.95],
      'a rectangle by hand': [at(528, 330, 145, 75), 0.95],
      'a broad rectangle by hand': [at(696, 330, 142, 75), 0.95],
      'a broad ellipse by hand': [at(522, 428, 155, 80), 0.99],
      'a thin solid rectangle': [at(698, 432, 138, 72), 0.95],
    },
  },
  {
    name: 'labels',
    base: 'tldraw1',
    seconds: 1.5,
    shapes: {
      'words wider than their rectangle': [at(36, 130, 142, 68), 0.95],
      'a word wider than its ellipse': [at(244, 128, 166, 72), 0.95],
      'two lines': [at(464, 130, 86, 48), 0.95],
      'the results of a poll': [at(684, 480, 272, 90), 0.95],
    },
  },
  {
    name: 'polls',
    base: 'tldraw2',
    seconds: 2,
    shapes: {
      'a poll with a question': [at(38, 126, 272, 206), 0.95],
      'a poll without': [at(371, 126, 204, 206), 0.95],
      'long answers': [at(631, 126, 272, 238), 0.95],
    },
  },
  {
    name: 'texts',
    base: 'tldraw2',
    seconds: 2,
    shapes: {
      'a stroke': [at(35, 118, 160, 36), 0.95],
      'a highlight': [at(30, 156, 172, 46), 0.95],
      'a filled rectangle': [at(36, 258, 126, 66), 0.95],
      'a hatched one with words': [at(36, 332, 126, 66), 0.985],
      'a note': [at(170, 332, 140, 140), 0.95],
      'Arabic words': [at(345, 134, 145, 30), 0.95],
      'Hebrew words': [
        at(345, 165, 146, 30),
        ...(isPicturedHebrew ? ([0.95] as const) : ([0.45, 2500] as const)),
      ],
      emoji: [at(345, 200, 165, 30), 0.95],
      'lines in the middle': [at(345, 234, 160, 90), 0.95],
      'letters of no font': [at(345, 335, 115, 24), 0.95],
      'a text that ends at the right': [at(610, 134, 166, 68), 0.95],
      'a scaled text': [at(598, 268, 174, 64), 0.95],
      'a turned text': [at(590, 352, 58, 46), 0.95],
    },
  },
  {
    name: 'boundless',
    base: 'tldraw2',
    seconds: 2.7,
    shapes: {
      'a stroke outside of the slide': [at(38, 40, 108, 32), 0.95],
      'a pointer outside of it': [at(74, 87, 26, 26), 0.95],
      'an ellipse with words': [at(810, 266, 138, 96), 0.95],
      'a text below': [at(20, 525, 216, 30), 0.95],
      'the slide': [at(170, 140, 620, 350), 0.95],
    },
  },
  {
    name: 'kinds1',
    base: 'tldraw1',
    seconds: 2,
    shapes: {
      'a filled stroke of few points': [at(22, 117, 90, 50), 0.99],
      'a dashed stroke of few points': [at(118, 117, 90, 50), 0.99],
      'a stroke of three points': [at(214, 117, 63, 50), 0.99],
      'a dotted loop': [at(283, 117, 83, 50), 0.99],
      'a large dot': [at(372, 117, 26, 26), 0.99],
      'an arc by hand': [at(404, 117, 110, 50), 0.99],
      'a dashed arc': [at(520, 117, 110, 50), 0.99],
      'a short arc': [at(636, 117, 57, 36), 0.95],
      'a sticky note': [at(699, 117, 143, 143), 0.99],
      'a thin rectangle by hand': [at(848, 117, 90, 19), 0.99],
    },
  },
  {
    name: 'near1',
    base: 'tldraw1',
    seconds: 2,
    shapes: {
      'a filled stroke of few points': [at(58, 89, 202, 106), 0.99],
      'a dashed stroke of few points': [at(289, 89, 202, 106), 0.99],
      'a stroke of three points': [at(519, 89, 138, 106), 0.99],
      'a dotted loop': [at(58, 223, 186, 106), 0.99],
      'a large dot': [at(273, 223, 48, 49), 0.99],
      'an arc by hand': [at(349, 223, 250, 106), 0.99],
      'a dashed arc': [at(58, 358, 250, 106), 0.99],
    },
  },
  {
    name: 'kinds2',
    base: 'tldraw2',
    seconds: 2,
    shapes: {
      'a rectangle by hand': [at(22, 117, 90, 63), 0.97],
      'a pentagon by hand': [at(118, 117, 90, 63), 0.97],
      'a star': [at(214, 117, 90, 63), 0.99],
      'a thick arrow by hand': [at(310, 117, 70, 63), 0.97],
      'a cloud by hand': [at(386, 117, 90, 63), 0.97],
      'a dashed cloud with words': [at(482, 117, 96, 63), 0.97],
      'a dashed oval': [at(584, 117, 50, 70), 0.97],
      'a crossed box': [at(640, 117, 77, 50), 0.97],
      'a line by hand': [at(723, 117, 90, 63), 0.97],
      'a curved line': [at(819, 117, 90, 63), 0.97],
      'a curved line by hand': [at(22, 193, 90, 63), 0.97],
      'a dashed curved line': [at(118, 193, 90, 63), 0.97],
      'a stroke of few points': [at(214, 193, 90, 50), 0.97],
      'a fast zigzag': [at(310, 193, 90, 50), 0.97],
      'a dotted loop': [at(406, 193, 83, 50), 0.97],
      'a straight stretch and a free one': [at(495, 193, 90, 56), 0.97],
      'a dot': [at(591, 193, 23, 23), 0.97],
      'a dot of the highlighter': [at(620, 193, 37, 36), 0.97],
      'a dashed arrow with closed heads': [at(663, 193, 110, 50), 0.97],
      'a text narrower than it says': [at(779, 193, 77, 32), 0.97],
      'a text of an older alignment': [at(22, 262, 96, 77), 0.97],
      'lines that end at the right': [at(124, 262, 124, 77), 0.97],
      'a note that grows': [at(254, 262, 143, 190), 0.97],
      'a note that says it grew': [at(403, 262, 143, 143), 0.97],
    },
  },
  {
    name: 'near2',
    base: 'tldraw2',
    seconds: 2,
    shapes: {
      'a rectangle by hand': [at(58, 89, 202, 138), 0.97],
      'a cloud by hand': [at(289, 89, 202, 138), 0.97],
      'a curved line': [at(519, 89, 202, 138), 0.97],
      'a dashed curved line': [at(58, 255, 202, 138), 0.97],
      'a stroke of few points': [at(289, 255, 202, 106), 0.97],
      'lines that end at the right': [at(519, 255, 282, 170), 0.97],
    },
  },
  {
    name: 'bound2',
    base: 'tldraw2',
    seconds: 2,
    shapes: {
      'an arrow between shapes that overlap': [at(13, 46, 179, 118), 0.98],
      'an arrow between near ones': [at(202, 46, 179, 118), 0.98],
      'a bent arrow between near ones': [at(390, 46, 179, 118), 0.98],
      'an arrow with two heads': [at(579, 46, 179, 118), 0.98],
      'a bent arrow with two heads': [at(768, 46, 179, 118), 0.98],
      'an arrow into a shape in another': [at(13, 177, 179, 118), 0.98],
      'an arrow within a shape': [at(202, 177, 179, 118), 0.98],
      'an arrow to a point in a shape': [at(390, 177, 179, 118), 0.98],
      'an arrow to a star': [at(579, 177, 179, 118), 0.98],
      'an arrow to a turned shape': [at(768, 177, 179, 118), 0.98],
      'an arrow to an open stroke': [at(13, 309, 179, 118), 0.98],
      'a bent arrow to an open stroke': [at(202, 309, 179, 118), 0.98],
      'a frame': [at(390, 309, 179, 118), 0.98],
      'a frame too small for its name': [at(579, 309, 179, 118), 0.98],
      'a frame on its side': [at(768, 309, 179, 118), 0.98],
      'the pointer': [at(883, 486, 30, 30), 0.98],
    },
  },
];

let directory = '';
const ours = new Map<string, Picture>();

beforeAll(async () => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-drawn-'));
  for (const { name, base, seconds } of [...DRAWN, CHAT]) {
    const texts = path.join(directory, name);
    cpSync(path.join(fixtures, 'drawn', name), texts, { recursive: true });
    cpSync(path.join(fixtures, base, 'presentation'), path.join(texts, 'presentation'), { recursive: true });
    ours.set(name, await drawState({ texts, pictures: texts }, seconds, CONTENT));
  }
}, 600_000);

afterAll(() => rmSync(directory, { recursive: true, force: true }));

const CHAT = { name: 'chat', base: 'tldraw2', seconds: 11.5 } as const;
const CHAT_COLUMN: Box = { x: 0, y: 240, width: 320, height: 450 };

/** The reference lies there without what is around it. */
function reference(name: string, seconds: number, { width, height }: Box): Picture {
  const [picture] = readFrames(path.join(fixtures, 'drawn', name, `${seconds}.png`), [0], { width, height });
  if (picture === undefined) throw new Error(`no picture of ${name}`);
  return picture;
}

/** A part of a picture as a picture. */
function cut({ rgb, width }: Picture, box: Box): Picture {
  const rows = Array.from({ length: box.height }, (_, y) => {
    const from = ((box.y + y) * width + box.x) * 3;
    return rgb.subarray(from, from + box.width * 3);
  });
  return { width: box.width, height: box.height, rgb: Buffer.concat(rows) };
}

describe.each(DRAWN)('$name of $base against the real player', ({ name, seconds, shapes }) => {
  const pair = (): [Picture, Picture] => [cut(ours.get(name)!, CONTENT), reference(name, seconds, CONTENT)];

  it('shows the same content', () => {
    const [one, other] = pair();
    expect(ssim(one, other, at(0, 0, CONTENT.width, CONTENT.height))).toBeGreaterThanOrEqual(0.97);
  });

  it.each(Object.entries(shapes))('draws %s', (_, [box, least, most = 1500]) => {
    const [one, other] = pair();
    expect(ssim(one, other, box)).toBeGreaterThanOrEqual(least);
    // Nothing where something should be is alike too, where most of the box is empty.
    expect(difference(one, box, other, box)).toBeLessThan(most);
  });
});

it('shows the chat as the real player does', () => {
  const theirs = reference(CHAT.name, CHAT.seconds, CHAT_COLUMN);
  const column = cut(ours.get(CHAT.name)!, CHAT_COLUMN);
  expect(ssim(column, theirs, at(0, 0, CHAT_COLUMN.width, CHAT_COLUMN.height))).toBeGreaterThanOrEqual(0.95);
});
