import { describe, expect, it } from 'vitest';
import { cursorDot } from '../../src/recorder/scenes/cursor-dot.js';
import { missingCard } from '../../src/recorder/scenes/missing-card.js';
import { planLayout } from '../../src/recorder/scenes/layout.js';
import { textWidth } from '../../src/recorder/scenes/letter-widths.js';
import { scenePage } from '../../src/recorder/scenes/scene-page.js';
import { arrowPaths } from '../../src/recorder/scenes/tldraw2-arrow.js';
import { geoLines, geoOutline } from '../../src/recorder/scenes/tldraw2-geo.js';
import { inkPath, inkWay, type InkOptions } from '../../src/recorder/scenes/tldraw2-ink.js';
import { paletteOf } from '../../src/recorder/scenes/tldraw2-style.js';
import { tldraw1Markup } from '../../src/recorder/scenes/tldraw1.js';
import { tldraw2Markup } from '../../src/recorder/scenes/tldraw2.js';
import { parseTldraw } from '../../src/recorder/timeline/parse-tldraw.js';
import { parseChat } from '../../src/recorder/timeline/parse-chat.js';
import { presentationFiles, readPresentation } from '../../src/recorder/timeline/read-presentation.js';

describe('shapes of tldraw 2', () => {
  const flat = { start: [0, 0], end: [100, 0], startHead: 'none', endHead: 'none', width: 2 } as const;

  it('bends an arrow to the right of its way, and takes the line away under closed heads', () => {
    expect(arrowPaths({ ...flat, bend: 20 })).toMatchObject({ middle: [50, 20], heads: '' });
    expect(arrowPaths({ ...flat, bend: -20 })?.middle).toEqual([50, -20]);
    expect(arrowPaths({ ...flat, bend: 0, endHead: 'diamond' })).toMatchObject({
      body: 'M0 0L100 0',
      closedHeads: expect.stringMatching(/^M100 0L/),
    });
    expect(arrowPaths({ ...flat, end: [0, 0], bend: 0 })).toBeNull();
  });

  it('draws by hand the same in every picture, and never far from the line', () => {
    const line = { width: 3, dash: 'draw' } as const;
    const geo = { kind: 'rectangle', w: 100, h: 50, id: 'shape:a' };
    const stroke = { ...line, colour: '#000', fill: 'none' };
    const outline = geoLines(geo, 50, stroke);
    expect(geoLines(geo, 50, stroke)).toBe(outline);
    expect(geoLines({ ...geo, id: 'shape:b' }, 50, stroke)).not.toBe(outline);
    const xs = [...outline.matchAll(/[MLQ ](-?[\d.]+) (-?[\d.]+)/g)].map(([, x]) => Number(x));
    expect(Math.min(...xs)).toBeGreaterThanOrEqual(-1);
    expect(Math.max(...xs)).toBeLessThanOrEqual(101);
    expect(geoOutline(geo, { width: 3, dash: 'solid' })).toBe('M0 0L100 0L100 50L0 50Z');
  });

  it('draws what lies in a frame from its corner, cut off at its edges', () => {
    const frame = { id: 'shape:f', type: 'frame', x: 10, y: 20, props: { w: 30, h: 40 } };
    const child = { id: 'shape:c', type: 'geo', x: 1, y: 2, props: { dash: 'solid' } };
    expect(tldraw2Markup(child, { within: [frame] })).toMatch(
      /^<g transform="translate\(10 20\)"><svg width="30" height="40" overflow="hidden"><g transform="translate\(1 2\)">/,
    );
  });
});

