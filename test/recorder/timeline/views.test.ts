import { describe, expect, it } from 'vitest';
import { tldraw1Markup } from '../../../src/recorder/scenes/tldraw1.js';
import { poll, tickStep } from '../../../src/recorder/scenes/tldraw2-poll.js';
import { tldraw2Markup } from '../../../src/recorder/scenes/tldraw2.js';
import { parseCursor } from '../../../src/recorder/timeline/parse-events.js';
import { parseLayout } from '../../../src/recorder/timeline/parse-layout.js';
import { parseShapes } from '../../../src/recorder/timeline/parse-shapes.js';
import { owedFiles } from '../../../src/recorder/shortfalls/owed-files.js';
import {
  presentationFiles,
  readPresentation,
  type PresentationTexts,
} from '../../../src/recorder/timeline/read-presentation.js';
import { viewOf } from '../../../src/recorder/timeline/view.js';
import { uploadsOf } from '../../../src/recorder/timeline/upload-of.js';

const none = Object.fromEntries(
  presentationFiles.map((name) => [name, null]),
) as unknown as PresentationTexts;
const read = (texts: Record<string, string>) => readPresentation({ ...none, ...texts });
const image = (n: number, from: string, to: string, file: string): string =>
  `<image id="image${n}" in="${from}" out="${to}" xlink:href="presentation/${file}" width="1280" height="720"/>`;

describe('what is in view', () => {
  it('keeps a slide until the next one with a picture, and drops the empty picture of a share', () => {
    const { visits, panzooms } = read({
      'shapes.svg': `<svg>${image(1, '1.0', '3.0', 'p/slide-1.png')}${image(2, '5', '6', 'deskshare.png')}${image(3, '7', '8', 'p/slide-2.png')}</svg>`,
      'panzooms.xml':
        '<recording><event timestamp="1"><viewBox>0 0 1600 900</viewBox></event><event timestamp="5"><viewBox>0 0 1280 720</viewBox></event></recording>',
    });
    expect(visits.map(({ number, fromMs, toMs }) => [number, fromMs, toMs])).toEqual([
      [1, 1000, 7000],
      [3, 7000, Number.MAX_SAFE_INTEGER],
    ]);
    expect(panzooms.map(({ atMs }) => atMs)).toEqual([1000]);
  });

  it('gives the webcams the room of the slides where nothing was presented', () => {
    const placeholder = `<svg>${image(1, '0', '9', 'logo.png')}${image(2, '0', '9', 'deskshare.png')}</svg>`;
    expect(read({ 'shapes.svg': '<svg/>' }).hidden).toEqual([{ fromMs: 0, toMs: Number.MAX_SAFE_INTEGER }]);
    expect(read({ 'shapes.svg': placeholder }).hidden).toHaveLength(1);
    expect(read({ 'shapes.svg': `<svg>${image(1, '4', '9', 'p/slide-1.png')}</svg>` }).hidden).toEqual([]);
    const share = '<recording><event start_timestamp="5"/></recording>';
    const shared = read({ 'shapes.svg': placeholder, 'deskshare.xml': share });
    expect(shared.hidden).toEqual([]);
    expect(shared.shares).toEqual([{ fromMs: 5000, toMs: Number.MAX_SAFE_INTEGER }]);
  });

  it('hides what layout.xml hides: the last event with the attribute decides', () => {
    const layout =
      '<recording><event timestamp="1" show_presentation="false"/><event timestamp="2" show_screenshare="false"/><event timestamp="4" show_presentation="true"/></recording>';
    expect(parseLayout(layout).presentation).toEqual([{ fromMs: 1000, toMs: 4000 }]);
    const { hidden, shares } = read({
      'layout.xml': layout,
      'deskshare.xml': '<recording><event start_timestamp="0.5" stop_timestamp="6"/></recording>',
    });
    expect(hidden).toEqual([{ fromMs: 1000, toMs: 4000 }]);
    expect(shares).toEqual([{ fromMs: 500, toMs: 1000 }]);
    expect(parseLayout(null)).toEqual({ presentation: [], share: [] });
  });

  it('keeps a pen stroke and a straight line of BBB 1.1 apart that share a name', () => {
    const stroke = (id: number, child: string): string =>
      `<g class="shape" id="draw${id}" timestamp="2" undo="-1" shape="line1" style="">${child}</g>`;
    const [visit] = parseShapes(
      `<svg>${image(1, '0', '9', 'p/slide-1.png')}<g class="canvas" image="image1">${stroke(0, '<path d="M0 0L1 1"/>')}${stroke(1, '<line x1="0" y1="0" x2="1" y2="1"/>')}${stroke(2, '<path d="M0 0L2 2"/>')}</g></svg>`,
    );
    expect(visit?.drawings.map(({ key }) => key)).toEqual(['line1', 'line1 line', 'line1']);
  });

  it.each([
    ['{"bbb_version":"2.6.0-rc.4"}', 2048],
    // The publishers before 2.6.1 named no version.
    ['{"1":{"shapes":[]}}', 2048],
    ['{"bbb_version":"2.6.1"}', 1440],
    ['{"bbb_version":"2.7.12"}', 1440],
    ['{"bbb_version":"3.0.0-beta.6"}', 1440],
  ])('has a page of its version: %s', (tldraw, width) => {
    const presentation = read({
      'shapes.svg': `<svg>${image(1, '0', '9', 'p/svgs/slide1.svg')}</svg>`,
      'panzooms.xml': '<recording id="panzoom_events" tldraw="true"/>',
      'tldraw.json': tldraw,
    });
    const [visit] = presentation.visits;
    expect(visit && viewOf(presentation, visit, null).width).toBeCloseTo(width);
  });

  it('is of tldraw when it has such drawings, or views or a pointer that say so', () => {
    const says = (name: string, value: string): Record<string, string> => ({
      [name]: `<recording tldraw="${value}"/>`,
    });
    const drawn = { 'tldraw.json': '{"bbb_version":"3.0.4","1":{"shapes":[]}}' };
    expect(read({ ...drawn, ...says('panzooms.xml', 'false') }).generation).toBe('tldraw2');
    expect(read(says('cursor.xml', 'true')).generation).toBe('tldraw1');
    expect(
      read({ 'tldraw.json': '{"bbb_version":"3.0.4"}', ...says('panzooms.xml', 'true') }).generation,
    ).toBe('tldraw2');
    // A recording of 2.4 that a server of 2.6 published again.
    expect(
      read({ 'tldraw.json': '{"bbb_version":"2.4.9"}', ...says('panzooms.xml', 'false') }).generation,
    ).toBe('classic');
    expect(read({ 'tldraw.json': '{}' }).generation).toBe('classic');
  });

  it('draws all canvases of a slide', () => {
    const canvas = (id: number): string =>
      `<g class="canvas" image="image1"><g class="shape" id="draw${id}" timestamp="2" undo="-1" shape="rect${id}"><path d="M0 0"/></g></g>`;
    const [visit] = parseShapes(`<svg>${image(1, '0', '9', 'p/slide-1.png')}${canvas(1)}${canvas(2)}</svg>`);
    expect(visit?.drawings.map(({ key }) => key)).toEqual(['rect1', 'rect2']);
  });

  it('follows the pointer left of the slide on a boundless whiteboard only', () => {
    const cursor =
      '<recording><event timestamp="1"><cursor>-200 -100</cursor></event><event timestamp="2"><cursor>-1.0 -1.0</cursor></event></recording>';
    expect(parseCursor(cursor, true).map(({ at }) => at)).toEqual([{ x: -200, y: -100 }, null]);
    expect(parseCursor(cursor).map(({ at }) => at)).toEqual([null, null]);
  });
});

