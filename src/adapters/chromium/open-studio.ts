import type { CDPSession } from 'puppeteer';
import { OperatorError } from '../../codes/operator-error.js';
import type { Painter, Scene, Studio } from '../../recorder/ports.js';
import { launchChromium, type LaunchedChromium, type LaunchOptions } from './launch-chromium.js';
import { feedScene, type Feeder } from './scene-feeder.js';

export type StudioOptions = Pick<
  LaunchOptions,
  'executable' | 'sandbox' | 'temporaryDirectory' | 'memoryLimitBytes' | 'answerTimeoutMs'
> & { readonly signal: AbortSignal };

/** Serves a scene and opens browsers that draw it: frames on demand where the browser can, screenshots elsewhere. */
export async function openStudio(scene: Scene, options: StudioOptions): Promise<Studio> {
  const feeder = await feedScene(scene);
  const painters: Painter[] = [];
  return {
    openPainter: async () => {
      const painter = await openPainter(scene, feeder, options);
      painters.push(painter);
      return painter;
    },
    close: async () => {
      await Promise.all(painters.map((painter) => painter.close()));
      await feeder.close();
    },
  };
}

async function openPainter(scene: Scene, feeder: Feeder, options: StudioOptions): Promise<Painter> {
  const chromium = await launchChromium({
    ...options,
    reach: { loopbackPorts: [feeder.port] },
    size: scene.size,
    beginFrame: true,
  });
  try {
    const session = await openPage(chromium, scene);
    const camera = chromium.beginFrame ? frameCamera(session) : screenshotCamera(session);
    await camera.during(navigate(session, feeder.pageUrl));
    return painterOf(session, camera, chromium, options.signal);
  } catch (error) {
    await chromium.close();
    options.signal.throwIfAborted();
    throw new OperatorError(
      'chromium-start',
      { path: options.executable, detail: error instanceof Error ? error.message : String(error) },
      { cause: error },
    );
  }
}

async function openPage({ browser, beginFrame }: LaunchedChromium, scene: Scene): Promise<CDPSession> {
  const root = await browser.target().createCDPSession();
  const { targetId } = await root.send('Target.createTarget', {
    url: 'about:blank',
    width: scene.size.width,
    height: scene.size.height,
    ...(beginFrame ? { enableBeginFrameControl: true } : {}),
  });
  const target = await browser.waitForTarget(
    (candidate) => (candidate as unknown as { _targetId: string })._targetId === targetId,
  );
  const session = await target.createCDPSession();
  await session.send('Page.enable');
  await session.send('Runtime.enable');
  if (!beginFrame) {
    await session.send('Emulation.setDeviceMetricsOverride', {
      ...scene.size,
      deviceScaleFactor: 1,
      mobile: false,
    });
  }
  return session;
}

async function navigate(session: CDPSession, url: string): Promise<void> {
  const loaded = new Promise<void>((resolve) => session.once('Page.loadEventFired', () => resolve()));
  const { errorText } = await session.send('Page.navigate', { url });
  if (errorText !== undefined) throw new Error(`the page of the recording: ${errorText}`);
  await loaded;
}

/** Takes pictures; `during` keeps the page alive while it loads something. */
interface Camera {
  during<T>(work: Promise<T>): Promise<T>;
  shoot(): Promise<Buffer>;
}

/**
 * HeadlessExperimental.beginFrame: nothing paints unless asked, so the page is pumped while it loads, and the pump
 * has ended before a picture is taken ("Another frame is pending" otherwise).
 */
function frameCamera(session: CDPSession): Camera {
  let last: Buffer | undefined;
  return {
    during: async (work) => {
      let busy = true;
      const settled = work.finally(() => {
        busy = false;
      });
      const pump = (async () => {
        while (busy) {
          await session.send('HeadlessExperimental.beginFrame', { noDisplayUpdates: false });
          await new Promise((resolve) => setTimeout(resolve, 4));
        }
      })();
      const [outcome] = await Promise.allSettled([settled, pump]);
      if (outcome.status === 'rejected') throw outcome.reason as Error;
      return outcome.value;
    },
    shoot: async () => {
      for (let attempt = 0; attempt < 4; attempt++) {
        const { screenshotData } = await session.send('HeadlessExperimental.beginFrame', {
          screenshot: { format: 'png', optimizeForSpeed: true },
        });
        if (screenshotData !== undefined) {
          last = Buffer.from(screenshotData, 'base64');
          return last;
        }
        // Absent when nothing changed since the last picture.
        if (last !== undefined && attempt > 0) return last;
      }
      if (last === undefined) throw new Error('the browser gave no picture');
      return last;
    },
  };
}

function screenshotCamera(session: CDPSession): Camera {
  return {
    during: (work) => work,
    shoot: async () => {
      const { data } = await session.send('Page.captureScreenshot', {
        format: 'png',
        optimizeForSpeed: true,
        captureBeyondViewport: false,
      });
      return Buffer.from(data, 'base64');
    },
  };
}

function painterOf(
  session: CDPSession,
  camera: Camera,
  chromium: LaunchedChromium,
  signal: AbortSignal,
): Painter {
  let loaded = -1;
  const evaluate = async (expression: string): Promise<void> => {
    const { exceptionDetails } = await session.send('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails !== undefined)
      throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  };
  return {
    paint: async (state) => {
      signal.throwIfAborted();
      try {
        if (state.slide !== null && state.slide.visit !== loaded) {
          await camera.during(evaluate(`load(${state.slide.visit})`));
          loaded = state.slide.visit;
        }
        await evaluate(`show(${JSON.stringify({ slide: state.slide, due: state.due })})`);
        return await camera.shoot();
      } catch (error) {
        signal.throwIfAborted();
        throw new OperatorError(
          'chromium-stuck',
          { doing: 'drawing a slide', detail: error instanceof Error ? error.message : String(error) },
          { cause: error },
        );
      }
    },
    close: () => chromium.close(),
  };
}