describe('arrows of tldraw 2', () => {
  const box = (id: string, x: number): object => ({
    ...{ id, type: 'geo', x, y: 0, rotation: 0, parentId: 'page:1' },
    props: { geo: 'rectangle', w: 100, h: 100, size: 'm' },
  });
  const held = (id: string, more = {}): object => ({
    ...{ type: 'binding', boundShapeId: id, normalizedAnchor: { x: 0.5, y: 0.5 } },
    ...{ isPrecise: false, isExact: false, ...more },
  });
  const arrow = (start: object, end: object, more = {}): object => ({
    ...{ id: 'shape:w', type: 'arrow', x: 30, y: 40, rotation: 0, parentId: 'page:1' },
    props: {
      start,
      end,
      size: 'm',
      arrowheadEnd: 'arrow',
      arrowheadStart: 'none',
      bend: 0,
      dash: 'solid',
      ...more,
    },
  });
  const drawn = (shapes: readonly object[], seconds: number): string => {
    const entries = shapes.map((shape_data, i) => ({ id: i, timestamp: i, undo: -1, shape_data }));
    const tldraw = JSON.stringify({ bbb_version: '3.0.4', '1': { timestamp: 0, shapes: entries } });
    const { byVisit } = parseTldraw(tldraw);
    const due = (byVisit.get(1) ?? []).filter(({ key, atMs }) => key === 'shape:w' && atMs <= seconds * 1000);
    const content = due.at(-1)?.content;
    return content?.kind === 'tldraw' ? tldraw2Markup(content.shape, content) : '';
  };
  const body = (markup: string): number[] =>
    [...(/ d="M([\d.-]+) ([\d.-]+)L([\d.-]+) ([\d.-]+)"/.exec(markup) ?? [])].slice(1).map(Number);

  it('end before the shapes that they are bound to, and follow them', () => {
    const shapes = [
      box('shape:a', 0),
      box('shape:b', 300),
      arrow(held('shape:a'), held('shape:b')),
      { ...box('shape:b', 500), y: 0 },
    ];
    // From the right side of the one to ten units and half of both lines before the other; the arrow stands at 30 40.
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = body(drawn(shapes, 2));
    expect([Math.round(x1), Math.round(y1), Math.round(y2)]).toEqual([70, 10, 10]);
    expect(x2).toBeGreaterThan(255);
    expect(x2).toBeLessThan(257.5);
    expect(body(drawn(shapes, 3))[2]).toBeCloseTo(x2 + 200, -1);
  });

  it('go to the point itself where the binding is exact', () => {
    const shapes = [
      box('shape:b', 300),
      arrow({ type: 'point', x: 0, y: 10 }, held('shape:b', { isExact: true })),
    ];
    expect(body(drawn(shapes, 1))).toEqual([0, 10, 320, 10]);
  });

  it('meet a line where it is seen, whatever order its handles have', () => {
    const handles = { start: ['a1', 0, 0], end: ['a3', 200, 0], added: ['a2', 100, 100] } as const;
    const line = {
      ...{ id: 'shape:b', type: 'line', x: 0, y: 0 },
      props: {
        handles: Object.fromEntries(
          Object.entries(handles).map(([name, [index, x, y]]) => [name, { index, x, y }]),
        ),
      },
    };
    const ends = body(drawn([line, arrow({ type: 'point', x: 70, y: -90 }, held('shape:b'))], 1));
    // Over its open side to its middle, which stands at 70 10 of the arrow.
    expect(ends[3]).toBeGreaterThan(-15);
  });

  it('take their line away under their words', () => {
    const shapes = [arrow({ type: 'point', x: 0, y: 0 }, { type: 'point', x: 300, y: 0 }, { text: 'oui' })];
    expect(drawn(shapes, 0)).toMatch(
      /<mask [^>]*>.*fill="#000"\/><\/mask><g mask="url\(#arrow-shapew\)">.*>oui</,
    );
  });

  it('are straight as long as they are nearly so', () => {
    const ends = [
      { type: 'point', x: 0, y: 0 },
      { type: 'point', x: 300, y: 0 },
    ] as const;
    expect(drawn([arrow(...ends, { bend: 7 })], 0)).not.toContain('A');
    expect(drawn([arrow(...ends, { bend: 9 })], 0)).toMatch(/ d="M[\d. ]+A/);
  });
});

it('leaves the strong mark of the highlighter beside the slide alone', () => {
  const mark = { type: 'highlight', props: { segments: [{ points: [{ x: 0, y: 0 }] }] } };
  expect(tldraw2Markup(mark, { slide: { width: 1440, height: 810 } })).toMatch(
    /clip-path="url\(#beside-slide\)">.*opacity="0.82".*opacity="0.35"/,
  );
});

describe('ink of tldraw 2', () => {
  const pen: InkOptions = {
    size: 4.5,
    thinning: 0.5,
    streamline: 0.65,
    isSimulated: true,
    easing: (t) => t,
    isComplete: true,
  };

  it('cuts fast zigzags at their corners, and does not come apart there', () => {
    const zigzag = Array.from({ length: 8 }, (_, i) => [2 * i, i % 2 === 0 ? -40 : 40, 0.5] as const);
    const pieces = inkPath(zigzag, pen).split('M').slice(1);
    expect(pieces.length).toBeGreaterThan(2);
    // Round ends: each as broad as the line, where the next piece begins.
    for (const piece of pieces) {
      const radius = [...piece.matchAll(/A([\d.]+) /g)].map(([, value]) => Number(value));
      expect(radius).toHaveLength(2);
      expect(Math.min(...radius)).toBeGreaterThan(1);
    }
  });

  it('draws a slow line in one piece', () => {
    const line = Array.from({ length: 20 }, (_, i) => [6 * i, 0, 0.5] as const);
    expect(inkPath(line, pen).split('M')).toHaveLength(2);
    expect(inkWay(line, pen).at(-1)).toEqual([114, 0]);
  });
});

describe('names that are none', () => {
  const drawn = (name: string): string[] => [
    tldraw2Markup({
      type: 'geo',
      props: { color: name, labelColor: name, geo: name, size: name, font: name, text: 'x' },
    }),
    tldraw2Markup({
      type: 'arrow',
      props: { end: { x: 50, y: 0 }, arrowheadStart: name, arrowheadEnd: name },
    }),
    tldraw2Markup({ type: 'text', props: { size: name, font: name, text: 'x' } }),
    tldraw1Markup({
      type: 'rectangle',
      size: [40, 20],
      label: 'x',
      style: { color: name, size: name, font: name, textAlign: name, isFilled: true },
    }),
  ];

  it.each(['constructor', '__proto__', 'toString'])('%s: drawn as what nobody knows', (name) => {
    expect(drawn(name)).toEqual(drawn('no-such-name'));
    expect(drawn(name).join('')).not.toMatch(/NaN|undefined|function|\[object/);
  });
});

describe('dashes of tldraw 2', () => {
  const dashes = (markup: string): string[] =>
    [...markup.matchAll(/stroke-dasharray="([^"]*)"/g)].map(([, array = '']) => array);
  const geo = (props: object): string =>
    tldraw2Markup({ type: 'geo', props: { w: 100, h: 50, size: 'm', ...props } });

  it('are spread over each side, so that none is cut', () => {
    // 100 and 7 of half dashes over both ends: seven dashes, as long as their gaps but for the one that is missing.
    expect(dashes(geo({ dash: 'dashed' }))).toEqual(['7.643 8.917', '7.125 9.5', '7.643 8.917', '7.125 9.5']);
    expect(dashes(geo({ dash: 'dotted' }))).toHaveLength(4);
    expect(dashes(geo({ dash: 'solid' }))).toEqual([]);
  });

  it('go around what has no corners', () => {
    expect(dashes(geo({ dash: 'dashed', geo: 'ellipse' }))).toHaveLength(1);
    expect(dashes(geo({ dash: 'dotted', geo: 'oval' }))).toHaveLength(1);
    expect(dashes(geo({ dash: 'dashed', geo: 'cloud' })).length).toBeGreaterThan(5);
    expect(dashes(geo({ dash: 'dashed', geo: 'x-box' }))).toHaveLength(8);
  });

  it('belong to each stretch of a line', () => {
    const handles = Object.fromEntries(
      [0, 60, 150].map((x, i) => [`h${i}`, { index: `a${i}`, x, y: i * 40 }]),
    );
    const line = (props: object): string => tldraw2Markup({ type: 'line', props: { handles, ...props } });
    expect(dashes(line({ dash: 'dashed' }))).toHaveLength(2);
    expect(dashes(line({ dash: 'dotted', spline: 'cubic' }))).toHaveLength(2);
    expect(line({ dash: 'solid', spline: 'cubic' }).match(/<path/g)).toHaveLength(1);
  });
});

describe('words of tldraw 2 that need more room than was drawn', () => {
  it('make a note higher, which the browser measures, and a shape, where the recording plainly says too little', () => {
    expect(tldraw2Markup({ type: 'note', props: { text: 'mot' } })).toContain('min-height:100%');
    expect(tldraw2Markup({ type: 'note', props: { text: '' } })).toContain('min-height:100%');
    const height = (props: object): number => {
      const shape = { type: 'geo', props: { w: 150, h: 80, dash: 'solid', ...props } };
      return Math.max(...[...tldraw2Markup(shape).matchAll(/L150 (\d+)/g)].map(([, y]) => Number(y)));
    };
    expect(height({ text: 'mot' })).toBe(80);
    expect(height({ text: '', growY: 40 })).toBe(80);
    expect(height({ text: 'mot\nmot', growY: 12 })).toBe(92);
    expect(height({ text: 'un texte bien plus long que sa forme, sur bien des lignes' })).toBeGreaterThan(
      180,
    );
    // Eight letters a line: six lines of 29.7, and 32 around them.
    expect(height({ h: 40, font: 'mono', text: 'Some longer words that make it grow' })).toBe(210);
    expect(height({ h: 40, font: 'mono', text: 'Donaudampfschifffahrt' })).toBe(121);
  });
});

describe('words that no browser measures', () => {
  const words = ['Une flèche qui montre la suite', 'CONCLUSION 2024', 'x = 3.5 mm'];

  // Measured in Chromium with the fonts themselves.
  it.each([
    ['Caveat Brush', [10.52, 6.57, 3.73]],
    ['Source Sans Pro', [12.45, 7.81, 4.44]],
    ['Crimson Pro', [11.85, 7.95, 4.33]],
    ['Source Code Pro', [18, 9, 6]],
    ['tldraw_draw', [15.32, 9.5, 5.63]],
    ['tldraw_sans', [13.68, 8.93, 5.09]],
    ['tldraw_serif', [14.34, 9.26, 5.26]],
    ['tldraw_mono', [18, 9, 6]],
  ])('are about as long as in %s', (font, lengths) => {
    for (const [i, text] of words.entries()) {
      expect(textWidth(text, font) / lengths[i]!).toBeGreaterThan(0.94);
      expect(textWidth(text, font) / lengths[i]!).toBeLessThan(1.06);
    }
  });

  it('take as much away of an arrow of tldraw 1 as they cover', () => {
    const arrow = {
      ...{ id: 'a', type: 'arrow', label: 'Words', style: { font: 'mono', size: 'large' } },
      handles: { start: { point: [0, 0] }, end: { point: [900, 0] }, bend: { point: [450, 0] } },
    };
    // Five letters of 0.57, and five units on both sides (shared/getTextSize).
    expect(tldraw1Markup(arrow)).toContain('width="283.6" height="106" rx="4"');
  });
});

describe('colours of tldraw 2', () => {
  const yellow = { type: 'highlight', props: { color: 'black', segments: [{ points: [{ x: 0, y: 0 }] }] } };

  it.each([
    ['2.9.9', '#fddd00'],
    ['3.0.16', '#fddd00'],
    ['3.0.17', '#ffff00'],
    ['3.1.0-beta.1', '#ffff00'],
    [null, '#fddd00'],
  ])('marks of %s are %s', (version, colour) => {
    expect(tldraw2Markup(yellow, { palette: paletteOf(version) })).toContain(`stroke="${colour}"`);
  });
});

describe('polls of tldraw 2', () => {
  const poll = (props: object): string =>
    tldraw2Markup({ type: 'poll', props: { w: 400, h: 300, ...props } });

  it('marks the right answer of a quiz', () => {
    const answers = [
      { id: 0, key: 'Paris', numVotes: 5, isCorrectAnswer: true },
      { id: 1, key: 'Lyon', numVotes: 1 },
    ];
    expect(poll({ answers })).toMatch(/✅ Paris[\s\S]*>Lyon</);
  });

  it('has the ground of its colour', () => {
    expect(poll({ answers: [] })).toContain('fill="#e8e8e8"');
    expect(poll({ answers: [], color: 'blue' })).toContain('fill="#dce1f8"');
  });

  it('gives typed answers half of the card', () => {
    const answers = [{ id: 0, key: 'a long typed answer', numVotes: 1 }];
    expect(poll({ answers, questionType: 'R-' })).toContain('width="150"');
    expect(poll({ answers, questionType: 'CUSTOM' })).toContain('width="60"');
  });
});

it('breaks the question of a poll, and pushes the chart down by its lines', () => {
  const card = (questionText: string): string =>
    tldraw2Markup({ type: 'poll', props: { w: 300, h: 220, questionText, answers: [] } });
  expect(card('Oui ?')).toContain('<g transform="translate(0 0)">');
  expect(card('Une question plutôt longue qui ne tient pas sur une seule ligne ?')).toContain(
    '<g transform="translate(0 48)">',
  );
  expect(card('Oui ?')).toMatch(/<svg width="300" height="220" overflow="hidden">/);
});

it('turns a text of tldraw 1 about its own middle, which only the browser knows', () => {
  const text = { id: 'a', type: 'text', point: [10, 20], rotation: 0.5, text: 'mot', style: {} };
  expect(tldraw1Markup(text)).toMatch(/^<g transform="translate\(10 20\)"><foreignObject.*rotate\(0.5rad\)/);
});

it('keeps the pointer a dot, however large it would be', () => {
  const pam = cursorDot(480, 'classic');
  const side = Number(/WIDTH (\d+)/.exec(pam.toString('latin1', 0, 100))?.[1]);
  const opacity = (x: number, y: number): number | undefined =>
    pam.subarray(pam.length - side * side * 4)[(y * side + x) * 4 + 3];
  expect([opacity(0, 0), opacity(side / 2, side / 2), opacity(side / 2, 1)]).toEqual([0, 255, 255]);
});

it('reads words that stand in a document of paragraphs', () => {
  const paragraph = (...texts: string[]): object => ({
    type: 'paragraph',
    content: texts.map((text) => ({ type: 'text', text })),
  });
  const richText = { type: 'doc', content: [paragraph('riche ', 'gras'), paragraph('deux')] };
  expect(tldraw2Markup({ type: 'geo', props: { richText } })).toContain('>riche gras\ndeux<');
  expect(tldraw2Markup({ type: 'text', props: { richText: 'x' } })).not.toContain('>x<');
});

describe('the chat column', () => {
  it('holds no name of anybody when it is anonymous', () => {
    const chat =
      '<popcorn><chattimeline in="1" name="Alice" message="one" target="chat"/><chattimeline in="2" id="2" name="Bob" message="two" target="chat"/><chattimeline in="3" id="3" name="Alice" message="three" target="chat" replyToMessageId="2" lastEditedTimestamp="17"/></popcorn>';
    const none = Object.fromEntries(presentationFiles.map((name) => [name, null]));
    const presentation = readPresentation({ ...none, 'slides_new.xml': chat } as Parameters<
      typeof readPresentation
    >[0]);
    const layout = planLayout({
      name: 'player',
      size: { width: 1280, height: 720 },
      background: 'light',
      chat: true,
      webcam: null,
    });
    const early = parseChat('<popcorn><chattimeline in="-5" name="Eve" message="early"/></popcorn>');
    expect(scenePage({ presentation, layout, chat: early, anonymous: false }, 'n')).toContain('>00:00:00<');
    const page = (anonymous: boolean): string =>
      scenePage({ presentation, layout, chat: presentation.chat, anonymous }, 'n');
    expect(page(false)).toMatch(/Alice[\s\S]*Bob/);
    expect(page(true)).not.toMatch(/Alice|Bob|>Al<|>Bo</);
    expect(page(true)).toMatch(/\(edited\)[\s\S]*class="reply">two</);
    expect([...page(true).matchAll(/class="name">(\d)</g)].map(([, name]) => name)).toEqual(['1', '2', '1']);
  });
});

it('says of a lost picture upon a slide that it is one, not that a slide is missing', () => {
  const none = Object.fromEntries(presentationFiles.map((name) => [name, null]));
  const presentation = readPresentation({
    ...none,
    'shapes.svg':
      '<svg><image id="image1" in="0" out="9" xlink:href="presentation/p/slide-4.png" width="800" height="600"/></svg>',
  } as Parameters<typeof readPresentation>[0]);
  expect(missingCard(presentation, 'presentation/p/slide-4.png', null)).toContain('>Slide 4 is missing<');
  expect(missingCard(presentation, 'presentation/p/poll_result6.svg', null)).toContain(
    '>A picture is missing<',
  );
  expect(missingCard(presentation, 'uploads/0a-7.png', 'fr')).toContain('>Une image manque<');
});
