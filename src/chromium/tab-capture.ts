import type { CDPSession, Page } from 'puppeteer';
import type { Writable } from 'node:stream';
import { fitView } from './fit-view.js';

export interface TabCaptureOptions {
  readonly size: { readonly width: number; readonly height: number };
  readonly framerate: number;
  /** What MediaRecorder may spend on the picture; the stream is encoded again afterwards. */
  readonly videoBitsPerSecond: number;
  /** How often the recorder hands over what it has. */
  readonly chunkMs: number;
  readonly log: (message: string) => void;
}

export interface TabCapture {
  /** Where a fresh WebM stream goes from now on: at the start, and after the encoder was replaced. */
  feed(target: Writable): Promise<void>;
  stop(): Promise<void>;
}

const BINDING = '__bbb2podChunk';

/**
 * Films one tab with its sound, without screen, sound server or extension: getDisplayMedia of the tab itself
 * (the browser must run with --auto-accept-this-tab-capture), MediaRecorder, chunks over the debugging pipe,
 * which no content policy of the page can block. A navigation ends the capture.
 * Default constraints of tab audio are mono with echo cancelling and gain control: all three are turned off.
 */
export async function captureTab(page: Page, options: TabCaptureOptions): Promise<TabCapture> {
  const session = await page.createCDPSession();
  let current: { id: number; target: Writable } | null = null;
  let serial = 0;
  session.on('Runtime.bindingCalled', ({ name, payload }) => {
    if (name !== BINDING) return;
    const [id, data = ''] = payload.split(':', 2);
    if (current === null || Number(id) !== current.id || current.target.destroyed) return;
    current.target.write(Buffer.from(data, 'base64'));
  });
  await session.send('Runtime.enable');
  await session.send('Runtime.addBinding', { name: BINDING });
  await evaluate(session, openStream(options));
  // The browser's bar about the capture has just taken its share of the window.
  if (!(await fitView(page, options.size))) options.log('the tab has not the size asked for');
  return {
    feed: async (target) => {
      current = { id: ++serial, target };
      await evaluate(session, startRecorder(serial, options));
    },
    stop: async () => {
      current = null;
      await evaluate(session, `window.__bbb2podStop?.()`).catch(() => undefined);
      await session.detach().catch(() => undefined);
    },
  };
}

async function evaluate(session: CDPSession, expression: string): Promise<void> {
  const { exceptionDetails } = await session.send('Runtime.evaluate', {
    expression,
    awaitPromise: true,
    userGesture: true,
    returnByValue: true,
  });
  if (exceptionDetails !== undefined)
    throw new Error(
      `capture: ${exceptionDetails.exception?.description?.split('\n')[0] ?? exceptionDetails.text}`,
    );
}

const openStream = ({ size, framerate }: TabCaptureOptions): string => `(async () => {
  const stream = await navigator.mediaDevices.getDisplayMedia({
    video: { frameRate: ${framerate}, width: ${size.width}, height: ${size.height} },
    audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false, channelCount: 2 },
    preferCurrentTab: true,
    selfBrowserSurface: 'include',
  });
  window.__bbb2podStream = stream;
  window.__bbb2podStop = () => { window.__bbb2podRecorder?.stop(); stream.getTracks().forEach((t) => t.stop()); };
})()`;

const startRecorder = (
  id: number,
  { videoBitsPerSecond, chunkMs }: TabCaptureOptions,
): string => `(async () => {
  const previous = window.__bbb2podRecorder;
  if (previous && previous.state !== 'inactive') { previous.ondataavailable = null; previous.stop(); }
  const recorder = new MediaRecorder(window.__bbb2podStream, {
    mimeType: 'video/webm;codecs=vp8,opus',
    videoBitsPerSecond: ${videoBitsPerSecond},
    audioBitsPerSecond: 160000,
  });
  window.__bbb2podRecorder = recorder;
  let order = Promise.resolve();
  recorder.ondataavailable = ({ data }) => {
    order = order.then(async () => {
      const bytes = new Uint8Array(await data.arrayBuffer());
      let text = '';
      for (let i = 0; i < bytes.length; i += 32768) text += String.fromCharCode.apply(null, bytes.subarray(i, i + 32768));
      window.${BINDING}(${id} + ':' + btoa(text));
    });
  };
  recorder.start(${chunkMs});
})()`;
