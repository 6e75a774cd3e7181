import { expect, it } from 'vitest';
import { NoPicture } from '../../src/chromium/frame-capture.js';
import { rendererOf, type ScenePage } from '../../src/chromium/open-browser-session.js';
import type { ChangedState } from '../../src/recorder/ports.js';

const page = (take: () => Promise<Buffer>): ScenePage => ({
  capture: { take, during: (work) => work },
  show: () => Promise.resolve([{ x: 0, y: 0 }]),
});
const changed: ChangedState = {
  state: { key: 'a', slide: null, hidden: [], due: [], share: false } as unknown as ChangedState['state'],
  changed: [],
};

it('draws states whole once the page of parts gives no picture', async () => {
  let opened = 0;
  const silent = page(() => Promise.reject(new NoPicture('the browser gave no picture')));
  const renderer = rendererOf(
    page(() => Promise.resolve(Buffer.from('png'))),
    { width: 96, height: 54 },
    () => Promise.resolve((opened++, silent)),
    () => Promise.resolve(),
    new AbortController().signal,
  );
  expect(await renderer.renderParts([changed])).toBeNull();
  expect(await renderer.renderParts([changed])).toBeNull();
  expect(opened).toBe(1);
  expect((await renderer.render(changed.state)).png.toString()).toBe('png');
});
