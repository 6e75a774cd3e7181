import { expect, it } from 'vitest';
import { frameCaptureOf } from '../../src/chromium/frame-capture.js';
import type { DevtoolsSession } from '../../src/chromium/devtools.js';

/** A browser that has shown its page already: it gives a picture only of what changed since its last frame. */
function shownPage(): { session: DevtoolsSession; left: () => string[] } {
  const marks: string[] = [];
  let isChanged = false;
  const send = (
    method: string,
    parameters: { expression?: string; screenshot?: object },
  ): Promise<object> => {
    if (method === 'Runtime.evaluate') {
      isChanged = true;
      if (parameters.expression?.includes('append') === true) marks.push('mark');
      else marks.pop();
      return Promise.resolve({ result: {} });
    }
    const gives = isChanged && parameters.screenshot !== undefined;
    isChanged = false;
    return Promise.resolve(gives ? { screenshotData: Buffer.from('png').toString('base64') } : {});
  };
  return { session: { send } as unknown as DevtoolsSession, left: () => marks };
}

const browser = { beginFrame: true };

it('gives the first picture of a page whose last change was shown before', async () => {
  const { session, left } = shownPage();
  const capture = frameCaptureOf(browser, session);
  expect((await capture.take()).toString()).toBe('png');
  expect(left()).toEqual([]);
  expect((await capture.take()).toString()).toBe('png');
});
