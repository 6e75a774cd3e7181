import type { Size } from '../recorder/scenes/layout.js';
import type { DevtoolsSession } from './devtools.js';
import type { DrawingBrowser } from './start-drawing-browser.js';

/** A page of its own in the browser, of exactly that size. */
export async function openPage(
  { devtools, beginFrame }: Pick<DrawingBrowser, 'devtools' | 'beginFrame'>,
  size: Size,
): Promise<DevtoolsSession> {
  const { targetId } = await devtools.root.send('Target.createTarget', {
    url: 'about:blank',
    width: size.width,
    height: size.height,
    ...(beginFrame ? { enableBeginFrameControl: true } : {}),
  });
  const session = await devtools.attach(targetId);
  await session.send('Page.enable');
  if (!beginFrame) {
    await session.send('Emulation.setDeviceMetricsOverride', {
      ...size,
      deviceScaleFactor: 1,
      mobile: false,
    });
  }
  return session;
}

/** Loads a page up to its load event. */
export async function navigate(session: DevtoolsSession, url: string): Promise<void> {
  const loaded = new Promise<void>((resolve) => session.once('Page.loadEventFired', () => resolve()));
  const { errorText } = await session.send('Page.navigate', { url });
  if (errorText !== undefined) throw new Error(`the page of the recording: ${errorText}`);
  await loaded;
}

/** Takes pictures; `during` keeps the page alive while it loads something. */
export interface FrameCapture {
  during<T>(work: Promise<T>): Promise<T>;
  take(): Promise<Buffer>;
}

/** The capture that a browser allows: frames on demand where it can, screenshots elsewhere. */
export const frameCaptureOf = (
  { beginFrame }: Pick<DrawingBrowser, 'beginFrame'>,
  session: DevtoolsSession,
): FrameCapture => (beginFrame ? beginFrameCapture(session) : screenshotCapture(session));

/** Runs an expression in the page, waits for what it promises, and gives its value. */
export async function evaluate(session: DevtoolsSession, expression: string): Promise<unknown> {
  const { exceptionDetails, result } = await session.send('Runtime.evaluate', {
    expression,
    awaitPromise: true,
    returnByValue: true,
  });
  if (exceptionDetails !== undefined)
    throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  return result.value;
}

/**
 * HeadlessExperimental.beginFrame: nothing paints unless asked, so the page is pumped while it loads, and the pump
 * has ended before a picture is taken ("Another frame is pending" otherwise).
 */
function beginFrameCapture(session: DevtoolsSession): FrameCapture {
  const blank = (): Promise<unknown> =>
    session.send('HeadlessExperimental.beginFrame', { noDisplayUpdates: false });
  let last: Buffer | undefined;
  const shoot = async (): Promise<Buffer | undefined> => {
    const { screenshotData } = await session.send('HeadlessExperimental.beginFrame', {
      screenshot: { format: 'png', optimizeForSpeed: true },
    });
    return screenshotData === undefined ? undefined : Buffer.from(screenshotData, 'base64');
  };
  /** The pump has shown all before a picture was asked for: something has to change, and change back. */
  const firstPicture = async (): Promise<Buffer> => {
    for (const deadline = Date.now() + FIRST_PICTURE_MS; Date.now() <= deadline;) {
      await evaluate(session, MARK);
      await blank();
      await evaluate(session, UNMARK);
      const picture = await shoot();
      if (picture !== undefined) return picture;
    }
    throw new NoPicture('the browser gave no picture');
  };
  return {
    during: async (work) => {
      let busy = true;
      const settled = work.finally(() => {
        busy = false;
      });
      const pump = (async () => {
        while (busy) {
          await blank();
          await new Promise((resolve) => setTimeout(resolve, 4));
        }
      })();
      const [outcome] = await Promise.allSettled([settled, pump]);
      if (outcome.status === 'rejected') throw outcome.reason as Error;
      return outcome.value;
    },
    take: async () => {
      // Absent when nothing changed since the last picture; but twice, for what was on its way.
      const picture =
        (await shoot()) ?? (last === undefined ? await firstPicture() : ((await shoot()) ?? last));
      last = picture;
      return picture;
    },
  };
}

/** A page that changes, and of which the browser gives no picture all the same: seen once in some thousand pages. */
export class NoPicture extends Error {}

/** How long a page may take to give its first picture, on a machine that does other things too. */
const FIRST_PICTURE_MS = 30_000;
const MARK = `{
  const mark = document.createElement('i');
  mark.id = 'asks-for-a-frame';
  mark.style.cssText = 'position:fixed;left:0;top:0;width:1px;height:1px;background:#808080';
  document.documentElement.append(mark);
}`;
const UNMARK = `document.getElementById('asks-for-a-frame')?.remove()`;

function screenshotCapture(session: DevtoolsSession): FrameCapture {
  return {
    during: (work) => work,
    take: async () => {
      const { data } = await session.send('Page.captureScreenshot', {
        format: 'png',
        optimizeForSpeed: true,
        captureBeyondViewport: false,
      });
      return Buffer.from(data, 'base64');
    },
  };
}
