import type { CDPSession } from 'puppeteer';
import type { RenderedScene, SceneRenderer, Scene, BrowserSession } from '../recorder/ports.js';
import type { Size } from '../recorder/scenes/layout.js';
import type { PictureState } from '../recorder/timeline/picture-states.js';
import { frameCaptureOf, evaluate, navigate, openPage, type FrameCapture } from './frame-capture.js';
import { launchChromium, type LaunchedChromium, type LaunchOptions } from './launch-chromium.js';
import { feedScene, type Feeder } from './scene-feeder.js';
import { texts } from './texts.js';

export type BrowserSessionOptions = Pick<
  LaunchOptions,
  'executable' | 'sandbox' | 'size' | 'temporaryDirectory' | 'memoryLimitBytes' | 'answerTimeoutMs'
> & { readonly signal: AbortSignal };

/**
 * Serves a scene and opens browsers that draw it: frames on demand where the browser can, screenshots elsewhere. A first
 * one starts at once; it stands ready when the scene does.
 */
export async function openBrowserSession(
  scene: Promise<Scene>,
  options: BrowserSessionOptions,
): Promise<BrowserSession> {
  const feeder = await feedScene(scene);
  const start = (): Promise<LaunchedChromium> =>
    launchChromium({
      ...options,
      reach: { loopbackPorts: [feeder.port] },
      beginFrame: true,
      // Both pages show the same: one process draws them.
      moreArguments: ['--renderer-process-limit=1'],
    });
  const renderers: SceneRenderer[] = [];
  let ready: Promise<LaunchedChromium> | null = start();
  ready.catch(() => undefined);
  return {
    openRenderer: async () => {
      const started = ready ?? start();
      ready = null;
      const renderer = await openRenderer(await started, feeder, options);
      renderers.push(renderer);
      return renderer;
    },
    close: async () => {
      const unused = ready?.then(
        (chromium) => chromium.close(),
        () => undefined,
      );
      ready = null;
      await Promise.all([unused, ...renderers.map((renderer) => renderer.close())]);
      await feeder.close();
    },
  };
}

async function openRenderer(
  chromium: LaunchedChromium,
  feeder: Feeder,
  { size, executable, signal }: BrowserSessionOptions,
): Promise<SceneRenderer> {
  try {
    const whole = await openScenePage(chromium, feeder, size);
    return rendererOf(
      whole,
      () => openScenePage(chromium, feeder, partSize(size)),
      () => chromium.close(),
      signal,
    );
  } catch (error) {
    await chromium.close();
    signal.throwIfAborted();
    throw texts.chromiumStart(
      { path: executable, detail: error instanceof Error ? error.message : String(error) },
      { cause: error },
    );
  }
}

/**
 * Nearly every state only adds to a stroke. To take, hand over and read the picture of the whole page costs several
 * times as much as drawing it: such a state is drawn in a page that is a tenth as large.
 */
const partSize = ({ width, height }: Size): Size => ({ width: partOf(width), height: partOf(height) });
const partOf = (side: number): number => 2 * Math.round(side * 0.15);

/** Decoded slides that a browser keeps, of some 6 MB each; left alone, it keeps half a gigabyte of them. */
const VISITS_KEPT = 6;

/** Browsers that do not know this keep more, and are right otherwise. */
const forgetPictures = async (session: CDPSession): Promise<void> => {
  await session.send('Memory.simulatePressureNotification', { level: 'critical' }).catch(() => undefined);
};

/** The scene in a page of its own. */
interface ScenePage {
  readonly capture: FrameCapture;
  /** Shows something of a visit, which is loaded first. */
  show(state: PictureState, expression: string): Promise<unknown>;
}

async function openScenePage(chromium: LaunchedChromium, feeder: Feeder, size: Size): Promise<ScenePage> {
  const session = await openPage(chromium, size);
  const capture = frameCaptureOf(chromium, session);
  await capture.during(navigate(session, feeder.pageUrl));
  let loaded = -1;
  let visits = 0;
  return {
    capture,
    show: async ({ slide }, expression) => {
      if (slide !== null && slide.visit !== loaded) {
        await capture.during(evaluate(session, `load(${slide.visit})`));
        loaded = slide.visit;
        if (++visits % VISITS_KEPT === 0) await forgetPictures(session);
      }
      return evaluate(session, expression);
    },
  };
}

function rendererOf(
  whole: ScenePage,
  openSmall: () => Promise<ScenePage>,
  close: () => Promise<void>,
  signal: AbortSignal,
): SceneRenderer {
  let small: Promise<ScenePage> | undefined;
  const renderPart = async (
    state: PictureState,
    changed: readonly number[],
  ): Promise<RenderedScene | null> => {
    const page = await (small ??= openSmall());
    const shown = `part(${stateText(state)},${JSON.stringify(changed)})`;
    const at = (await page.show(state, shown)) as { x: number; y: number } | null;
    return at === null ? null : { png: await page.capture.take(), at, share: state.share };
  };
  return {
    render: async (state, changed) => {
      signal.throwIfAborted();
      try {
        const part = changed === null ? null : await renderPart(state, changed);
        if (part !== null) return part;
        await whole.show(state, `show(${stateText(state)})`);
        return { png: await whole.capture.take(), at: null, share: state.share };
      } catch (error) {
        signal.throwIfAborted();
        throw texts.chromiumStuck(
          { doing: 'drawing a slide', detail: error instanceof Error ? error.message : String(error) },
          { cause: error },
        );
      }
    },
    close,
  };
}

const stateText = ({ slide, hidden, due }: PictureState): string => JSON.stringify({ slide, hidden, due });
