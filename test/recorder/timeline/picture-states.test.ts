import { describe, expect, it } from 'vitest';
import { cursorTrack } from '../../../src/recorder/timeline/cursor-track.js';
import {
  changedDrawings,
  pictureStates,
  type PictureState,
} from '../../../src/recorder/timeline/picture-states.js';
import {
  presentationFiles,
  readPresentation,
  type PresentationTexts,
} from '../../../src/recorder/timeline/read-presentation.js';

const none = Object.fromEntries(presentationFiles.map((name) => [name, null])) as PresentationTexts;
const shapes = (inner: string): string =>
  `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">${inner}</svg>`;
const slide = (id: number, from: string, to: string, name = 'slide-1'): string =>
  `<image id="image${id}" class="slide" in="${from}" out="${to}" xlink:href="presentation/p/${name}.png" width="800" height="600"/>`;
const drawing = (shape: string, at: number, undo: number, mark: string): string =>
  `<g class="shape" timestamp="${at}" undo="${undo}" shape="${shape}" style="stroke:#f00;visibility:hidden"><path d="${mark}"/></g>`;

const read = (texts: Partial<PresentationTexts>) => readPresentation({ ...none, ...texts });
const options = { fps: 10, frames: 100, slides: true, chat: false };

describe('pictureStates', () => {
  it('replaces earlier snapshots by shape id, also when two people draw at once, and honours undo', () => {
    const presentation = read({
      'shapes.svg': shapes(
        slide(1, '0.0', '10.0') +
          `<g class="canvas" image="image1">${drawing('a', 1, 6, 'a1')}${drawing('b', 2, -1, 'b1')}${drawing('a', 3, 6, 'a2')}${drawing('b', 4, -1, 'b2')}</g>`,
      ),
    });
    const shown = pictureStates(presentation, options).map(({ firstFrame, slide: at }) => [
      firstFrame,
      at?.drawings,
    ]);
    expect(shown).toEqual([
      [0, []],
      [10, [0]],
      [20, [0, 1]],
      [30, [1, 2]],
      [40, [2, 3]],
      [60, [3]],
    ]);
  });

  it('shows what stands behind a later drawing with that one, as the player does', () => {
    const presentation = read({
      'shapes.svg': shapes(
        slide(1, '0.0', '10.0') +
          `<g class="canvas" image="image1">${drawing('a', 5, -1, 'a1')}${drawing('poll', 2, -1, 'p')}</g>`,
      ),
    });
    const shown = pictureStates(presentation, options).map((state) => [
      state.firstFrame,
      state.slide?.drawings,
    ]);
    expect(shown).toEqual([
      [0, []],
      [50, [0, 1]],
    ]);
  });

  it('places what lies in a frame from the frame, also when that moves, and draws it above', () => {
    const shape = (at: number, id: string, x: number, more: object) => ({
      timestamp: at,
      undo: -1,
      shape_data: { id: `shape:${id}`, type: 'frame', x, y: 0, parentId: 'page:1', props: {}, ...more },
    });
    const presentation = read({
      'shapes.svg': shapes(slide(1, '0.0', '10.0')),
      'panzooms.xml': '<recording tldraw="true"/>',
      'tldraw.json': JSON.stringify({
        bbb_version: '3.0.4',
        1: {
          timestamp: 0,
          shapes: [
            shape(1, 'child', 5, { parentId: 'shape:frame', index: 'a0' }),
            shape(1, 'frame', 100, { index: 'a5' }),
            shape(2, 'other', 7, { index: 'a6' }),
            shape(3, 'frame', 200, { index: 'a5' }),
          ],
        },
      }),
    });
    const shown = pictureStates(presentation, options).map((state) =>
      state.slide?.drawings.map((i) => {
        const content = presentation.visits[0]?.drawings[i]?.content;
        return content?.kind === 'tldraw'
          ? [...content.within, content.shape].map(({ x }) => x).join('+')
          : null;
      }),
    );
    expect(shown).toEqual([[], ['100', '100+5'], ['100', '100+5', '7'], ['200', '200+5', '7']]);
  });

  it('covers every frame exactly once and joins equal neighbours', () => {
    const presentation = read({
      'shapes.svg': shapes(slide(1, '0.0', '4.0') + slide(2, '4.0', '9.0', 'slide-2')),
      'panzooms.xml':
        '<recording tldraw="false"><event timestamp="1.0"><viewBox>0 0 800 600</viewBox></event><event timestamp="2.0"><viewBox>0 0 800 600</viewBox></event></recording>',
    });
    const states = pictureStates(presentation, options);
    let next = 0;
    for (const state of states) {
      expect(state.firstFrame).toBe(next);
      next += state.frames;
    }
    expect(next).toBe(100);
    expect(states.map(({ slide: at }) => at?.visit ?? null)).toEqual([0, 1]);
  });

  it('shows the shared screen from its start to before its stop', () => {
    const presentation = read({
      'shapes.svg': shapes(slide(1, '0.0', '10.0')),
      'deskshare.xml': '<recording><event start_timestamp="2.0" stop_timestamp="3.5"/></recording>',
    });
    expect(pictureStates(presentation, options).map(({ share, firstFrame }) => [share, firstFrame])).toEqual([
      [false, 0],
      [true, 20],
      [false, 35],
    ]);
  });

  it('reads the lists of times of the oldest recordings and skips the logo without a picture', () => {
    const presentation = read({
      'shapes.svg': shapes(
        `<image id="image0" in="0.0" src="logo.png" width="10" height="10"/>${slide(1, '0.0 5.0', '2.0 10.0')}${slide(2, '2.0', '5.0', 'slide-2')}`,
      ),
    });
    expect(presentation.visits.map(({ fromMs, toMs, href }) => [fromMs, toMs, href?.slice(-5, -4)])).toEqual([
      [0, 2000, '1'],
      [2000, 5000, '2'],
      [5000, Number.MAX_SAFE_INTEGER, '1'],
    ]);
  });

  it('takes nothing that runs or fetches from a drawing', () => {
    const presentation = read({
      'shapes.svg': shapes(
        slide(1, '0', '9') +
          `<g class="canvas" image="image1"><g timestamp="0" undo="-1" shape="x" style="fill:url(http://evil/)"><script>alert(1)</script><image xlink:href="https://evil/x.png" onload="alert(2)"/><image xlink:href="../../etc/passwd"/><a href="javascript:1"/></g></g>`,
      ),
    });
    const content = presentation.visits[0]?.drawings[0]?.content;
    const markup = content?.kind === 'svg' ? content.markup : '';
    expect(markup).toBe('<g style=""><image></image><image></image></g>');
  });

  it('shows what stands before a fault of the file', () => {
    const presentation = read({
      'shapes.svg': shapes(slide(1, '0', '9')).replace('</svg>', '<image id="image2" <'),
    });
    expect(presentation.visits).toHaveLength(1);
  });
});

