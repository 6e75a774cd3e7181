import { pause } from '../kit/pause.js';
import type { Page } from 'puppeteer';

/** How often the window is looked at and corrected, and how long each correction may take to reach the page. */
const ATTEMPTS = 8;
const SETTLE_MS = 1500;
/** Bars slide in a moment after what they tell of. */
const STILL_MS = 700;

/**
 * Sizes the window so that the page itself, below the browser's bars, has this size: what a capture films is the real
 * view. An emulated viewport would not do, its lower part would be cut off by as much as the bars take (143 pixels,
 * with the bar that tells of the capture).
 * @returns false when the window cannot be brought to that size.
 */
export async function fitView(page: Page, size: Size): Promise<boolean> {
  const session = await page.createCDPSession();
  try {
    const { windowId } = await session.send('Browser.getWindowForTarget');
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      let view = await readView(page);
      if (sameSize(view, size)) {
        await pause(STILL_MS);
        view = await readView(page);
        if (sameSize(view, size)) return true;
      }
      const { bounds } = await session.send('Browser.getWindowBounds', { windowId });
      await session.send('Browser.setWindowBounds', {
        windowId,
        bounds: {
          width: (bounds.width ?? size.width) + size.width - view.width,
          height: (bounds.height ?? size.height) + size.height - view.height,
        },
      });
      const deadline = Date.now() + SETTLE_MS;
      while (Date.now() < deadline && sameSize(await readView(page), view)) await pause(50);
    }
    return await hasView(page, size);
  } finally {
    await session.detach().catch(() => undefined);
  }
}

/** Whether the page still has this size. */
export const hasView = async (page: Page, size: Size): Promise<boolean> =>
  sameSize(await readView(page), size);

interface Size {
  readonly width: number;
  readonly height: number;
}

const sameSize = (a: Size, b: Size): boolean => a.width === b.width && a.height === b.height;

const readView = async (page: Page): Promise<Size> =>
  (await page.evaluate('({ width: innerWidth, height: innerHeight })')) as Size;
