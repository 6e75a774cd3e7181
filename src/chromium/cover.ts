import type { Page } from 'puppeteer';
import { DENIED, ERROR_SCREEN, LASTING_FRAME, OUT } from './client-marks.js';

/** A picture over the page: while it is paused, and from the moment at which it says that we are out. */
export interface Cover {
  /** The picture to show from now on (JPEG or PNG). */
  use(picture: Uint8Array): Promise<void>;
  pause(on: boolean): Promise<void>;
  /** Resolves when the client's frame has been gone for some seconds; never, when the page is left before. */
  lost(): Promise<void>;
}

/**
 * Puts a cover into the page and every document that follows it. A mutation observer runs before the next frame is
 * painted: the page of a meeting that ended is never filmed. The picture is drawn on a canvas, which no content policy
 * of the page forbids, and is black while there is none. A client whose frame is gone has crashed: that is no picture
 * either. `lost()` tells for how many milliseconds it has been gone.
 * @param paused covered from the first document on
 */
export async function layCover(page: Page, paused: boolean): Promise<Cover> {
  await page.evaluateOnNewDocument(SCRIPT);
  if (paused) await page.evaluateOnNewDocument('window.__bbb2podCover.pause(true)');
  return {
    use: async (picture) => {
      const data = Buffer.from(picture).toString('base64');
      await page.evaluate(`window.__bbb2podCover?.use(${JSON.stringify(data)})`).catch(() => undefined);
    },
    lost: async () => {
      await page.waitForFunction(`window.__bbb2podCover?.lost() > ${LOST_MS}`, { timeout: 0, polling: 1000 });
    },
    pause: async (on) => {
      await page.evaluate(`window.__bbb2podCover?.pause(${on})`);
    },
  };
}

/** React may take a frame away and put it back while it redraws. */
const LOST_MS = 5000;

const SCRIPT = `(() => {
  if (window !== window.top || window.__bbb2podCover) return;
  const canvas = document.createElement('canvas');
  canvas.id = 'bbb2pod-cover';
  canvas.style.cssText = 'position:fixed;inset:0;width:100vw;height:100vh;object-fit:contain;background:#000;z-index:2147483647;pointer-events:none';
  let paused = false, out = false, framed = false, lostAt = 0;
  const show = () => {
    const wanted = paused || out;
    if (wanted && !canvas.isConnected) document.documentElement?.append(canvas);
    else if (!wanted) canvas.remove();
  };
  const look = () => {
    const frame = document.querySelector(${JSON.stringify(LASTING_FRAME)}) !== null;
    framed ||= frame;
    lostAt = framed && !frame ? lostAt || performance.now() : 0;
    const now = lostAt !== 0 || document.querySelector(${JSON.stringify(`${OUT},${ERROR_SCREEN},${DENIED}`)}) !== null;
    if (now === out && !(paused && !canvas.isConnected)) return;
    out = now;
    show();
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true });
  window.__bbb2podCover = {
    use: async (data) => {
      const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
      const picture = await createImageBitmap(new Blob([bytes]));
      canvas.width = picture.width;
      canvas.height = picture.height;
      canvas.getContext('2d').drawImage(picture, 0, 0);
    },
    pause: (on) => { paused = on; show(); },
    lost: () => lostAt === 0 ? 0 : performance.now() - lostAt,
  };
})();`;