describe('changedDrawings', () => {
  const view = { x: 0, y: 0, width: 1600, height: 900 };
  const state = (drawings: number[], more: Partial<PictureState> = {}): PictureState => ({
    key: '',
    firstFrame: 0,
    frames: 1,
    slide: { visit: 0, view, drawings },
    share: false,
    hidden: false,
    due: 0,
    ...more,
  });

  it('names what came and went when nothing else changed', () => {
    expect(changedDrawings(state([1, 2]), state([1, 3, 4]))).toEqual([2, 3, 4]);
    expect(changedDrawings(state([1]), state([1]))).toEqual([]);
  });

  it('asks for a whole picture when more changed', () => {
    const one = state([1, 2]);
    expect(changedDrawings(one, state([2, 1]))).toBeNull();
    expect(changedDrawings(one, state([1], { due: 1 }))).toBeNull();
    expect(changedDrawings(one, state([1], { share: true, slide: null }))).toBeNull();
    expect(changedDrawings(one, state([1], { slide: { visit: 1, view, drawings: [1] } }))).toBeNull();
    const zoomed = { ...view, width: 800 };
    expect(changedDrawings(one, state([1], { slide: { visit: 0, view: zoomed, drawings: [1] } }))).toBeNull();
  });
});

describe('cursorTrack', () => {
  const box = { x: 0, y: 0, width: 800, height: 600 };
  const track = (texts: Partial<PresentationTexts>) =>
    cursorTrack(read(texts), { fps: 10, frames: 100, box, scale: 1 });

  it('reads fractions of the visible part, not of the slide, and hides outside', () => {
    const points = track({
      'shapes.svg': shapes(slide(1, '0.0', '10.0')),
      'panzooms.xml':
        '<recording tldraw="false"><event timestamp="0.0"><viewBox>200 150 400 300</viewBox></event></recording>',
      'cursor.xml':
        '<recording tldraw="false"><event timestamp="1.0"><cursor>0.5 0.25</cursor></event><event timestamp="2.0"><cursor>-1.0 -1.0</cursor></event></recording>',
    });
    expect(points).toEqual([
      { frame: 0, dot: null },
      { frame: 10, dot: { x: 400, y: 150, radius: 16 } },
      { frame: 20, dot: null },
    ]);
  });

  it('reads whiteboard units with tldraw', () => {
    const points = track({
      'shapes.svg': shapes(slide(1, '0.0', '10.0')),
      'panzooms.xml':
        '<recording tldraw="true"><event timestamp="0.0"><viewBox>0 0 800 600</viewBox></event></recording>',
      'cursor.xml':
        '<recording tldraw="true"><event timestamp="1.0"><cursor>720 540</cursor></event></recording>',
      'tldraw.json': '{"bbb_version":"2.7.3"}',
    });
    expect(points[1]).toEqual({ frame: 10, dot: { x: 400, y: 300, radius: 5 } });
  });

  it('lets the pointer of tldraw 1 stand beside a zoomed slide, and of tldraw 2 not', () => {
    const zoomed = (version: string) =>
      track({
        'shapes.svg': shapes(slide(1, '0.0', '10.0')),
        'panzooms.xml':
          '<recording tldraw="true"><event timestamp="0.0"><viewBox>-720 0 200 600</viewBox></event></recording>',
        'cursor.xml':
          '<recording tldraw="true"><event timestamp="1.0"><cursor>660 540</cursor></event></recording>',
        'tldraw.json': `{"bbb_version":"${version}"}`,
      })[1];
    // 360 wide and 1080 high in an area of 800 by 600: 300 pixels stay free on both sides.
    expect(zoomed('2.7.3')?.dot).toMatchObject({ x: 267, y: 300 });
    expect(zoomed('3.0.4')).toBeUndefined();
  });
});
