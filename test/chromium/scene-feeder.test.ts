import { afterAll, beforeAll, expect, it } from 'vitest';
import { feedScene, type Feeder } from '../../src/chromium/scene-feeder.js';
import { planLayout } from '../../src/recorder/scenes/layout.js';
import { pagePolicy, scenePage } from '../../src/recorder/scenes/scene-page.js';
import { presentationFiles, readPresentation } from '../../src/recorder/timeline/read-presentation.js';

let feeder: Feeder;
beforeAll(async () => {
  const none = Object.fromEntries(presentationFiles.map((name) => [name, null]));
  const presentation = readPresentation(none as Parameters<typeof readPresentation>[0]);
  const size = { width: 1280, height: 720 };
  const layout = planLayout({ name: 'slides', size, background: 'light', chat: false, webcam: null });
  feeder = await feedScene(
    Promise.resolve({
      size,
      folder: import.meta.dirname,
      mostPictureBytes: 1,
      mostPixels: 1,
      card: () => null,
      page: (nonce) => scenePage({ presentation, layout, chat: [], anonymous: false }, nonce),
      policy: pagePolicy,
      visit: () => null,
    }),
  );
});
afterAll(() => feeder.close());

it('gives out every font that its page names, of each alphabet', async () => {
  const page = await (await fetch(feeder.pageUrl)).text();
  const fonts = [...page.matchAll(/src:url\((font\/[^)]+)\)/g)].map(([, name = '']) => name);
  expect(fonts).toContain('font/source-sans-pro-greek-400-normal.woff2');
  expect(fonts).toContain('font/caveat-brush-latin-ext-400-normal.woff2');
  for (const name of fonts) {
    const answer = await fetch(new URL(name, feeder.pageUrl));
    expect(answer.status, name).toBe(200);
    expect(Buffer.from(await answer.arrayBuffer()).toString('latin1', 0, 4)).toBe('wOF2');
  }
});