describe('whiteboards', () => {
  const style = { color: 'white', size: 'medium', dash: 'solid', isFilled: true };
  it('paints white of tldraw 1 as the player does', () => {
    const drawn = tldraw1Markup({ id: 'a', type: 'rectangle', point: [0, 0], size: [100, 50], style });
    expect(drawn).toContain('fill="#fefefe"');
    expect(drawn).toContain('stroke="#1d1d1d" stroke-width="6.66"');
    expect(tldraw1Markup({ type: 'sticky', style })).toContain('background:#fddf8e');
  });

  it('bends an arrow of tldraw 1 on a circle, its words over the gap in its line', () => {
    const handles = { start: { point: [0, 0] }, end: { point: [100, 0] }, bend: { point: [50, 50] } };
    const drawn = tldraw1Markup({ id: 'a', type: 'arrow', label: 'mot', handles, style });
    expect(drawn).toContain('A50 50 0 0 0 100 0');
    expect(drawn).toMatch(/mask="url\(#label-a\)"[\s\S]*>mot</);
  });

  it('adds up answers that differ by case, on an axis of whole steps', () => {
    const answers = [
      { key: 'Paris', numVotes: 3 },
      { key: 'paris', numVotes: 2 },
    ];
    const card = poll({ w: 400, h: 300, answers }, { pale: '#e8e8e8' });
    expect(card.match(/>Paris</g)).toHaveLength(1);
    expect(card).not.toContain('>paris<');
    expect([0, 4, 5, 17, 100].map(tickStep)).toEqual([1, 1, 2, 5, 25]);
  });

  it('draws pasted pictures from the recording, and asks the server for them', () => {
    const address = '/presentation/abc-1/uploads/44c71706-86.png';
    const shape = { type: 'image', meta: { bbbImageSrc: address }, props: { w: 40, h: 30 } };
    expect(tldraw2Markup(shape)).toContain('href="uploads/44c71706-86.png"');
    expect(uploadsOf(JSON.stringify({ shapes: [shape] }))).toEqual(['uploads/44c71706-86.png']);
    expect(uploadsOf('{"bbbImageSrc":"https://elsewhere/x.png"}')).toEqual([]);
    const later = { ...shape, meta: { bbbImageSrc: '/presentation/abc-1/file-uploads/0a-1.webp' } };
    expect(tldraw2Markup(later)).toContain('href="file-uploads/0a-1.webp"');
    expect(uploadsOf(JSON.stringify(later))).toEqual(['file-uploads/0a-1.webp']);
  });

  it('shows the part of a pasted picture that is not cropped', () => {
    const crop = { topLeft: { x: 0.5, y: 0 }, bottomRight: { x: 1, y: 0.5 } };
    const shape = { type: 'image', meta: { bbbImageSrc: 'uploads/a.png' }, props: { w: 40, h: 30, crop } };
    expect(tldraw2Markup(shape)).toContain(
      '<svg width="40" height="30" overflow="hidden"><g transform="translate(-40 0)"><image href="uploads/a.png" width="80" height="60"',
    );
  });

  it('owes the pictures that were pasted', () => {
    const texts = { 'tldraw.json': '{"bbbImageSrc":"/presentation/a-1/uploads/0a.png"}' };
    const owed = owedFiles({ ...none, ...texts }, read(texts));
    expect(owed).toContainEqual({ path: 'uploads/0a.png', part: 'drawings', grave: false, optional: false });
  });
});
