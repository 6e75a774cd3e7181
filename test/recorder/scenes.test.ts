import { describe, expect, it } from 'vitest';
import { planLayout } from '../../src/recorder/scenes/layout.js';
import { scenePage } from '../../src/recorder/scenes/scene-page.js';
import { arrowPaths } from '../../src/recorder/scenes/tldraw2-arrow.js';
import { geoOutline } from '../../src/recorder/scenes/tldraw2-geo.js';
import { tldraw2Markup } from '../../src/recorder/scenes/tldraw2.js';
import { presentationFiles, readPresentation } from '../../src/recorder/timeline/read-presentation.js';

describe('shapes of tldraw 2', () => {
  const flat = { start: [0, 0], end: [100, 0], startHead: 'none', endHead: 'none', width: 2 } as const;

  it('bends an arrow to the right of its way, and takes the room of closed heads from its line', () => {
    expect(arrowPaths({ ...flat, bend: 20 })).toMatchObject({ middle: [50, 20], heads: '' });
    expect(arrowPaths({ ...flat, bend: -20 })?.middle).toEqual([50, -20]);
    expect(arrowPaths({ ...flat, bend: 0, endHead: 'diamond' })?.body).toBe('M0 0L93.64 0');
    expect(arrowPaths({ ...flat, end: [0, 0], bend: 0 })).toBeNull();
  });

  it('draws by hand the same in every picture, and never far from the line', () => {
    const line = { width: 3, hand: 'shape:a' };
    const { outline } = geoOutline('rectangle', 100, 50, line);
    expect(geoOutline('rectangle', 100, 50, line).outline).toBe(outline);
    expect(geoOutline('rectangle', 100, 50, { ...line, hand: 'shape:b' }).outline).not.toBe(outline);
    const xs = [...outline.matchAll(/[MLQ ](-?[\d.]+) (-?[\d.]+)/g)].map(([, x]) => Number(x));
    expect(Math.min(...xs)).toBeGreaterThanOrEqual(-1);
    expect(Math.max(...xs)).toBeLessThanOrEqual(101);
    expect(geoOutline('rectangle', 100, 50, { width: 3, hand: null }).outline).toBe(
      'M0 0L100 0L100 50L0 50Z',
    );
  });

  it('draws what lies in a frame from its corner, cut off at its edges', () => {
    const frame = { id: 'shape:f', type: 'frame', x: 10, y: 20, props: { w: 30, h: 40 } };
    const child = { id: 'shape:c', type: 'geo', x: 1, y: 2, props: { dash: 'solid' } };
    expect(tldraw2Markup(child, [frame])).toMatch(
      /^<g transform="translate\(10 20\)"><svg width="30" height="40" overflow="hidden"><g transform="translate\(1 2\)">/,
    );
  });
});

describe('the chat column', () => {
  it('holds no name of anybody when it is anonymous', () => {
    const chat =
      '<popcorn><chattimeline in="1" name="Alice" message="one" target="chat"/><chattimeline in="2" name="Bob" message="two" target="chat"/><chattimeline in="3" name="Alice" message="three" target="chat"/></popcorn>';
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
    const page = (anonymous: boolean): string =>
      scenePage({ presentation, layout, chat: presentation.chat, anonymous }, 'n');
    expect(page(false)).toMatch(/Alice[\s\S]*Bob/);
    expect(page(true)).not.toMatch(/Alice|Bob|>Al<|>Bo</);
    expect([...page(true).matchAll(/class="name">(\d)</g)].map(([, name]) => name)).toEqual(['1', '2', '1']);
  });
});
